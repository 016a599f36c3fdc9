/* SPDX-License-Identifier: MIT */
/*
 * What comes out of a kernel at a size, cut for so many workers: the order of
 * additions depends on the cut. The base computes it, once in a run.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_REFERENCE_H
#define BREAKEVEN_BENCH_ENGINE_REFERENCE_H

#include "bench/protocol/request.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct contender;
struct engine;

struct reference {
	size_t kernel;
	uint64_t n;
	unsigned workers;
	uint64_t tiles;
	char digest[20];
};

/* For how many workers a contender's calls are cut. */
unsigned reference_cut(const struct contender *contender);

/* The same, the most of all contenders. */
unsigned reference_most_cut(const struct engine *engine);

/* NULL: it is not known. */
const struct reference *reference_find(const struct engine *engine,
				       size_t kernel, uint64_t n,
				       unsigned workers);

/* The cuts of all contenders whose reference at this kernel and size is not
 * known, as [2, 16]. */
json_t *reference_missing(const struct engine *engine, size_t kernel,
			  uint64_t n);

/* Learn those from the base's answer. 0 or -ENOMEM. */
int reference_learn(struct engine *engine, size_t kernel, uint64_t n,
		    const json_t *answer);

/* A request about calls of that way, `op` being "epoch" or "calibrate". */
json_t *reference_request(const struct engine *engine, const char *op,
			  enum way way);

#endif

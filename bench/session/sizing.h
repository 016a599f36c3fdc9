/* SPDX-License-Identifier: MIT */
/*
 * Which sizes a run looks at, and how long its epochs are.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SIZING_H
#define BREAKEVEN_BENCH_SESSION_SIZING_H

#include "core/error.h"

#include <stddef.h>
#include <stdint.h>

struct engine;

enum {
	SIZING_STEP = 4,   /* a size is so many times the one before */
	SIZING_MAX = 32,   /* sizes of one kernel, at most */
	SIZING_FIRST = 16, /* the smallest, unless the user says otherwise */
};

struct sizes {
	size_t count;
	uint64_t n[SIZING_MAX];
	double ns[SIZING_MAX];	    /* serial time of a call at each, roughly */
	double ready_s[SIZING_MAX]; /* what it took to prepare and to prove it
				     */
	enum error_kind lost;	    /* the base failed at the first one: how, */
	char *why;		    /* and why; to be freed */
};

/*
 * The sizes of one kernel within [lo, hi]. hi 0: up to four times the last
 * cache (llc bytes) or 20 ms of serial work, whichever comes first. They begin
 * at lo and go up by SIZING_STEP; an explicit hi is always the last. Measures
 * the base, in the engine's present generation. 0 or an enum error_kind, which
 * engine->error explains; a size at which the base failed is the last of them.
 */
int sizing_find(struct engine *engine, size_t kernel, uint64_t lo, uint64_t hi,
		uint64_t llc, struct sizes *sizes);

/* Do n items of the kernel fit into `limit` bytes, and into the arena? 0, or an
 * enum error_kind, which engine->error explains: ERROR_USAGE where they do not.
 */
int sizing_check(struct engine *engine, const char *kernel, uint64_t n,
		 size_t limit);

/* Seconds that one epoch of `call_ns` a call takes, with its request and its
 * warm-up. */
double sizing_epoch_s(const struct engine *engine, double call_ns);

/* Seconds that a generation spends at all sizes of all kernels, in `rounds`
 * rounds of `slots` epochs, where no contender takes longer than serial. */
double sizing_visit_s(const struct engine *engine, const struct sizes *sizes,
		      double slots, size_t rounds);

#endif

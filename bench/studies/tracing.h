/* SPDX-License-Identifier: MIT */
/*
 * Where the time of a call goes, for one kernel at one size, under each of some
 * runners: the measurement of `breakeven trace`.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_TRACING_H
#define BREAKEVEN_BENCH_STUDIES_TRACING_H

#include "analysis/studies/split.h"
#include "bench/cli/turn.h"
#include "bench/engine/engine.h"

enum {
	TRACING_ROUNDS_MAX = 21, /* of all generations */
	TRACING_WORKERS_MAX = 256,
};

struct tracing {
	/* Set by the caller before tracing_run(), which owns none of it. */
	const struct topology *topology;
	enum pin_policy pin;
	char *kernel;
	char *const *runners;
	size_t nrunners;
	size_t rounds;	 /* in each generation */
	double deadline; /* seconds of now_s(); 0: none */
	enum memory memory;
	enum memory_source source; /* of huge pages */
	int interrupt_fd;
	const struct turn_options *turn; /* NULL: it is our turn */
	void (*notice)(const char *text);
	/* Called before each round, from 0; or NULL. */
	void (*show)(struct tracing *tracing, size_t round);
	void *data; /* for show() */

	/* What comes out. Before, its n, workers and generations are set. */
	struct split split;

	/* Private, but for the engine's error. */
	struct engine engine;
	struct split_row *rows;
};

/* 0, or an enum error_kind, which the engine's error explains (error_text()):
 * ERROR_USAGE for what cannot be understood, ERROR_LATE where the deadline came
 * first. tracing_free() is due in any case; the split ends with it. */
int tracing_run(struct tracing *tracing);
void tracing_free(struct tracing *tracing);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A fixed grid of cells, kernel x size x contender, in every generation, driven
 * by google-benchmark: one registered benchmark a cell and generation, one
 * iteration a round.
 */
#ifndef BREAKEVEN_BENCH_SESSION_GRID_H
#define BREAKEVEN_BENCH_SESSION_GRID_H

#include "bench/cli/progress.h"
#include "bench/engine/engine.h"
#include "bench/session/sizing.h"

struct grid {
	struct engine *engine;
	const struct sizes *sizes;   /* by kernel of the engine */
	unsigned first, generations; /* the number of the first; how many */
	size_t rounds;		     /* per generation */
	bool control;		     /* serial over tiles, beside the base */
	bool proof;		     /* each generation makes self-checks */
	bool silent;		     /* google-benchmark reports nothing */
	struct progress *progress;
};

/*
 * Measure the cells that google-benchmark's filter selects. 0, or an enum
 * error_kind, which the engine's error explains. *cells: how many ran.
 */
int grid_run(const struct grid *grid, size_t *cells);

/* The same without google-benchmark. */
int grid_more(const struct grid *grid);

#endif

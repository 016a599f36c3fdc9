/* SPDX-License-Identifier: MIT */
/*
 * The pace of a run. What a pass takes is guessed before it begins, from the
 * times of serial alone; after its first generation it is known. If the other
 * generations would not end in time, none would be of use. Then the cells that
 * cost most and lose most are measured in one round of each, which still tells
 * that they lose; and if that is not enough, some not at all.
 */
#ifndef BREAKEVEN_BENCH_SESSION_PACE_H
#define BREAKEVEN_BENCH_SESSION_PACE_H

#include <stddef.h>
#include <stdint.h>

enum pace {
	PACE_FULL,
	PACE_ONCE,
	PACE_OUT,
};

/* One contender at one kernel and size, in one generation. */
struct pace_cell {
	size_t kernel, contender;
	uint64_t n;
	double full_s, once_s; /* what all rounds cost, and one */
	double loss;	       /* how many times the base's time it takes */
	enum pace pace;
};

/*
 * Set the pace of each cell: in one round those without which the rest would
 * take more than `good` seconds in one generation, not at all those without
 * which it would take more than `most`. What wins is measured fully in any
 * case. Orders the cells anew.
 */
void pace_set(struct pace_cell *cells, size_t count, double good, double most);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The pace of a run. What a pass takes is guessed before it begins, from the
 * times of serial alone; after its first generation it is known. If the other
 * generations would not end in time, none would be of use. Then the cells that
 * cost most and lose most are measured in fewer of them, which still tell that
 * they lose; and if that is not enough, some in no more.
 */
#ifndef BREAKEVEN_BENCH_SESSION_PACE_H
#define BREAKEVEN_BENCH_SESSION_PACE_H

#include <stddef.h>
#include <stdint.h>

enum pace {
	PACE_FULL,
	PACE_FEW,
	PACE_OUT,
};

/* One contender at one kernel and size, in one generation. */
struct pace_cell {
	size_t kernel, contender;
	uint64_t n;
	double full_s, few_s; /* what a generation costs, on average, if it is
				 measured in all, and in few */
	double loss;	      /* how many times the base's time it takes */
	enum pace pace;
};

/*
 * Set the pace of each cell: in few generations those without which the rest
 * would take more than `good` seconds a generation, in none those without which
 * it would take more than `most`. What wins makes way last, the dearest first,
 * and is measured in few generations at least. Orders the cells anew.
 */
void pace_set(struct pace_cell *cells, size_t count, double good, double most);

#endif

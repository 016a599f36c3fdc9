/* SPDX-License-Identifier: MIT */
/*
 * Placements: how near the CPUs in use were to one another in a round, as far
 * as the probes of a record tell.
 */
#ifndef BREAKEVEN_ANALYSIS_PLACEMENT_H
#define BREAKEVEN_ANALYSIS_PLACEMENT_H

#include "analysis/key.h"
#include "results/record.h"

#include <stdbool.h>

enum { PLACEMENT_MIXED = 2 };

struct placements {
	const char *names[2]; /* the better-known one first; NULL: none */
	bool two;
	double threshold; /* between near and far, in ns */
	bool far_first;
	size_t mixed; /* rounds in which the placement changed */
};

/* What all probes of a record say, and those of its peer. `kernels` has room
 * for those of the record's blocks. 0 or -ENOMEM. */
int placements_find(const struct record *record, struct names *kernels,
		    struct placements *placements);

/* The placement of a round of so many workers, by its readings before and
 * after: an index of names, or PLACEMENT_MIXED if it changed in between. One
 * worker is near to none and far from none: it has placement 0. */
unsigned placement_get(const struct placements *placements, unsigned workers,
		       const struct reading readings[2]);

/* The place of n among the sizes of the first pass, or -1; if the record does
 * not say which these are, 0. */
int grid_find_size(const struct record *record, uint64_t n);

#endif

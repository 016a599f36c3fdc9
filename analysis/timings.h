/* SPDX-License-Identifier: MIT */
/*
 * The cells of a record by the generations of processes that measured them:
 * what two records can be compared by, since samples of one generation are not
 * independent.
 */
#ifndef BREAKEVEN_ANALYSIS_TIMINGS_H
#define BREAKEVEN_ANALYSIS_TIMINGS_H

#include "analysis/findings.h"

enum timings_of {
	TIMINGS_TIME,	 /* ns per call */
	TIMINGS_SPEEDUP, /* serial's time over it */
};

/* A cell over serial, or serial itself. */
struct timing {
	const char *kernel, *runner; /* NULL: serial itself */
	unsigned workers;
	const char *placement;
	uint64_t n;
	size_t count;		    /* generations */
	struct stats_value *values; /* ascending in generation: each one's
				       median, as a logarithm */
};

struct timings {
	size_t count;
	struct timing *list; /* a kernel's serial, and then its runners', each
				ascending in n */
	struct stats_value *values; /* private: where all values lie */
};

/* How many generations a timing has at most. */
size_t timings_most(const struct timings *timings);

/* Serial at n items of the kernel, or NULL. */
const struct timing *timings_find_serial(const struct timings *timings,
					 const char *kernel, uint64_t n);

/* The median of its values; scratch has room for them. */
double timing_find_median(const struct timing *timing, double *scratch);

/*
 * Find the cells whose times are published; serial itself only if times are
 * asked for. 0 or -ENOMEM; timings_free() frees what it holds in either case.
 * Strings belong to the record, which has to outlive it.
 */
int timings_init(struct timings *timings, const struct record *record,
		 const struct findings *findings, enum timings_of of);
void timings_free(struct timings *timings);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a record with several numbers of workers says of them: how speed-ups
 * grow, and how many workers are best at each size.
 */
#ifndef BREAKEVEN_ANALYSIS_SCALING_H
#define BREAKEVEN_ANALYSIS_SCALING_H

#include "analysis/findings.h"

enum { SCALING_WORKERS_MAX = 64 };

/* A runner's speed-up by so many workers, at the line's size. */
struct scaling_point {
	unsigned workers;
	double speedup;		  /* over serial */
	struct interval interval; /* of it, 95 % */
	double efficiency;	  /* speedup / workers */
	double weak; /* the same with as many items a worker as the line's size
			has with most workers; straight over n between measured
			sizes; NaN: it lies beyond them */
	double serial_share; /* stats_karp_flatt() */
};

/* A parameter, fitted in each generation: their median, and its interval. */
struct scaling_fit {
	double median; /* NaN: not known */
	struct interval interval;
};

/* A runner at the largest size that all of its numbers of workers have. */
struct scaling_line {
	const char *kernel, *runner;
	uint64_t n;
	size_t npoints;
	struct scaling_point points[SCALING_WORKERS_MAX]; /* ascending */
	struct scaling_fit serial_share;		  /* stats_amdahl() */
	struct scaling_fit contention, coherence;	  /* stats_usl() */
	struct scaling_fit peak; /* stats_usl_peak(); DBL_MAX: more workers
				    always gain */
};

/* What is best at a size: of what is not slower than the fastest by more than
 * SCALING_TIE, the fewest workers; then what is best at the size before. */
#define SCALING_TIE 0.03
struct scaling_best {
	const char *kernel;
	uint64_t n;
	const struct cell *cell; /* NULL: nothing is proven to beat serial */
	bool serial; /* and nothing can: all are proven slower, or equal */
};

struct scaling {
	size_t nworkers, nlines, nbest;
	unsigned workers[SCALING_WORKERS_MAX]; /* of the record, ascending */
	struct scaling_line *lines;	       /* in the order of crossings */
	struct scaling_best *best; /* by kernel, ascending in size */
};

/*
 * Of the commoner placement, over serial. 0 or -ENOMEM; scaling_free() frees
 * what it holds in either case. Strings belong to the record, cells to the
 * findings.
 */
int scaling_make(const struct record *record, const struct findings *findings,
		 struct scaling *scaling);
void scaling_free(struct scaling *scaling);

#endif

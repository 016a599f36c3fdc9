/* SPDX-License-Identifier: MIT */
/*
 * Break-even sizes at numbers of workers that were not measured, from parts
 * that were: what serial takes, what handing out work costs, and what was
 * gained where data outgrows the caches.
 *
 * With p workers, a call of n items takes D(p) + S(n, p): handing out, and one
 * worker's share of the work. A runner pays from where that is less than what
 * serial takes, t(n).
 *
 * D is known at some numbers of workers, of jobs that are empty. Beyond and
 * between them it lies between two laws: a tree, whose time grows with the
 * logarithm of p, and one worker after the other, whose time grows with p. What
 * empty jobs leave out is assumed, within wide bounds: see prediction.c.
 *
 * S lies between t(n) / p and t(n / p), which is less where a share fits a
 * nearer cache. In calls that are long against handing out, the record shows
 * what its most workers gain; more workers gain at least that, and fewer lose
 * at most in proportion.
 */
#ifndef BREAKEVEN_ANALYSIS_PREDICTION_H
#define BREAKEVEN_ANALYSIS_PREDICTION_H

#include "analysis/findings.h"

/* What an empty job takes a runner with so many workers. */
struct prediction_part {
	const char *runner;
	unsigned workers;
	double ns;
	struct interval interval;
	bool creates;	/* its workers, in each call */
	bool processes; /* which are processes */
};

struct prediction_question {
	const struct record *record;
	const struct findings *findings;
	const char *placement; /* of the findings, as the parts were measured */
	const struct prediction_part *parts;
	size_t nparts;
	/* For predictions_make(). */
	const char *kernel, *runner; /* only these; NULL: all */
	const unsigned *workers;
	size_t nworkers;
};

/* What is expected, and what it may be at least and at most. */
struct prediction_range {
	double lo, mid, hi;
};

struct prediction {
	const char *kernel, *runner;
	unsigned workers;
	/* From so many items on. 0: from the smallest size measured on;
	 * INFINITY: not up to the largest. */
	struct prediction_range n;
	uint64_t n_min, n_max;		 /* the sizes measured */
	const struct crossing *measured; /* in that placement; NULL: none */
};

/* D in ns, for a kernel; NaN if the runner has no part, or one worker. */
struct prediction_range prediction_cost(const struct prediction_question *asked,
					const char *kernel, const char *runner,
					unsigned workers);

/* All that is asked for and can be predicted: by kernel, as the findings have
 * them; number of workers, as they are asked; and runner, as the parts have
 * them. A kernel of which serial was measured at fewer than two sizes is not
 * among them, nor is a runner without a part. */
struct predictions {
	size_t count;
	struct prediction *list;
};

/* 0 or -ENOMEM. predictions_free() is due in either case. */
int predictions_make(const struct prediction_question *asked,
		     struct predictions *predictions);
void predictions_free(struct predictions *predictions);

/* Has the record a verdict to hold it against? */
bool prediction_is_checked(const struct prediction *prediction);

/* Does its range hold what was measured? Only of those that are checked. */
bool prediction_holds(const struct prediction *prediction);

#endif

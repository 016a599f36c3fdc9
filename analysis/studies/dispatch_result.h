/* SPDX-License-Identifier: MIT */
/*
 * What fork-joins cost: what `breakeven dispatch` found, by round, and which
 * rounds count.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_DISPATCH_RESULT_H
#define BREAKEVEN_ANALYSIS_STUDIES_DISPATCH_RESULT_H

#include "analysis/studies/skipped.h"
#include "analysis/studies/study_values.h"
#include "stats/stats.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* All runners under one pattern after one gap: a round of it is short, and
 * sees one placement of the CPUs. */
struct dispatch_sweep {
	const char *pattern;
	double gap_us;
	double *raw_ns; /* by round: a cache line there and back; NAN: unknown,
			   or not the same before and after */
	bool *counted;	/* by round; of dispatch_place() */
};

/* A runner in a sweep, in every round: ns per call, NAN where there is none. */
struct dispatch_row {
	const char *runner;
	unsigned workers;
	const struct dispatch_sweep *sweep;
	double *ns, *cpu_ns, *p99;
	bool skipped; /* while it is measured: it takes no part */
};

/* What a runner's workers hold; of bench/host/memory_use.h. */
struct dispatch_memory {
	const char *runner;
	double control, processes, pss_kib, page_tables_kib;
};

struct dispatch {
	unsigned workers;
	size_t tiles;  /* of the empty pattern */
	size_t rounds; /* at most DISPATCH_ROUNDS_MAX */
	size_t generations;
	bool probed; /* else the placement is unknown, and all rounds count */
	struct dispatch_sweep *sweeps;
	size_t nsweeps;
	struct dispatch_row *rows;
	size_t nrows;
	struct dispatch_memory *memory; /* NULL: not asked for */
	size_t nmemory;
	struct skipped_list skipped; /* they have no rows */

	/* Of dispatch_place(). */
	const char *placement; /* "near", "far", "unknown" */
	size_t ncounted;       /* rounds of all sweeps */
	double raw_ns;	       /* median of those */
};

/*
 * Which placement of the CPUs the rounds saw, and which of them count: those
 * of the commonest one. Where only one was seen, a round trip shorter than
 * DISPATCH_FAR_NS is called near. 0 or -ENOMEM.
 */
enum { DISPATCH_FAR_NS = 200, DISPATCH_ROUNDS_MAX = 1024 };
int dispatch_place(struct dispatch *dispatch);

/* The median of a row's `by_round` over the rounds that count; NAN: none. */
double dispatch_median(const struct dispatch *dispatch,
		       const struct dispatch_row *row, const double *by_round);

/* Is it the first row of its runner, which has one for each pattern and gap? */
bool dispatch_is_first_row(const struct dispatch *dispatch, size_t row);

/* A runner's row under a pattern, as "empty", after a gap; NULL: none. */
const struct dispatch_row *dispatch_find_row(const struct dispatch *dispatch,
					     const char *runner,
					     const char *pattern,
					     double gap_us);

/* What a call takes a runner back to back, whether all of its workers have to
 * meet or not: the larger of both patterns' medians, and an interval that holds
 * those of both; the extremes where rounds are few. The number of its workers;
 * 0: it was not measured. */
unsigned dispatch_cost(const struct dispatch *dispatch, const char *runner,
		       double *ns, struct interval *interval);

/* Something was measured, and no runner failed on the way. */
bool dispatch_is_whole(const struct dispatch *dispatch);

/* By round: null where nothing is known. New references. */
json_t *dispatch_rounds_json(const struct dispatch *dispatch,
			     const double *by_round);
json_t *dispatch_memory_json(const struct dispatch *dispatch);

/* Its numbers, added to `values`, by name. 0 or -ENOMEM. */
int dispatch_values(const struct dispatch *dispatch,
		    struct study_values *values);

/* As it stands in a record; a new reference, NULL: out of memory. */
json_t *dispatch_object(const struct dispatch *dispatch);

/*
 * What such an object says, placed. 0, -EINVAL: it is none; or -ENOMEM. Strings
 * are the object's, which has to outlive it. dispatch_free() is due in any
 * case.
 */
int dispatch_read(const json_t *object, struct dispatch *dispatch);
void dispatch_free_row(struct dispatch_row *row);
void dispatch_free(struct dispatch *dispatch);

#endif

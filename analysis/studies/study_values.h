/* SPDX-License-Identifier: MIT */
/*
 * The numbers of a study under names of their own, for what treats all studies
 * alike: CSV, comparisons, the line in the history.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_STUDY_VALUES_H
#define BREAKEVEN_ANALYSIS_STUDIES_STUDY_VALUES_H

#include "stats/stats.h"

#include <stddef.h>

struct study_value {
	char *what;	  /* "fork, parent of 64 MiB in 4k pages" */
	const char *unit; /* "ns", "%" */
	double value;
	struct interval interval; /* infinite ends: not known */
};

/* Empty: all 0. study_values_free() is due. */
struct study_values {
	struct study_value *values;
	size_t count;
	double trip_ns; /* a cache line to the next CPU and back, meanwhile; 0:
			   not known */
};

/* Add one, named by `format`; a value that is not finite is passed over. 0 or
 * -ENOMEM. */
__attribute__((format(printf, 5, 6))) int study_values_add(
	struct study_values *values, const char *unit, double value,
	struct interval interval, const char *format, ...);
void study_values_free(struct study_values *values);

/* The one of this name; NULL: there is none. */
const struct study_value *study_values_find(const struct study_values *values,
					    const char *what);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Two records of one study, number by number.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_STUDY_COMPARE_H
#define BREAKEVEN_ANALYSIS_STUDIES_STUDY_COMPARE_H

#include "analysis/studies/study_values.h"

/* A number that both have. */
struct study_change {
	const struct study_value *a, *b;
	double log_ratio;	  /* of b over a */
	struct interval interval; /* of that; infinite: not known */
};

struct study_changes {
	struct study_change *changes; /* in the order of a */
	size_t count;
	size_t only_a, only_b; /* numbers that the other one lacks */
	double trip_a, trip_b; /* of a cache line, in ns; 0: not known */
};

/* By what a cache line took, in ns (0 or NaN: not known): were the CPUs nearer
 * to one another in one of two records? What they do together costs in
 * proportion. */
bool study_cpus_moved(double trip_a, double trip_b);

/*
 * Pair the numbers by name and unit. The interval of a ratio is that of
 * stats_log_ratio(). All numbers share an error rate of 5 % (Bonferroni): a
 * record has intervals of 95 % alone, which are widened as those of a normal
 * value would be. 0 or -ENOMEM; study_changes_free() is due in any case. The
 * values have to outlive the changes.
 */
int study_compare(const struct study_values *a, const struct study_values *b,
		  struct study_changes *changes);
void study_changes_free(struct study_changes *changes);

/* '+': b is certainly less than a; '-': certainly more; '?': not known. */
char study_change_mark(const struct study_change *change);

#endif

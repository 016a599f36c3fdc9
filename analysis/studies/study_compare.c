/* SPDX-License-Identifier: MIT */
#include "analysis/studies/study_compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 0.05
#define MOVED 1.5 /* times what a line took before */

/* Ratios are of numbers above 0. */
static bool can_compare(const struct study_value *a,
			const struct study_value *b)
{
	return b && strcmp(a->unit, b->unit) == 0 && a->value > 0 &&
	       b->value > 0;
}

/* Numbers of `a` that `b` has not. */
static size_t count_only(const struct study_values *a,
			 const struct study_values *b)
{
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++)
		count += !study_values_find(b, a->values[i].what);
	return count;
}

/* The deviation that a normal value exceeds on either side, in standard
 * deviations, at a rate of `alpha`. */
static double normal_deviation(double alpha)
{
	double lo = 0, hi = 40;

	for (int i = 0; i < 60; i++) {
		double middle = (lo + hi) / 2;

		if (erfc(middle / M_SQRT2) > alpha)
			lo = middle;
		else
			hi = middle;
	}
	return lo;
}

/* So wide that all of them err at a rate of ALPHA together. */
static void share_rate(struct study_changes *changes)
{
	double factor = normal_deviation(ALPHA / (double)changes->count) /
			normal_deviation(ALPHA);

	for (size_t i = 0; i < changes->count; i++) {
		struct study_change *change = &changes->changes[i];
		double middle = change->log_ratio;
		struct interval *interval = &change->interval;

		interval->lo = middle + factor * (interval->lo - middle);
		interval->hi = middle + factor * (interval->hi - middle);
	}
}

int study_compare(const struct study_values *a, const struct study_values *b,
		  struct study_changes *changes)
{
	*changes = (struct study_changes){
		.changes = calloc(a->count + 1, sizeof(*changes->changes))};
	if (!changes->changes)
		return -ENOMEM;
	for (size_t i = 0; i < a->count; i++) {
		const struct study_value *one = &a->values[i];
		const struct study_value *other =
			study_values_find(b, one->what);

		/* Of a name that stands twice, the first. */
		if (study_values_find(a, one->what) == one &&
		    can_compare(one, other))
			changes->changes[changes->count++] =
				(struct study_change){
					one, other,
					log(other->value / one->value),
					stats_log_ratio(
						&(struct stats_measured){
							one->value,
							one->interval},
						&(struct stats_measured){
							other->value,
							other->interval})};
	}
	if (changes->count > 1)
		share_rate(changes);
	changes->trip_a = a->trip_ns;
	changes->trip_b = b->trip_ns;
	changes->only_a = count_only(a, b);
	changes->only_b = count_only(b, a);
	return 0;
}

bool study_cpus_moved(double trip_a, double trip_b)
{
	return trip_a > 0 && trip_b > 0 &&
	       (trip_a > MOVED * trip_b || trip_b > MOVED * trip_a);
}

void study_changes_free(struct study_changes *changes)
{
	free(changes->changes);
}

char study_change_mark(const struct study_change *change)
{
	if (change->interval.lo > 0)
		return '-';
	return change->interval.hi < 0 ? '+' : '?';
}

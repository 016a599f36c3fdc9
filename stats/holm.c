/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <stdlib.h>

static int by_p(const void *a, const void *b)
{
	const struct stats_comparison *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

void stats_holm(struct stats_comparison *list, size_t count, double alpha)
{
	size_t proven = 0;

	for (size_t i = 0; i < count; i++)
		list[i].p =
			stats_few_p(list[i].x, list[i].count) / list[i].share;
	qsort(list, count, sizeof(*list), by_p);
	for (size_t i = 0; i < count; i++) {
		struct stats_comparison *one = &list[i];

		one->interval = stats_few_interval(
			one->x, one->count,
			alpha * one->share / (double)(count - proven));
		one->proven = proven == i &&
			      (one->interval.lo > 0 || one->interval.hi < 0);
		proven += one->proven;
	}
}

/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

/*
 * Pool adjacent violators. There is no list of pools: neighbouring pools never
 * share a value, since they would have been joined, so a run of equal fits is
 * a pool.
 */
void stats_isotonic(const struct stats_point *points, size_t count, double *fit)
{
	for (size_t i = 0; i < count; i++) {
		double value = points[i].log_ratio;
		double weight = points[i].weight;
		size_t first = i;

		while (first > 0 && fit[first - 1] >= value) {
			double pooled = fit[first - 1];
			double pool_weight = 0;

			for (; first > 0 && fit[first - 1] == pooled; first--)
				pool_weight += points[first - 1].weight;
			value = (pooled * pool_weight + value * weight) /
				(pool_weight + weight);
			weight += pool_weight;
		}
		for (size_t j = first; j <= i; j++)
			fit[j] = value;
	}
}

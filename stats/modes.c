/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>

#define APART 2.0 /* times: what two states differ by at least */

/* The 90th percentile of x[0..split) and the 10th of x[split..count). */
static struct interval gap_at(const double *x, size_t count, size_t split)
{
	return (struct interval){x[split - 1 - split / 10],
				 x[split + (count - split) / 10]};
}

/*
 * If several thresholds qualify, take the one with the least spread of log x
 * within its sides (Otsu 1979): the widest gap may be the one before a few
 * outliers.
 */
bool stats_two_modes(const double *x, size_t count, double *threshold)
{
	size_t twentieth = count / 20 + (count % 20 != 0);
	size_t side_min = twentieth > 3 ? twentieth : 3;
	double total = 0, below = 0, between_max = 0;

	for (size_t i = 0; i < count; i++)
		total += log(x[i]);
	for (size_t i = 1; i + side_min <= count; i++) {
		double low_share = (double)i / (double)count, apart, between;
		struct interval gap = gap_at(x, count, i);

		below += log(x[i - 1]);
		if (i < side_min || !(x[i] > x[i - 1]) ||
		    !(gap.hi >= APART * gap.lo))
			continue;
		apart = (total - below) / (double)(count - i) -
			below / (double)i;
		between = low_share * (1 - low_share) * apart * apart;
		if (between <= between_max)
			continue;
		between_max = between;
		*threshold = sqrt(gap.lo) * sqrt(gap.hi);
	}
	return between_max > 0;
}

/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEAST = 24,	/* samples, before they are believed */
	LEAST_CELL = 9, /* of one size, before it can contradict */
	LEAST_GENERATIONS = 6,
};

#define FIT_WITHIN  4.0	 /* of n0, sizes that say how the ratio rises */
#define TAKE_WITHIN 1.5	 /* sizes whose samples say where it crosses */
#define STEEPEST    0.98 /* share of serial's time that always stays */

/* Of the error rate: samples of one generation are not independent, so that
 * what they say together is only half believed. */
#define POOLED 0.5

struct window {
	const struct stats_sample *samples; /* by size */
	size_t count;
	double share;	 /* of serial's time that the runner needs at most */
	double *scratch; /* as many as there are samples, and twice */
};

/* Runner by serial time. */
static double time_ratio(const struct stats_sample *sample)
{
	return exp(-sample->log_ratio);
}

static bool within(double n, double n0, double factor)
{
	return n >= n0 / factor && n <= n0 * factor;
}

static size_t size_end(const struct window *window, size_t begin)
{
	size_t end = begin + 1;

	while (end < window->count &&
	       window->samples[end].n == window->samples[begin].n)
		end++;
	return end;
}

/* The sums of a weighted straight line. */
struct line {
	double w, x, y, xx, xy;
};

static void add_point(struct line *line, double w, double x, double y)
{
	line->w += w;
	line->x += w * x;
	line->y += w * y;
	line->xx += w * x * x;
	line->xy += w * x * y;
}

/* Its height at x = 0; NaN where it is not determined. */
static double intercept(const struct line *line)
{
	double spread = line->w * line->xx - line->x * line->x;

	if (!(spread > 1e-9 * line->w * line->xx))
		return NAN;
	return (line->y * line->xx - line->x * line->xy) / spread;
}

/*
 * With serial time proportional to n and the runner's alpha + beta n, their
 * ratio is a / n + b, a straight line over 1 / n: fit it to the medians of the
 * sizes about n0. Only the neighbourhood has to be like that.
 */
static double fit_share(const struct window *window, double n0)
{
	struct line line = {.w = 0};

	for (size_t i = 0, end; i < window->count; i = end) {
		double n = window->samples[i].n;

		end = size_end(window, i);
		if (!within(n, n0, FIT_WITHIN))
			continue;
		for (size_t k = i; k < end; k++)
			window->scratch[k - i] =
				time_ratio(&window->samples[k]);
		stats_sort(window->scratch, end - i);
		add_point(&line, (double)(end - i), n0 / n,
			  stats_median(window->scratch, end - i));
	}
	return intercept(&line);
}

/* Where the ratio would cross 1, were there no other sample than this: on the
 * line through it that rises as the fit does. */
static double own_crossing(const struct window *window,
			   const struct stats_sample *sample)
{
	return sample->n * (time_ratio(sample) - window->share) /
	       (1 - window->share);
}

/* Of all samples that may say, in generation `generation` or, 0, any. */
static size_t crossings_of(const struct window *window, size_t begin,
			   size_t end, double n0, unsigned generation,
			   double *out)
{
	size_t kept = 0;

	for (size_t i = begin; i < end; i++)
		if (within(window->samples[i].n, n0, TAKE_WITHIN) &&
		    (generation == 0 ||
		     window->samples[i].generation == generation))
			out[kept++] = own_crossing(window, &window->samples[i]);
	stats_sort(out, kept);
	return kept;
}

/* The interval of the medians of generations. */
static struct interval between_generations(const struct window *window,
					   double n0, double alpha,
					   unsigned *generations)
{
	double *medians = window->scratch + window->count;
	unsigned last = 0;
	size_t kept = 0;

	for (size_t i = 0; i < window->count; i++)
		if (window->samples[i].generation > last)
			last = window->samples[i].generation;
	for (unsigned g = 1; g <= last; g++) {
		size_t count = crossings_of(window, 0, window->count, n0, g,
					    window->scratch);

		if (count)
			medians[kept++] = stats_median(window->scratch, count);
	}
	*generations = (unsigned)kept;
	stats_sort(medians, kept);
	return stats_median_interval(medians, kept, alpha);
}

/* A size that says something else than all together: the line does not fit,
 * and the truth may be there as well. */
static struct interval heed_sizes(const struct window *window, double n0,
				  double alpha, struct interval interval)
{
	for (size_t i = 0, end; i < window->count; i = end) {
		struct interval own;
		size_t count;
		double median;

		end = size_end(window, i);
		count = crossings_of(window, i, end, n0, 0, window->scratch);
		if (count < LEAST_CELL)
			continue;
		median = stats_median(window->scratch, count);
		own = stats_median_interval(window->scratch, count, alpha);
		if (own.lo > interval.hi || own.hi < interval.lo)
			interval = stats_hull(
				interval, (struct interval){median, median});
	}
	return interval;
}

bool stats_crossing(const struct stats_sample *samples, size_t count, double n0,
		    double alpha, double *scratch,
		    struct stats_crossing *crossing)
{
	struct window window = {samples, count, 0, scratch};
	struct interval pooled, outer;
	unsigned generations;
	size_t kept;

	window.share = fit_share(&window, n0);
	if (!(window.share < STEEPEST))
		return false;
	outer = between_generations(&window, n0, alpha, &generations);
	kept = crossings_of(&window, 0, count, n0, 0, scratch);
	if (kept < LEAST || generations < LEAST_GENERATIONS)
		return false;
	pooled = stats_median_interval(scratch, kept, alpha * POOLED);
	crossing->n_star = stats_median(scratch, kept);
	crossing->n =
		heed_sizes(&window, n0, alpha / 10, stats_hull(pooled, outer));
	crossing->samples = kept;
	return crossing->n.lo > 0 && isfinite(crossing->n.hi);
}

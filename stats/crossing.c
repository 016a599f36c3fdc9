/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	SAMPLES_MIN = 24,     /* for an estimate */
	SAMPLES_MIN_SIZE = 9, /* of one size, to contradict the estimate */
};

#define FIT_WITHIN  4.0	 /* sizes up to this factor from n0 give the slope */
#define TAKE_WITHIN 1.5	 /* and up to this factor, the crossing */
#define SHARE_MAX   0.98 /* window.share, for a rise that counts */

struct window {
	const struct stats_sample *samples; /* by size */
	size_t count;
	double share;	 /* of serial's time that the runner needs at large n */
	double *scratch; /* room for as many as there are samples */
	struct stats_value *values; /* likewise */
};

/* Runner by serial time. */
static double time_ratio(const struct stats_sample *sample)
{
	return exp(-sample->log_ratio);
}

static bool is_near(double n, double n0, double factor)
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
struct crossing_line {
	double w, x, y, xx, xy;
};

static void add_point(struct crossing_line *line, double w, double x, double y)
{
	line->w += w;
	line->x += w * x;
	line->y += w * y;
	line->xx += w * x * x;
	line->xy += w * x * y;
}

/* The line's height at x = 0; NaN: it is not determined. */
static double intercept(const struct crossing_line *line)
{
	double spread = line->w * line->xx - line->x * line->x;

	if (!(spread > 1e-9 * line->w * line->xx))
		return NAN;
	return (line->y * line->xx - line->x * line->xy) / spread;
}

/*
 * With serial time proportional to n, and the runner's time alpha + beta n,
 * their ratio is a / n + b, a straight line over 1 / n. Fit it to the medians
 * of the sizes around n0; it has to hold only there.
 */
static double fit_share(const struct window *window, double n0)
{
	struct crossing_line line = {.w = 0};

	for (size_t i = 0, end; i < window->count; i = end) {
		double n = window->samples[i].n;

		end = size_end(window, i);
		if (!is_near(n, n0, FIT_WITHIN))
			continue;
		for (size_t k = i; k < end; k++)
			window->scratch[k - i] =
				time_ratio(&window->samples[k]);
		add_point(&line, (double)(end - i), n0 / n,
			  stats_find_median(window->scratch, end - i));
	}
	return intercept(&line);
}

/* Where the ratio would cross 1 according to this sample alone: on the line
 * through it with the slope of the fit. */
static double own_crossing(const struct window *window,
			   const struct stats_sample *sample)
{
	return sample->n * (time_ratio(sample) - window->share) /
	       (1 - window->share);
}

/* The crossings according to those of samples [begin, end) that are near n0. */
static size_t find_crossings(const struct window *window, size_t begin,
			     size_t end, double n0, struct stats_value *out)
{
	size_t taken = 0;

	for (size_t i = begin; i < end; i++)
		if (is_near(window->samples[i].n, n0, TAKE_WITHIN))
			out[taken++] = (struct stats_value){
				.x = own_crossing(window, &window->samples[i]),
				.generation = window->samples[i].generation,
			};
	return taken;
}

/* Extend the interval to the median of each size that contradicts it: the line
 * does not fit, and N* may lie there as well. */
static struct interval include_sizes(const struct window *window, double n0,
				     double alpha, struct interval interval)
{
	for (size_t i = 0, end; i < window->count; i = end) {
		struct stats_estimate own;
		size_t count;

		end = size_end(window, i);
		count = find_crossings(window, i, end, n0, window->values);
		if (count < SAMPLES_MIN_SIZE)
			continue;
		own = stats_estimate(window->values, count, alpha,
				     window->scratch);
		if (own.interval.lo > interval.hi ||
		    own.interval.hi < interval.lo)
			interval = stats_hull(
				interval,
				(struct interval){own.median, own.median});
	}
	return interval;
}

/* Were sizes on both sides of N* taken? What the line says beyond the sizes
 * that it is drawn through is not known: times may jump there, as where a cache
 * ends. */
static bool is_between_sizes(const struct window *window, double n0,
			     double n_star)
{
	bool below = false, above = false;

	for (size_t i = 0; i < window->count; i++) {
		double n = window->samples[i].n;

		if (!is_near(n, n0, TAKE_WITHIN))
			continue;
		below |= n <= n_star;
		above |= n >= n_star;
	}
	return below && above;
}

/* The narrowest interval, for any number of samples: the error that all ratios
 * may share moves N* so far. */
static struct interval make_floor(const struct window *window, double n_star)
{
	double moved = STATS_RATIO_FLOOR / (1 - window->share);

	return (struct interval){n_star / (1 + moved), n_star * (1 + moved)};
}

int stats_crossing(const struct stats_sample *samples, size_t count, double n0,
		   double alpha, struct stats_crossing *crossing)
{
	struct window window = {
		.samples = samples,
		.count = count,
		.scratch = calloc(count + 1, sizeof(double)),
		.values = calloc(count + 1, sizeof(struct stats_value)),
	};
	struct stats_estimate all = {.count = 0};
	int rc = window.scratch && window.values ? -EDOM : -ENOMEM;

	if (rc == -EDOM)
		window.share = fit_share(&window, n0);
	if (rc == -EDOM && window.share < SHARE_MAX)
		all = stats_estimate(
			window.values,
			find_crossings(&window, 0, count, n0, window.values),
			alpha, window.scratch);
	if (all.count >= SAMPLES_MIN && all.interval.lo > 0 &&
	    isfinite(all.interval.hi)) {
		crossing->n_star = all.median;
		crossing->n = stats_hull(all.interval,
					 make_floor(&window, all.median));
		crossing->samples = all.count;
		crossing->between = is_between_sizes(&window, n0, all.median);
		crossing->sensitivity = 1 / (1 - window.share);
		crossing->n =
			include_sizes(&window, n0, alpha / 10, crossing->n);
		rc = 0;
	}
	free(window.scratch);
	free(window.values);
	return rc;
}

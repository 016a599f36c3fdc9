/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

static int compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum { FEW = 24 }; /* that are sorted by insertion */

static void insertion_sort(double *x, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		double value = x[i];
		size_t k = i;

		for (; k > 0 && x[k - 1] > value; k--)
			x[k] = x[k - 1];
		x[k] = value;
	}
}

static double get_middle(double a, double b, double c)
{
	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Hoare's partition (1962): nothing in the first part is above anything in the
 * second, and neither is empty. Returns the length of the first. */
static size_t partition(double *x, size_t count)
{
	double pivot = get_middle(x[0], x[count / 2], x[count - 1]), swap;
	size_t i = 0, k = count - 1;

	for (;; i++, k--) {
		while (x[i] < pivot)
			i++;
		while (x[k] > pivot)
			k--;
		if (i >= k)
			return k + 1;
		swap = x[i];
		x[i] = x[k];
		x[k] = swap;
	}
}

/* Quicksort: a report of a million samples sorts some ten million numbers, and
 * qsort() would take three times as long. After `splits` partitions, most of
 * them lopsided then, qsort() takes over. */
static void sort_within(double *x, size_t count, unsigned splits)
{
	while (count > FEW && splits-- > 0) {
		size_t first = partition(x, count), rest = count - first;

		if (first < rest) {
			sort_within(x, first, splits);
			x += first;
			count = rest;
		} else {
			sort_within(x + first, rest, splits);
			count = first;
		}
	}
	if (count <= FEW)
		insertion_sort(x, count);
	else
		qsort(x, count, sizeof(*x), compare_values);
}

/* Enough partitions, unless many are lopsided. */
static unsigned splits_allowed(size_t count)
{
	unsigned splits = 0;

	for (; count > 0; count /= 2)
		splits += 2;
	return splits;
}

void stats_sort(double *x, size_t count)
{
	sort_within(x, count, splits_allowed(count));
}

double stats_median(const double *x, size_t count)
{
	if (count == 0)
		return NAN;
	if (count % 2)
		return x[count / 2];
	return x[count / 2 - 1] / 2 + x[count / 2] / 2;
}

/* Put the value that sorting would put there at `at`, the smaller ones before
 * it and the larger ones behind (Hoare's FIND, 1961). */
static void sort_around(double *x, size_t count, size_t at)
{
	unsigned splits = splits_allowed(count);

	while (count > FEW && splits-- > 0) {
		size_t first = partition(x, count);

		if (at < first) {
			count = first;
			continue;
		}
		x += first;
		at -= first;
		count -= first;
	}
	stats_sort(x, count);
}

double stats_find_median(double *x, size_t count)
{
	size_t middle = count / 2;
	double below;

	if (count == 0)
		return NAN;
	sort_around(x, count, middle);
	if (count % 2)
		return x[middle];
	below = x[0];
	for (size_t i = 1; i < middle; i++)
		below = fmax(below, x[i]);
	return below / 2 + x[middle] / 2;
}

/*
 * The largest rank, up to the middle, with P(B < rank) <= alpha / 2 for
 * B ~ Binomial(count, 1/2); 0 when there is none. The terms are walked up from
 * P(B = 0) = 2^-count with the power of two kept apart: nothing underflows,
 * and small counts are exact, so that an alpha of 2/64 admits six samples.
 */
static size_t sign_test_rank(size_t count, double alpha)
{
	long exponent = -(long)count;
	double term = 1, tail = 1;
	size_t rank = 0;

	while (rank < (count + 1) / 2 &&
	       tail <= scalbln(alpha / 2, -exponent)) {
		rank++;
		term = term * (double)(count - rank + 1) / (double)rank;
		tail += term;
		if (term < 0x1p500)
			continue;
		term *= 0x1p-500;
		tail *= 0x1p-500;
		exponent += 500;
	}
	return rank;
}

struct interval stats_median_interval(const double *x, size_t count,
				      double alpha)
{
	size_t rank = sign_test_rank(count, alpha);

	if (rank == 0)
		return (struct interval){-INFINITY, INFINITY};
	return (struct interval){x[rank - 1], x[count - rank]};
}

/*
 * Values on one side of their median whose nearest is `part` of their range
 * away from it: all of `count` lie there, on either side, and so far, with
 * probability (2 (1 + part))^(1 - count) if those of a side are uniform, and
 * less often if they are denser towards the median.
 */
static double get_stretch_p(size_t count, double part)
{
	return pow(2 * (1 + part), 1 - (double)count);
}

/* The part of the range for that probability. */
static double get_stretch(size_t count, double alpha)
{
	return fmax(0, pow(alpha, 1 / (1 - (double)count)) / 2 - 1);
}

struct interval stats_few_interval(const double *x, size_t count, double alpha)
{
	double stretch;

	if (count < STATS_GENERATIONS_MIN)
		return (struct interval){-INFINITY, INFINITY};
	if (sign_test_rank(count, alpha) > 0)
		return stats_median_interval(x, count, alpha);
	stretch = get_stretch(count, alpha) * (x[count - 1] - x[0]);
	return (struct interval){x[0] - stretch, x[count - 1] + stretch};
}

/* P(B <= most) for B ~ Binomial(count, 1/2). */
static double binomial_tail(size_t count, size_t most)
{
	double term = exp2(-(double)count), sum = term;

	for (size_t k = 1; k <= most; k++) {
		term = term * (double)(count - k + 1) / (double)k;
		sum += term;
	}
	return sum;
}

double stats_few_p(const double *x, size_t count)
{
	size_t below = 0, above = 0, minority;
	double range;

	if (count < STATS_GENERATIONS_MIN)
		return 1;
	for (size_t i = 0; i < count; i++) {
		below += x[i] < 0;
		above += x[i] > 0;
	}
	minority = count - (below > above ? below : above);
	if (minority > 0)
		return fmin(1, 2 * binomial_tail(count, minority));
	range = x[count - 1] - x[0];
	return range > 0 ? get_stretch_p(count,
					 fmin(fabs(x[0]), fabs(x[count - 1])) /
						 range)
			 : 0;
}

double stats_look_share(size_t count)
{
	double share = 0.5;

	for (; count >= 24; count /= 2)
		share /= 2;
	return share;
}

struct interval stats_hull(struct interval a, struct interval b)
{
	return (struct interval){fmin(a.lo, b.lo), fmax(a.hi, b.hi)};
}

static bool is_known(const struct stats_measured *measured)
{
	return measured->value > 0 && measured->interval.lo > 0 &&
	       isfinite(measured->interval.hi);
}

struct interval stats_log_ratio(const struct stats_measured *a,
				const struct stats_measured *b)
{
	double ratio = log(b->value / a->value);

	if (!is_known(a) || !is_known(b))
		return (struct interval){-INFINITY, INFINITY};
	return (struct interval){
		ratio - hypot(log(b->value / b->interval.lo),
			      log(a->interval.hi / a->value)),
		ratio + hypot(log(b->interval.hi / b->value),
			      log(a->value / a->interval.lo)),
	};
}

/* And in a generation, by x. */
static int by_generation(const void *a, const void *b)
{
	const struct stats_value *p = a, *q = b;
	int order = (p->generation > q->generation) -
		    (p->generation < q->generation);

	return order ? order : (p->x > q->x) - (p->x < q->x);
}

/* As samples of one round a generation are; qsort() takes longer. */
static bool is_sorted(const struct stats_value *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (by_generation(&values[i - 1], &values[i]) > 0)
			return false;
	return true;
}

/* The end of the generation that begins at `begin`. */
static size_t generation_end(const struct stats_value *values, size_t count,
			     size_t begin)
{
	size_t end = begin + 1;

	while (end < count &&
	       values[end].generation == values[begin].generation)
		end++;
	return end;
}

size_t stats_fold_generations(struct stats_value *values, size_t count)
{
	size_t generations = 0;

	if (!is_sorted(values, count))
		qsort(values, count, sizeof(*values), by_generation);
	for (size_t begin = 0, end; begin < count; begin = end) {
		const struct stats_value *low, *high;

		end = generation_end(values, count, begin);
		low = &values[begin + (end - begin - 1) / 2];
		high = &values[begin + (end - begin) / 2];
		values[generations++] = (struct stats_value){
			(low->x + high->x) / 2, high->generation};
	}
	return generations;
}

size_t stats_generation_medians(struct stats_value *values, size_t count,
				double *out)
{
	size_t generations = stats_fold_generations(values, count);

	for (size_t i = 0; i < generations; i++)
		out[i] = values[i].x;
	stats_sort(out, generations);
	return generations;
}

struct stats_estimate stats_estimate(struct stats_value *values, size_t count,
				     double alpha, double *scratch)
{
	size_t generations = stats_generation_medians(values, count, scratch);

	return (struct stats_estimate){
		.median = stats_median(scratch, generations),
		.interval = stats_few_interval(scratch, generations, alpha),
		.count = count,
		.generations = (unsigned)generations,
	};
}

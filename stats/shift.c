/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/*
 * ways[u], for u < capacity: how many arrangements of nx x and ny y have u
 * pairs with y below x. These are the coefficients of the Gaussian binomial,
 * computed one factor after the other. Each depends only on smaller ones, so
 * that tails stay exact.
 */
static void count_arrangements(double *ways, size_t capacity, size_t nx,
			       size_t ny)
{
	for (size_t u = 0; u < capacity; u++)
		ways[u] = u == 0;
	for (size_t i = 1; i <= nx; i++) {
		for (size_t u = capacity; u-- > ny + i;)
			ways[u] -= ways[u - ny - i];
		for (size_t u = i; u < capacity; u++)
			ways[u] += ways[u - i];
	}
}

/* The largest rank, up to the middle, with P(U < rank) <= alpha / 2 for U of
 * Mann and Whitney; 0 when there is none. ways: room for nx * ny. */
static size_t rank_sum_rank(double *ways, size_t nx, size_t ny, double alpha)
{
	size_t capacity = (nx * ny + 1) / 2, rank = 0;
	double all = 1, tail = 0;

	count_arrangements(ways, capacity, nx, ny);
	for (size_t i = 1; i <= nx; i++)
		all *= (double)(ny + i) / (double)i;
	while (rank < capacity && (tail + ways[rank]) / all <= alpha / 2)
		tail += ways[rank++];
	return rank;
}

/* The mean, and the variance that the mean has. */
static double find_mean(const double *x, size_t count, double *variance)
{
	double sum = 0, squares = 0, mean;

	for (size_t i = 0; i < count; i++)
		sum += x[i];
	mean = sum / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (x[i] - mean) * (x[i] - mean);
	*variance = squares / (double)(count - 1) / (double)count;
	return mean;
}

/* For fractional degrees of freedom: interpolate. */
static double student_between(double alpha, double freedom)
{
	size_t below = (size_t)freedom;
	double less = stats_student(alpha, below);

	return less + (freedom - (double)below) *
			      (stats_student(alpha, below + 1) - less);
}

static struct interval welch_interval(const double *x, size_t nx,
				      const double *y, size_t ny, double alpha)
{
	double vx, vy;
	double shift = -find_mean(x, nx, &vx) + find_mean(y, ny, &vy);
	double freedom =
		(vx + vy) * (vx + vy) /
		(vx * vx / (double)(nx - 1) + vy * vy / (double)(ny - 1));
	double reach;

	if (!(vx + vy > 0) || isnan(freedom))
		return (struct interval){shift, shift};
	reach = student_between(alpha, freedom) * sqrt(vx + vy);
	return (struct interval){shift - reach, shift + reach};
}

int stats_shift(const double *x, size_t nx, const double *y, size_t ny,
		double alpha, struct stats_shift *shift)
{
	size_t count = nx * ny, rank;
	double *differences;

	*shift = (struct stats_shift){NAN, {-INFINITY, INFINITY}};
	if (count == 0)
		return 0;
	differences = malloc(count * sizeof(*differences));
	if (!differences)
		return -ENOMEM;
	rank = rank_sum_rank(differences, nx, ny, alpha);
	for (size_t i = 0; i < count; i++)
		differences[i] = y[i % ny] - x[i / ny];
	stats_sort(differences, count);
	shift->shift = stats_median(differences, count);
	if (nx >= STATS_GENERATIONS_MIN && ny >= STATS_GENERATIONS_MIN) {
		size_t k = rank ? rank - 1 : 0;

		shift->interval = (struct interval){differences[k],
						    differences[count - 1 - k]};
		if (rank == 0)
			shift->interval =
				stats_hull(shift->interval,
					   welch_interval(x, nx, y, ny, alpha));
	}
	free(differences);
	return 0;
}

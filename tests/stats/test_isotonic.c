/* SPDX-License-Identifier: MIT */
/* The isotonic fit against examples by hand and against its min-max formula. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { POINTS_MAX = 12, TRIALS = 500 };

static void fits(size_t count, const double *y, const double *weights,
		 const double *want)
{
	struct stats_point points[POINTS_MAX];
	double fit[POINTS_MAX];

	for (size_t i = 0; i < count; i++)
		points[i] = (struct stats_point){
			.n = (double)(i + 1),
			.log_ratio = y[i],
			.weight = weights ? weights[i] : 1,
		};
	stats_isotonic(points, count, fit);
	for (size_t i = 0; i < count; i++)
		assert_true(fabs(fit[i] - want[i]) < 1e-12);
}

static void by_hand(void **state)
{
	(void)state;
	fits(1, (double[]){7}, NULL, (double[]){7});
	fits(3, (double[]){-1, 0, 2}, NULL, (double[]){-1, 0, 2});
	fits(3, (double[]){3, 2, 1}, NULL, (double[]){2, 2, 2});
	fits(4, (double[]){1, 3, 2, 4}, NULL, (double[]){1, 2.5, 2.5, 4});
	/* The last value pulls two pools into one. */
	fits(5, (double[]){1, 5, 3, 4, 0}, NULL, (double[]){1, 3, 3, 3, 3});
	fits(4, (double[]){2, 2, 2, 1}, NULL,
	     (double[]){1.75, 1.75, 1.75, 1.75});
}

static void by_hand_with_weights(void **state)
{
	(void)state;
	fits(2, (double[]){4, 0}, (double[]){3, 1}, (double[]){3, 3});
	fits(3, (double[]){0, 4, 1}, (double[]){1, 1, 2}, (double[]){0, 2, 2});
	fits(3, (double[]){6, 3, 0}, (double[]){1, 2, 3}, (double[]){2, 2, 2});
}

static void no_points(void **state)
{
	double fit = 5;

	(void)state;
	stats_isotonic(NULL, 0, &fit);
	assert_true(fit == 5);
}

static double small_number(uint64_t *state, unsigned below)
{
	*state = *state * UINT64_C(6364136223846793005) +
		 UINT64_C(1442695040888963407);
	return (double)((*state >> 33) % below);
}

static double mean(const struct stats_point *points, size_t begin, size_t end)
{
	double sum = 0, weight = 0;

	for (size_t i = begin; i < end; i++) {
		sum += points[i].log_ratio * points[i].weight;
		weight += points[i].weight;
	}
	return sum / weight;
}

/* max over a <= i of min over b >= i of the mean of [a, b]. */
static double max_min(const struct stats_point *points, size_t count, size_t i)
{
	double max = -INFINITY;

	for (size_t a = 0; a <= i; a++) {
		double min = INFINITY;

		for (size_t b = i; b < count; b++)
			min = fmin(min, mean(points, a, b + 1));
		max = fmax(max, min);
	}
	return max;
}

static void agrees_with_max_min(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (size_t trial = 0; trial < TRIALS; trial++) {
		size_t count = 1 + (size_t)small_number(&seed, POINTS_MAX);
		struct stats_point points[POINTS_MAX] = {{0}},
				   fitted[POINTS_MAX];
		double fit[POINTS_MAX];

		for (size_t i = 0; i < count; i++) {
			points[i].log_ratio = small_number(&seed, 9) - 4;
			points[i].weight = 1 + small_number(&seed, 5);
		}
		stats_isotonic(points, count, fit);
		for (size_t i = 0; i < count; i++) {
			fitted[i] = points[i];
			fitted[i].log_ratio = fit[i];
			assert_true(i == 0 || fit[i] >= fit[i - 1]);
			assert_true(fabs(fit[i] - max_min(points, count, i)) <
				    1e-9);
		}
		assert_true(fabs(mean(fitted, 0, count) -
				 mean(points, 0, count)) < 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(by_hand_with_weights),
		cmocka_unit_test(no_points),
		cmocka_unit_test(agrees_with_max_min),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

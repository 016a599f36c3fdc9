/* SPDX-License-Identifier: MIT */
/* Two states or one: shares, distance, and what lies between or beyond. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SAMPLES_MAX = 1000 };

struct modes_sample {
	double x[SAMPLES_MAX];
	size_t count;
};

static void put(struct modes_sample *sample, size_t count, double value)
{
	while (count-- > 0)
		sample->x[sample->count++] = value;
}

static bool near(double a, double b)
{
	return fabs(a / b - 1) < 1e-12;
}

/* `low` samples of 1 and `high` ones of `value`: told apart? */
static bool apart(size_t low, size_t high, double value)
{
	struct modes_sample sample = {.count = 0};
	double threshold = -1;
	bool two;

	put(&sample, low, 1);
	put(&sample, high, value);
	two = stats_two_modes(sample.x, sample.count, &threshold);
	if (two)
		assert_true(near(threshold, sqrt(value)));
	return two;
}

static void distance_decides(void **state)
{
	(void)state;
	assert_true(apart(50, 50, 2));
	assert_true(apart(50, 50, 380.0 / 58));
	assert_false(apart(50, 50, 1.99));
	assert_false(apart(50, 50, 1));
}

static void each_side_needs_its_share(void **state)
{
	(void)state;
	assert_true(apart(3, 3, 4));
	assert_false(apart(4, 2, 4));
	assert_false(apart(2, 4, 4));
	assert_true(apart(37, 3, 4));
	assert_true(apart(95, 5, 4));
	assert_true(apart(5, 95, 4));
	assert_false(apart(96, 4, 4));
	assert_false(apart(4, 96, 4));
	/* 4 of 99 is less than 5 %. */
	assert_false(apart(95, 4, 4));
	assert_false(apart(4, 95, 4));
	assert_true(apart(94, 5, 4));
	/* Nor may the share be made up with one of the other side. */
	assert_false(apart(9, 191, 4));
	assert_true(apart(10, 190, 4));
}

static void too_few(void **state)
{
	const double x[] = {1, 1, 1, 9, 9};
	double threshold = -1;

	(void)state;
	assert_false(stats_two_modes(NULL, 0, &threshold));
	for (size_t count = 1; count <= 5; count++)
		assert_false(stats_two_modes(x, count, &threshold));
}

/* No single step is a doubling, and the widest lies below both states. */
static void a_smear_between(void **state)
{
	struct modes_sample sample = {.count = 0};
	double threshold = -1;

	(void)state;
	put(&sample, 5, 0.55);
	put(&sample, 40, 1);
	put(&sample, 1, 1.5);
	put(&sample, 1, 2.2);
	put(&sample, 1, 3);
	put(&sample, 40, 3.5);
	assert_true(stats_two_modes(sample.x, sample.count, &threshold));
	assert_true(near(threshold, sqrt(3.5)));
}

static void outliers_do_not_hide_two_states(void **state)
{
	struct modes_sample sample = {.count = 0};
	double threshold = -1;

	(void)state;
	put(&sample, 60, 58);
	put(&sample, 35, 380);
	put(&sample, 5, 5000);
	assert_true(stats_two_modes(sample.x, sample.count, &threshold));
	assert_true(near(threshold, sqrt(58.0 * 380)));
	sample.count = 0;
	put(&sample, 5, 4);
	put(&sample, 35, 58);
	put(&sample, 60, 380);
	assert_true(stats_two_modes(sample.x, sample.count, &threshold));
	assert_true(near(threshold, sqrt(58.0 * 380)));
}

static void one_broad_state(void **state)
{
	struct modes_sample sample = {.count = 0};
	double threshold = -1;

	(void)state;
	for (size_t i = 0; i < SAMPLES_MAX; i++)
		put(&sample, 1, 58 * pow(1.8, (double)i / SAMPLES_MAX));
	assert_false(stats_two_modes(sample.x, sample.count, &threshold));
	sample.count = 0;
	put(&sample, 97, 58);
	put(&sample, 3, 5000);
	assert_false(stats_two_modes(sample.x, sample.count, &threshold));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance_decides),
		cmocka_unit_test(each_side_needs_its_share),
		cmocka_unit_test(too_few),
		cmocka_unit_test(a_smear_between),
		cmocka_unit_test(outliers_do_not_hide_two_states),
		cmocka_unit_test(one_broad_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

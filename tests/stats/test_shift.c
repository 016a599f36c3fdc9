/* SPDX-License-Identifier: MIT */
/* The shift between two groups: known answers, and how often it is wrong. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SIX = 6, CELLS = 60, TABLES = 1500 };

/* ------------------------------------------------------------- by hand */

static struct stats_shift get_shift(const double *x, size_t nx, const double *y,
				    size_t ny, double alpha)
{
	struct stats_shift shift;

	assert_int_equal(stats_shift(x, nx, y, ny, alpha, &shift), 0);
	return shift;
}

/* Powers of two have 36 different differences. U = 5 is the critical value of
 * 6 against 6 at 5 % in every table, U = 1 that of 4 against 6 at 1.9 %. */
static void takes_rank(void **state)
{
	const double x[SIX] = {1, 2, 4, 8, 16, 32};
	const double y[SIX] = {0x1p10, 0x1p11, 0x1p12, 0x1p13, 0x1p14, 0x1p15};
	double all[SIX * SIX];
	struct stats_shift shift;

	(void)state;
	for (size_t i = 0; i < SIX * SIX; i++)
		all[i] = y[i % SIX] - x[i / SIX];
	stats_sort(all, SIX * SIX);
	shift = get_shift(x, SIX, y, SIX, 0.05);
	assert_true(shift.shift == (all[17] + all[18]) / 2);
	assert_true(shift.interval.lo == all[5]);
	assert_true(shift.interval.hi == all[30]);
	/* U = 0 alone has 2 / 924, with U = 1 it is 4 / 924. */
	shift = get_shift(x, SIX, y, SIX, 4.001 / 924);
	assert_true(shift.interval.lo == all[1]);
	shift = get_shift(x, SIX, y, SIX, 3.999 / 924);
	assert_true(shift.interval.lo == all[0]);
	assert_true(shift.interval.hi == all[35]);
}

/* Exact tails of many values: U has mean n^2 / 2 and variance n^2 (2n + 1) /
 * 12, and its 2.5 % lie 1.96 deviations below. */
static void takes_rank_of_many(void **state)
{
	enum { MANY = 30 };
	double x[MANY], y[MANY];
	struct stats_shift shift;
	size_t below = 0;
	double expect = MANY * MANY / 2.0 -
			1.96 * sqrt(MANY * MANY * (2 * MANY + 1) / 12.0);

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		x[i] = sqrt((double)i);
		y[i] = cbrt((double)i + 0.7);
	}
	shift = get_shift(x, MANY, y, MANY, 0.05);
	for (size_t i = 0; i < (size_t)MANY * MANY; i++)
		below += y[i % MANY] - x[i / MANY] < shift.interval.lo;
	assert_true(fabs((double)below - expect) <= 2);
}

/* Welch's interval by hand: both means have the variance 3.5 / 6, which leaves
 * 10 degrees of freedom. */
static void widens_where_ranks_cannot_tell(void **state)
{
	const double x[SIX] = {1, 2, 3, 4, 5, 6};
	const double y[SIX] = {11, 12, 13, 14, 15, 16};
	struct stats_shift shift = get_shift(x, SIX, y, SIX, 0.001);
	double reach = 4.5869 * sqrt(2 * 3.5 / 6);

	(void)state;
	assert_true(fabs(shift.shift - 10) < 1e-9);
	/* All differences, 5 to 15, reach farther than that at 0.1 %. */
	assert_true(reach < 5);
	assert_true(fabs(shift.interval.lo - 5) < 1e-9);
	assert_true(fabs(shift.interval.hi - 15) < 1e-9);
	/* At 0.01 % they do not: t is 6.2111. */
	shift = get_shift(x, SIX, y, SIX, 0.0001);
	reach = 6.2111 * sqrt(2 * 3.5 / 6);
	assert_true(fabs(shift.interval.lo - (10 - reach)) < 1e-3);
	assert_true(fabs(shift.interval.hi - (10 + reach)) < 1e-3);
}

static void knows_nothing_of_few(void **state)
{
	const double x[SIX] = {1, 2, 3, 4, 5, 6};
	struct stats_shift shift = get_shift(x, SIX, x, 5, 0.05);

	(void)state;
	assert_true(fabs(shift.shift + 0.5) < 1e-9);
	assert_true(isinf(shift.interval.lo) && isinf(shift.interval.hi));
	shift = get_shift(x, 5, x, SIX, 0.05);
	assert_true(isinf(shift.interval.lo) && isinf(shift.interval.hi));
	shift = get_shift(x, SIX, x, 0, 0.05);
	assert_true(isnan(shift.shift));
	assert_true(isinf(shift.interval.lo) && isinf(shift.interval.hi));
}

/* Without any scatter there is none to reckon with. */
static void keeps_constants(void **state)
{
	const double x[SIX] = {1, 1, 1, 1, 1, 1}, y[SIX] = {3, 3, 3, 3, 3, 3};
	struct stats_shift shift = get_shift(x, SIX, y, SIX, 1e-4);

	(void)state;
	assert_true(shift.shift == 2);
	assert_true(shift.interval.lo == 2 && shift.interval.hi == 2);
}

/* ------------------------------------------------------------- simulated */

static double uniform(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ (z >> 31)) >> 12) + 0.5) * 0x1p-52;
}

static double normal(uint64_t *state)
{
	double radius = sqrt(-2 * log(uniform(state)));

	return radius * cos(2 * M_PI * uniform(state));
}

static double log_normal(uint64_t *state)
{
	return exp(normal(state));
}

/* One generation in three has a slower state. */
static double two_states(uint64_t *state)
{
	double slower = uniform(state) < 1.0 / 3 ? 5 : 0;

	return slower + 0.1 * normal(state);
}

typedef double draw_fn(uint64_t *state);

static bool is_wrong(draw_fn *draw, double alpha, uint64_t *state)
{
	double x[SIX], y[SIX];
	struct stats_shift shift;

	for (size_t i = 0; i < SIX; i++) {
		x[i] = draw(state);
		y[i] = draw(state);
	}
	shift = get_shift(x, SIX, y, SIX, alpha);
	return shift.interval.lo > 0 || shift.interval.hi < 0;
}

static draw_fn *const draws[] = {normal, log_normal, two_states};

/* 38 / 924 is what 6 against 6 can reach at 5 %; 20,000 draws of it scatter by
 * 0.14 %. */
static void misses_as_often_as_promised(void **state)
{
	enum { DRAWS = 20000 };
	uint64_t seed = 1;

	(void)state;
	for (size_t d = 0; d < sizeof(draws) / sizeof(*draws); d++) {
		double wrong = 0;

		for (size_t i = 0; i < DRAWS; i++)
			wrong += is_wrong(draws[d], 0.05, &seed);
		assert_true(wrong / DRAWS > 38.0 / 924 - 0.006);
		assert_true(wrong / DRAWS < 38.0 / 924 + 0.006);
	}
}

/* A table of 60 cells without any difference must find none. */
static void a_table_is_silent(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (size_t d = 0; d < sizeof(draws) / sizeof(*draws); d++) {
		double alarms = 0;

		for (size_t t = 0; t < TABLES; t++) {
			bool alarm = false;

			for (size_t c = 0; c < CELLS; c++)
				alarm |=
					is_wrong(draws[d], 0.05 / CELLS, &seed);
			alarms += alarm;
		}
		assert_true(alarms / TABLES <= 0.05);
	}
}

/* 10 % at a scatter of 2 %, in one cell of such a table. */
static void finds_what_was_planted(void **state)
{
	uint64_t seed = 3;
	double found = 0;

	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		double x[SIX], y[SIX];

		for (size_t i = 0; i < SIX; i++) {
			x[i] = 0.02 * normal(&seed);
			y[i] = log(1.1) + 0.02 * normal(&seed);
		}
		found +=
			get_shift(x, SIX, y, SIX, 0.05 / CELLS).interval.lo > 0;
	}
	assert_true(found / TABLES > 0.95);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_rank),
		cmocka_unit_test(takes_rank_of_many),
		cmocka_unit_test(widens_where_ranks_cannot_tell),
		cmocka_unit_test(knows_nothing_of_few),
		cmocka_unit_test(keeps_constants),
		cmocka_unit_test(misses_as_often_as_promised),
		cmocka_unit_test(a_table_is_silent),
		cmocka_unit_test(finds_what_was_planted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Order statistics: exact ranks, their coverage, and how looks share. */
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SAMPLES_MAX = 100000 };

static double uniform(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ (z >> 31)) >> 12) + 0.5) * 0x1p-52;
}

static void nothing_known(struct interval interval)
{
	assert_true(interval.lo == -INFINITY);
	assert_true(interval.hi == INFINITY);
}

/* Samples 0, 1, 2, ... tell which of them were taken. */
static void takes_rank(const double *x, size_t count, double alpha, size_t rank)
{
	struct interval got = stats_median_interval(x, count, alpha);

	if (rank == 0) {
		nothing_known(got);
		return;
	}
	assert_true(got.lo == (double)(rank - 1));
	assert_true(got.hi == (double)(count - rank));
}

static int count_up(void **state)
{
	double *x = malloc(SAMPLES_MAX * sizeof(*x));

	for (size_t i = 0; x && i < SAMPLES_MAX; i++)
		x[i] = (double)i;
	*state = x;
	return x ? 0 : -1;
}

static int put_away(void **state)
{
	free(*state);
	return 0;
}

static void sorts(void **state)
{
	double x[] = {3, -INFINITY, -0.5, 3, INFINITY, 0, 1e-300};
	const double want[] = {-INFINITY, -0.5, 0, 1e-300, 3, 3, INFINITY};

	(void)state;
	stats_sort(x, 7);
	for (size_t i = 0; i < 7; i++)
		assert_true(x[i] == want[i]);
	stats_sort(NULL, 0);
	assert_true(isnan(stats_find_median(NULL, 0)));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Whatever order values come in, qsort() has the same. */
static double pattern(unsigned kind, size_t i, size_t count)
{
	switch (kind) {
	case 0:
		return (double)i;
	case 1:
		return -(double)i;
	case 2:
		return 7;
	case 3: /* a roof */
		return (double)(i < count / 2 ? i : count - i);
	case 4:
		return (double)(i % 3);
	case 5:
		return i == 0 || i == count / 2 || i == count - 1 ? 1e9
								  : (double)i;
	default:
		return (double)(rand() % 1000) - 500;
	}
}

static void sorts_all_orders(void **state)
{
	enum { ORDERS = 7, LONGEST = 3000 };
	double *x = malloc(LONGEST * sizeof(*x));
	double *want = malloc(LONGEST * sizeof(*want));

	(void)state;
	assert_true(x && want);
	srand(1);
	for (size_t count = 1; count <= LONGEST; count += count / 9 + 1)
		for (unsigned kind = 0; kind < ORDERS; kind++) {
			for (size_t i = 0; i < count; i++)
				x[i] = want[i] = pattern(kind, i, count);
			qsort(want, count, sizeof(*want), by_value);
			assert_true(stats_find_median(x, count) ==
				    stats_median(want, count));
			stats_sort(x, count);
			assert_memory_equal(x, want, count * sizeof(*x));
		}
	free(x);
	free(want);
}

static void median_of_few(void **state)
{
	const double x[] = {1, 2, 4, 8};
	const double huge[] = {1.5e308, 1.7e308};

	(void)state;
	assert_true(isnan(stats_median(NULL, 0)));
	assert_true(stats_median(x, 1) == 1);
	assert_true(stats_median(x, 2) == 1.5);
	assert_true(stats_median(x, 3) == 2);
	assert_true(stats_median(x, 4) == 3);
	assert_true(fabs(stats_median(huge, 2) / 1.6e308 - 1) < 1e-12);
}

static void known_ranks(void **state)
{
	static const struct {
		size_t count;
		double alpha;
		size_t rank;
	} table[] = {
		/* By exact integers; six generations reach 1 - 2/64. */
		{5, 0.05, 0},	       {6, 0.05, 1},
		{6, 0.03, 0},	       {12, 0.05, 3},
		{12, 0.001, 1},	       {12, 1e-6, 0},
		{24, 0.05, 7},	       {48, 0.05, 17},
		{96, 0.05, 38},	       {96, 0.001, 32},
		{100, 0.05, 40},       {999, 0.05, 469},
		{1000, 0.001, 448},    {1000, 1e-300, 1},
		{1100, 1e-300, 14},    {10000, 0.05, 4902},
		{10000, 1e-6, 4755},   {99999, 0.001, 49479},
		{100000, 0.05, 49690}, {100000, 0.03125, 49659},
		{100000, 1e-6, 49227}, {100000, 1e-300, 44146},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		takes_rank(*state, table[i].count, table[i].alpha,
			   table[i].rank);
}

/* An error rate that a rank spends to the last bit admits it; the next smaller
 * number does not. */
static void ranks_turn_exactly(void **state)
{
	for (size_t count = 1; count <= 50; count++) {
		uint64_t ways = 1, sum = 0;

		for (size_t rank = 1; rank <= count / 2; rank++) {
			double alpha;

			sum += ways;
			ways = ways * (count - rank + 1) / rank;
			alpha = ldexp((double)sum, 1 - (int)count);
			takes_rank(*state, count, alpha, rank);
			takes_rank(*state, count, nextafter(alpha, 0),
				   rank - 1);
		}
	}
}

static void odd_error_rates(void **state)
{
	nothing_known(stats_median_interval(NULL, 0, 0.05));
	takes_rank(*state, 1, 0.05, 0);
	takes_rank(*state, 2000, 0, 0);
	takes_rank(*state, SAMPLES_MAX, 0, 0);
	takes_rank(*state, 5, 1, 3);
	takes_rank(*state, 4, 1, 2);
	takes_rank(*state, 1, 1, 1);
	nothing_known(stats_median_interval(*state, 2000, NAN));
}

/* Skewed samples with median log(2); the share of intervals that hold it. */
static double coverage(size_t count, double alpha, size_t trials)
{
	uint64_t state = 42;
	size_t held = 0;

	for (size_t trial = 0; trial < trials; trial++) {
		struct interval got;
		double x[24];

		for (size_t i = 0; i < count; i++)
			x[i] = -log(uniform(&state));
		stats_sort(x, count);
		got = stats_median_interval(x, count, alpha);
		held += got.lo <= log(2) && log(2) <= got.hi;
	}
	return (double)held / (double)trials;
}

static void covers_as_promised(void **state)
{
	(void)state;
	assert_true(fabs(coverage(6, 0.05, 4000) - (1 - 2.0 / 64)) < 0.012);
	assert_true(fabs(coverage(12, 0.05, 4000) - (1 - 158.0 / 4096)) <
		    0.014);
	assert_true(coverage(24, 0.05, 4000) > 0.94);
}

/* A value of a symmetric or skewed distribution, with short or long tails; its
 * median is 0. */
typedef double distribution(uint64_t *state);

static double flat(uint64_t *state)
{
	return uniform(state) - 0.5;
}

static double lopsided(uint64_t *state)
{
	return -log(uniform(state)) - log(2);
}

static double bell(uint64_t *state)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += uniform(state);
	return sum;
}

/* A ratio of two normal values: Cauchy's, without a variance. */
static double long_tailed(uint64_t *state)
{
	return bell(state) / bell(state);
}

static double few_misses(distribution *draw, size_t count, double alpha)
{
	enum { TRIALS = 40000 };
	uint64_t state = 7;
	size_t missed = 0;

	for (size_t trial = 0; trial < TRIALS; trial++) {
		struct interval got;
		double x[24];

		for (size_t i = 0; i < count; i++)
			x[i] = draw(&state);
		stats_sort(x, count);
		got = stats_few_interval(x, count, alpha);
		missed += got.lo > 0 || got.hi < 0;
	}
	return (double)missed / TRIALS;
}

/* As often as promised if values are uniform, and less often else. */
static void few_miss_as_promised(void **state)
{
	(void)state;
	assert_true(few_misses(flat, 6, 0.005) < 0.006);
	assert_true(few_misses(flat, 6, 0.005) > 0.004);
	assert_true(few_misses(lopsided, 6, 0.005) < 0.0055);
	assert_true(few_misses(bell, 6, 0.005) < 0.003);
	assert_true(few_misses(bell, 8, 0.001) < 0.0008);
	assert_true(few_misses(long_tailed, 6, 0.005) < 0.001);
	assert_true(few_misses(flat, 12, 0.0002) < 0.0004);
}

static void few_are_exact_where_they_can_be(void **state)
{
	const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	struct interval six = stats_few_interval(x, 6, 0.05);
	struct interval twelve = stats_few_interval(x, 12, 0.005);
	struct interval exact = stats_median_interval(x, 12, 0.005);

	(void)state;
	assert_true(six.lo == 1 && six.hi == 6);
	assert_true(twelve.lo == exact.lo && twelve.hi == exact.hi);
	nothing_known(stats_few_interval(x, 5, 0.5));
	/* (2 (1 + 0.4427))^-5 is half a per cent; of a range of 5. */
	six = stats_few_interval(x, 6, 0.005);
	assert_true(fabs(six.lo - (1 - 0.4427 * 5)) < 0.001);
	assert_true(fabs(six.hi - (6 + 0.4427 * 5)) < 0.001);
}

static void looks_share_the_whole(void **state)
{
	double spent = 0;

	(void)state;
	assert_true(stats_look_share(0) == 0.5);
	assert_true(stats_look_share(11) == 0.5);
	assert_true(stats_look_share(12) == 0.5);
	assert_true(stats_look_share(23) == 0.5);
	assert_true(stats_look_share(24) == 0.25);
	assert_true(stats_look_share(47) == 0.25);
	assert_true(stats_look_share(48) == 0.125);
	assert_true(stats_look_share(95) == 0.125);
	assert_true(stats_look_share(96) == 0.0625);
	for (size_t count = 12; count < 1000000; count *= 2)
		spent += stats_look_share(count);
	assert_true(spent > 0.99 && spent < 1);
}

static void hull_is_the_wider(void **state)
{
	struct interval a = {-1, 2}, b = {0, 3}, none = {-INFINITY, INFINITY};
	struct interval both = stats_hull(a, b);

	(void)state;
	assert_true(both.lo == -1 && both.hi == 3);
	both = stats_hull(b, a);
	assert_true(both.lo == -1 && both.hi == 3);
	nothing_known(stats_hull(a, none));
}

/* Errors that are independent add as the sides of a triangle. */
static void ratios_have_intervals(void **state)
{
	const struct stats_measured a = {2, {2 / exp(0.3), 2 * exp(0.4)}};
	const struct stats_measured b = {4, {4 / exp(0.3), 4 * exp(0.4)}};
	const struct stats_measured exact = {4, {4, 4}};
	struct stats_measured wrong = b;
	struct interval found = stats_log_ratio(&a, &b);

	(void)state;
	assert_float_equal(found.lo, log(2) - 0.5, 1e-12);
	assert_float_equal(found.hi, log(2) + 0.5, 1e-12);
	found = stats_log_ratio(&a, &exact);
	assert_float_equal(found.lo, log(2) - 0.4, 1e-12);
	assert_float_equal(found.hi, log(2) + 0.3, 1e-12);
	wrong.interval.hi = INFINITY;
	nothing_known(stats_log_ratio(&a, &wrong));
	wrong = b;
	wrong.interval.lo = 0;
	nothing_known(stats_log_ratio(&wrong, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts),
		cmocka_unit_test(sorts_all_orders),
		cmocka_unit_test(median_of_few),
		cmocka_unit_test(known_ranks),
		cmocka_unit_test(ranks_turn_exactly),
		cmocka_unit_test(odd_error_rates),
		cmocka_unit_test(covers_as_promised),
		cmocka_unit_test(few_miss_as_promised),
		cmocka_unit_test(few_are_exact_where_they_can_be),
		cmocka_unit_test(looks_share_the_whole),
		cmocka_unit_test(hull_is_the_wider),
		cmocka_unit_test(ratios_have_intervals),
	};

	return cmocka_run_group_tests(tests, count_up, put_away);
}

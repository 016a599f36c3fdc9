/* SPDX-License-Identifier: MIT */
/* Several comparisons that are read together. */
#include "core/random.h"
#include "stats/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { COUNT_MAX = 24, COMPARISONS = 20 };

static void draw(uint64_t *random, double middle, double *x, size_t count)
{
	for (size_t i = 0; i < count; i++)
		x[i] = middle + random_normal(random, 1);
	stats_sort(x, count);
}

static bool excludes_zero(struct interval interval)
{
	return interval.lo > 0 || interval.hi < 0;
}

/* The smallest alpha at which the interval excludes 0, whichever the sides. */
static void p_inverts_the_interval(void **state)
{
	double x[COUNT_MAX];
	uint64_t random = 5;

	(void)state;
	for (size_t trial = 0; trial < 4000; trial++) {
		size_t count = STATS_GENERATIONS_MIN + trial % 19;
		double p;

		draw(&random, (double)(trial % 7) - 3, x, count);
		p = stats_few_p(x, count);
		assert_true(p > 0 && p <= 1);
		assert_true(excludes_zero(
				    stats_few_interval(x, count, p * 1.0001)) ||
			    p == 1);
		assert_false(excludes_zero(
			stats_few_interval(x, count, p * 0.9999)));
	}
}

static void p_of_known_samples(void **state)
{
	const double apart[] = {-2, 1, 2, 3, 4, 5, 6, 7};
	const double same[] = {3, 3, 3, 3, 3, 3};
	const double wide[] = {1, 2, 3, 4, 5, 60};
	const double nothing[] = {0, 0, 0, 0, 0, 0};

	(void)state;
	/* One of eight on the other side: 2 (1 + 8) / 2^8. */
	assert_true(fabs(stats_few_p(apart, 8) - 18 / 256.) < 1e-12);
	assert_true(stats_few_p(same, 6) == 0);
	/* The nearest is a 59th of the range away. */
	assert_true(fabs(stats_few_p(wide, 6) - pow(2 * 60 / 59., -5)) < 1e-12);
	assert_true(stats_few_p(nothing, 6) == 1);
	assert_true(stats_few_p(same, 5) == 1);
}

/* p of 0.029 twice, 0.07 and 1, for a rate of 0.13: the first reaches 0.13 / 4,
 * the second 0.13 / 3, the third misses 0.13 / 2. */
static void each_has_its_rate(void **state)
{
	const double six[] = {1, 20, 30, 40, 50, 60};
	const double eight[] = {-2, 1, 2, 3, 4, 5, 6, 7};
	const double four[] = {1, 1, 1, 1};
	struct stats_comparison list[] = {
		{.x = four, .count = 4, .share = 1},
		{.x = eight, .count = 8, .share = 1},
		{.x = six, .count = 6, .share = 1},
		{.x = six, .count = 6, .share = 1},
	};
	struct interval failed = stats_few_interval(eight, 8, 0.13 / 2);

	(void)state;
	stats_holm(list, 4, 0.13);
	assert_true(list[0].proven && list[0].x == six);
	assert_true(list[1].proven && list[1].x == six);
	assert_false(list[2].proven);
	assert_ptr_equal(list[2].x, eight);
	assert_true(list[2].interval.lo == failed.lo &&
		    list[2].interval.hi == failed.hi);
	assert_false(list[3].proven);
	assert_true(isinf(list[3].interval.lo));
	/* None is proven behind one that failed, at a rate that would do. */
	stats_holm(list, 4, 0.114);
	for (size_t i = 0; i < 4; i++)
		assert_false(list[i].proven);
	/* Half of the rate is for another look. */
	for (size_t i = 0; i < 4; i++)
		list[i].share = 0.5;
	stats_holm(list, 4, 0.26);
	assert_true(list[0].proven && list[1].proven);
	stats_holm(list, 4, 0.228);
	assert_false(list[0].proven);
}

/* Of families of which none differs, and of which most do: how many have a
 * false one. */
static double false_families(size_t count, size_t differ)
{
	enum { TRIALS = 4000 };
	static double x[COMPARISONS][COUNT_MAX];
	struct stats_comparison list[COMPARISONS];
	uint64_t random = 3;
	size_t wrong = 0;

	for (size_t trial = 0; trial < TRIALS; trial++) {
		bool any = false;

		for (size_t i = 0; i < COMPARISONS; i++) {
			draw(&random, i < differ ? 3 : 0, x[i], count);
			list[i] = (struct stats_comparison){
				.x = x[i],
				.count = count,
				.share = 1,
				.owner = i < differ ? x : NULL};
		}
		stats_holm(list, COMPARISONS, 0.05);
		for (size_t i = 0; i < COMPARISONS; i++)
			any |= list[i].proven && !list[i].owner;
		wrong += any;
	}
	return (double)wrong / TRIALS;
}

static void a_family_shares_its_rate(void **state)
{
	(void)state;
	assert_true(false_families(18, 0) < 0.05);
	assert_true(false_families(18, 15) < 0.05);
	assert_true(false_families(12, 0) < 0.06);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(p_inverts_the_interval),
		cmocka_unit_test(p_of_known_samples),
		cmocka_unit_test(each_has_its_rate),
		cmocka_unit_test(a_family_shares_its_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

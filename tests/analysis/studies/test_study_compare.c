/* SPDX-License-Identifier: MIT */
/*
 * Studies are compared number by number, with intervals that all hold the truth
 * in nineteen of twenty comparisons.
 */
#include "analysis/studies/study_compare.h"
#include "core/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct study_values *values, const char *what, double value,
		double lo, double hi)
{
	assert_int_equal(study_values_add(values, "ns", value,
					  (struct interval){lo, hi}, "%s",
					  what),
			 0);
}

static void numbers_are_paired_by_name(void **state)
{
	struct study_values a = {.count = 0}, b = {.count = 0};
	struct study_changes changes;

	(void)state;
	add(&a, "fork", 100, 90, 110);
	add(&a, "gone", 1, 1, 1);
	add(&a, "same", 50, 45, 55);
	add(&a, "unknown", NAN, 1, 2); /* passed over */
	add(&a, "few", 10, -INFINITY, INFINITY);
	add(&b, "same", 51, 46, 56);
	add(&b, "fork", 200, 190, 210);
	add(&b, "few", 20, 19, 21);
	assert_int_equal(a.count, 4);
	assert_int_equal(study_compare(&a, &b, &changes), 0);
	assert_int_equal(changes.count, 3);
	assert_int_equal(changes.only_a, 1);
	assert_int_equal(changes.only_b, 0);
	assert_string_equal(changes.changes[0].a->what, "fork");
	assert_float_equal(changes.changes[0].log_ratio, log(2), 1e-12);
	assert_int_equal(study_change_mark(&changes.changes[0]), '-');
	assert_int_equal(study_change_mark(&changes.changes[1]), '?');
	assert_true(isinf(changes.changes[2].interval.hi));
	assert_int_equal(study_change_mark(&changes.changes[2]), '?');
	study_changes_free(&changes);
	assert_int_equal(study_compare(&b, &a, &changes), 0);
	assert_int_equal(study_change_mark(&changes.changes[1]), '+');
	study_changes_free(&changes);
	study_values_free(&a);
	study_values_free(&b);
}

static void cpus_that_moved_are_noticed(void **state)
{
	static const struct {
		double a, b;
		bool moved;
	} cases[] = {{70, 430, true},
		     {430, 70, true},
		     {70, 100, false},
		     {0, 430, false},
		     {70, 0, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct study_values a = {.trip_ns = cases[i].a};
		struct study_values b = {.trip_ns = cases[i].b};
		struct study_changes changes;

		assert_int_equal(study_compare(&a, &b, &changes), 0);
		assert_int_equal(
			study_cpus_moved(changes.trip_a, changes.trip_b),
			cases[i].moved);
		study_changes_free(&changes);
	}
}

/* A list of gaps may name one twice. */
static void a_name_that_stands_twice_counts_once(void **state)
{
	struct study_values a = {.count = 0}, b = {.count = 0};
	struct study_changes changes;

	(void)state;
	add(&a, "x", 1, 1, 1);
	add(&a, "x", 2, 2, 2);
	add(&b, "x", 3, 3, 3);
	add(&b, "none", 0, 0, 0); /* no ratio, but in both */
	add(&a, "none", 1, 1, 1);
	assert_int_equal(study_compare(&a, &b, &changes), 0);
	assert_int_equal(changes.count, 1);
	assert_true(changes.changes[0].a->value == 1);
	assert_int_equal(changes.only_a, 0);
	assert_int_equal(changes.only_b, 0);
	study_changes_free(&changes);
	study_values_free(&a);
	study_values_free(&b);
}

/* The ends are those of two logarithms, put together at right angles. */
static void an_interval_is_of_both(void **state)
{
	struct study_values a = {.count = 0}, b = {.count = 0};
	struct study_changes changes;

	(void)state;
	add(&a, "x", 1, exp(-3), exp(4));
	add(&b, "x", 1, exp(-3), exp(4));
	assert_int_equal(study_compare(&a, &b, &changes), 0);
	assert_float_equal(changes.changes[0].interval.lo, -5, 1e-9);
	assert_float_equal(changes.changes[0].interval.hi, 5, 1e-9);
	study_changes_free(&changes);
	study_values_free(&a);
	study_values_free(&b);
}

/* The median of so many draws, and its interval. */
static void add_draws(struct study_values *values, uint64_t *random,
		      double middle)
{
	enum { DRAWS = 21 };
	double draws[DRAWS];
	struct interval interval;
	char what[32];

	for (int i = 0; i < DRAWS; i++)
		draws[i] = middle * exp(random_normal(random, 0.2));
	stats_sort(draws, DRAWS);
	interval = stats_median_interval(draws, DRAWS, 0.05);
	snprintf(what, sizeof(what), "%zu", values->count);
	add(values, what, stats_median(draws, DRAWS), interval.lo, interval.hi);
}

/* Does any of `count` ratios, each 1.3, have an interval that lacks it? */
static bool any_errs(uint64_t *random, int count)
{
	struct study_values a = {.count = 0}, b = {.count = 0};
	struct study_changes changes;
	bool errs = false;

	for (int i = 0; i < count; i++) {
		add_draws(&a, random, 100);
		add_draws(&b, random, 130);
	}
	assert_int_equal(study_compare(&a, &b, &changes), 0);
	for (size_t i = 0; i < changes.count; i++)
		errs |= log(1.3) < changes.changes[i].interval.lo ||
			log(1.3) > changes.changes[i].interval.hi;
	study_changes_free(&changes);
	study_values_free(&a);
	study_values_free(&b);
	return errs;
}

/* 1,000 comparisons whose ratios are known. */
static void all_numbers_share_an_error_rate(void **state)
{
	static const int counts[] = {1, 5, 20};
	enum { RUNS = 1000 };
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int errors = 0;

		for (int run = 0; run < RUNS; run++)
			errors += any_errs(&random, counts[i]);
		print_message("%d numbers: %d of %d err\n", counts[i], errors,
			      RUNS);
		assert_in_range(errors, RUNS / 200, RUNS * 6 / 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_paired_by_name),
		cmocka_unit_test(cpus_that_moved_are_noticed),
		cmocka_unit_test(a_name_that_stands_twice_counts_once),
		cmocka_unit_test(an_interval_is_of_both),
		cmocka_unit_test(all_numbers_share_an_error_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

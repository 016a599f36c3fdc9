/* SPDX-License-Identifier: MIT */
/* Straight lines through times, against lines that are known. */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const double sizes[] = {16, 64, 256, 1024, 4096};
enum { SIZES = sizeof(sizes) / sizeof(*sizes) };

static struct stats_line fit(double alpha, double beta, const double *errors)
{
	struct stats_time times[SIZES];
	struct stats_line line = {NAN, NAN};

	for (size_t i = 0; i < SIZES; i++)
		times[i] = (struct stats_time){
			sizes[i],
			(alpha + beta * sizes[i]) * (errors ? errors[i] : 1)};
	assert_int_equal(stats_line(times, SIZES, &line), 0);
	return line;
}

static void a_line_is_found(void **state)
{
	struct stats_line line = fit(100, 0.5, NULL);

	(void)state;
	assert_true(fabs(line.alpha - 100) < 1e-6);
	assert_true(fabs(line.beta - 0.5) < 1e-9);
}

/* An error of 10 % of the longest time must not drown the shortest: without
 * weights alpha would be off by more than itself. */
static void errors_count_by_their_share(void **state)
{
	static const double errors[] = {1, 1, 1, 1, 1.1};
	struct stats_line line = fit(1, 1, errors);

	(void)state;
	assert_true(fabs(line.alpha - 1) < 0.7);
	assert_true(line.beta > 1 && line.beta < 1.1);
}

static void lines_meet_where_arithmetic_says(void **state)
{
	const struct stats_line serial = {10, 1}, runner = {5010, 0.5};
	const struct stats_line slower = {10, 2}, sooner = {0, 0.5};

	(void)state;
	assert_true(fabs(stats_lines_meet(&serial, &runner) - 10000) < 1e-9);
	assert_true(isnan(stats_lines_meet(&serial, &slower)));
	assert_true(isnan(stats_lines_meet(&serial, &sooner)));
}

static void one_size_makes_no_line(void **state)
{
	static const struct stats_time same[] = {{64, 10}, {64, 11}};
	struct stats_line line;

	(void)state;
	assert_int_equal(stats_line(same, 0, &line), -EDOM);
	assert_int_equal(stats_line(same, 1, &line), -EDOM);
	assert_int_equal(stats_line(same, 2, &line), -EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_found),
		cmocka_unit_test(errors_count_by_their_share),
		cmocka_unit_test(lines_meet_where_arithmetic_says),
		cmocka_unit_test(one_size_makes_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

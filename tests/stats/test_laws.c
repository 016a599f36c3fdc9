/* SPDX-License-Identifier: MIT */
/* Laws of scaling, fitted to speed-ups that follow them. */
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const double workers[] = {2, 4, 8, 16, 64};
enum { COUNT = sizeof(workers) / sizeof(*workers) };

static void make(double contention, double coherence,
		 struct stats_speedup *points)
{
	for (size_t i = 0; i < COUNT; i++) {
		double w = workers[i];

		points[i] = (struct stats_speedup){
			w, w / (1 + contention * (w - 1) +
				coherence * w * (w - 1))};
	}
}

static void a_serial_share_is_found(void **state)
{
	struct stats_speedup points[COUNT];

	(void)state;
	make(0.05, 0, points);
	assert_true(fabs(stats_amdahl(points, COUNT) - 0.05) < 1e-9);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(fabs(stats_karp_flatt(&points[i]) - 0.05) < 1e-9);
	assert_true(isnan(stats_amdahl(points, 0)));
}

/* A cache that all share is larger than one's own. */
static void more_than_the_workers_is_a_negative_share(void **state)
{
	const struct stats_speedup point = {4, 5};

	(void)state;
	assert_true(stats_karp_flatt(&point) < 0);
}

static void contention_and_coherence_are_found(void **state)
{
	struct stats_speedup points[COUNT];
	struct stats_usl usl;

	(void)state;
	make(0.03, 0.0004, points);
	assert_int_equal(stats_usl(points, COUNT, &usl), 0);
	assert_true(fabs(usl.contention - 0.03) < 1e-9);
	assert_true(fabs(usl.coherence - 0.0004) < 1e-9);
	assert_true(fabs(stats_usl_peak(&usl) - sqrt(0.97 / 0.0004)) < 1e-6);
}

/* Noise may bend a line the wrong way: neither becomes negative. */
static void neither_is_negative(void **state)
{
	struct stats_speedup points[COUNT];
	struct stats_usl usl;

	(void)state;
	make(0.1, -0.0005, points);
	assert_int_equal(stats_usl(points, COUNT, &usl), 0);
	assert_true(usl.coherence == 0 && usl.contention > 0);
	assert_true(isinf(stats_usl_peak(&usl)));
	make(-0.01, 0.002, points);
	assert_int_equal(stats_usl(points, COUNT, &usl), 0);
	assert_true(usl.contention == 0 && usl.coherence > 0);
}

/* What only loses is best alone, however its loss is told. */
static void what_only_loses_is_best_alone(void **state)
{
	const struct stats_usl contention = {2, 0}, both = {1.5, 0.1};
	const struct stats_usl coherence = {0.5, 4}, none = {NAN, NAN};
	struct stats_speedup points[COUNT];
	struct stats_usl usl;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		points[i] = (struct stats_speedup){workers[i], 0.5};
	assert_int_equal(stats_usl(points, COUNT, &usl), 0);
	assert_true(stats_usl_peak(&usl) == 1);
	assert_true(stats_usl_peak(&contention) == 1);
	assert_true(stats_usl_peak(&both) == 1);
	assert_true(stats_usl_peak(&coherence) == 1);
	assert_true(isnan(stats_usl_peak(&none)));
}

static void two_points_are_too_few(void **state)
{
	struct stats_speedup points[COUNT];
	struct stats_usl usl;

	(void)state;
	make(0.1, 0.001, points);
	assert_int_equal(stats_usl(points, 2, &usl), -EDOM);
	points[1].workers = points[2].workers = points[0].workers;
	assert_int_equal(stats_usl(points, 3, &usl), -EDOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_serial_share_is_found),
		cmocka_unit_test(more_than_the_workers_is_a_negative_share),
		cmocka_unit_test(contention_and_coherence_are_found),
		cmocka_unit_test(neither_is_negative),
		cmocka_unit_test(what_only_loses_is_best_alone),
		cmocka_unit_test(two_points_are_too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * What is excluded after a failure, without hosts and without a record.
 */
#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "bench/engine/exclusion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CONTENDERS = 3 }; /* serial, a pool, and one of the self-check */
enum { POOL = 1, CHECK = 2 };

static char last_notice[256];

static void notice(const char *text)
{
	strncpy(last_notice, text, sizeof(last_notice) - 1);
}

/* Two kernels. Nothing has been calibrated. */
struct fixture {
	char serial[8], pool[16], check[8], sum[8], dot[8];
	char *kernels[2];
	struct contender contenders[CONTENDERS];
	struct engine engine;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	strcpy(fixture->serial, "serial");
	strcpy(fixture->pool, "fork-pool");
	strcpy(fixture->check, "serial");
	strcpy(fixture->sum, "sum");
	strcpy(fixture->dot, "dot");
	fixture->kernels[0] = fixture->sum;
	fixture->kernels[1] = fixture->dot;
	fixture->contenders[ENGINE_BASE].spec = fixture->serial;
	fixture->contenders[POOL].spec = fixture->pool;
	fixture->contenders[CHECK].spec = fixture->check;
	fixture->engine = (struct engine){
		.kernels = fixture->kernels,
		.nkernels = 2,
		.contenders = fixture->contenders,
		.ncontenders = CONTENDERS - 1,
		.nself_checks = 1,
		.notice = notice,
	};
	last_notice[0] = '\0';
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	free(fixture->engine.exclusions);
	free(fixture->engine.calibrations);
	json_decref(fixture->contenders[POOL].facts);
	free(fixture);
	return 0;
}

/* As if the pool had been calibrated at a size of a kernel. */
static void calibrated(struct engine *engine, size_t kernel, uint64_t n)
{
	engine->calibrations = calloc(1, sizeof(*engine->calibrations));
	assert_non_null(engine->calibrations);
	engine->calibrations[0] = (struct calibration){
		kernel, POOL, n, WAY_RUNNER, 10, 1000, 100};
	engine->ncalibrations = 1;
}

static void a_failure_excludes_its_size_alone(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	assert_int_equal(engine_exclude(engine, 0, POOL, 64, ERROR_FAILED, "x"),
			 0);
	assert_true(engine_is_excluded(engine, POOL, 0, 64));
	assert_false(engine_is_excluded(engine, POOL, 0, 16));
	assert_false(engine_is_excluded(engine, POOL, 0, 256));
	assert_false(engine_is_excluded(engine, POOL, 1, 64));
	assert_false(engine_is_excluded(engine, ENGINE_BASE, 0, 64));
	assert_true(engine_has_contenders(engine));
}

static void the_third_failure_excludes_the_kernel(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	for (uint64_t n = 16; n <= 64; n *= 2)
		engine_exclude(engine, 0, POOL, n, ERROR_FAILED, "x");
	assert_true(engine_is_excluded(engine, POOL, 0, 4096));
	assert_false(engine_is_excluded(engine, POOL, 1, 4096));
}

static void memory_excludes_larger_sizes_too(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	engine_exclude(engine, 0, POOL, 64, ERROR_MEMORY, "x");
	assert_true(engine_is_excluded(engine, POOL, 0, 256));
	assert_false(engine_is_excluded(engine, POOL, 0, 16));
}

static void skipped_at_first_it_has_no_size(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	engine_exclude(engine, 0, POOL, 64, ERROR_SKIPPED, "x");
	assert_true(engine_is_excluded(engine, POOL, 0, 16));
}

static void skipped_later_it_keeps_smaller_sizes(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	calibrated(engine, 0, 16);
	engine_exclude(engine, 0, POOL, 64, ERROR_SKIPPED, "x");
	assert_false(engine_is_excluded(engine, POOL, 0, 16));
	assert_true(engine_is_excluded(engine, POOL, 0, 256));
}

static void a_leak_excludes_the_kernel(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	engine->contenders[POOL].host.leaks = true;
	engine_exclude(engine, 0, POOL, 64, ERROR_INVALID, "spin leak");
	assert_true(engine_is_excluded(engine, POOL, 0, 16));
}

static void the_base_takes_all_with_it(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	engine_exclude_base(engine, 1, 64, ERROR_FAILED, "x");
	assert_true(engine_is_excluded(engine, ENGINE_BASE, 1, 64));
	assert_true(engine_is_excluded(engine, POOL, 1, 64));
	assert_false(engine_is_excluded(engine, POOL, 0, 64));
}

static void a_self_check_is_named_and_excluded_at_once(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;

	engine_exclude(engine, 0, CHECK, 64, ERROR_FAILED, "x");
	assert_non_null(strstr(last_notice, "self-check"));
	assert_true(engine_is_excluded(engine, CHECK, 0, 16));
}

static void a_contender_that_does_not_open_is_out(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;
	struct contender *pool = &engine->contenders[POOL];

	assert_int_equal(engine_exclude_contender(engine, pool, ERROR_LATE),
			 ERROR_LATE);
	assert_true(engine_has_contenders(engine));
	assert_int_equal(engine_exclude_contender(engine, pool, ERROR_FAILED),
			 0);
	assert_false(engine_has_contenders(engine));
	assert_true(engine_is_excluded(engine, POOL, 1, 16));
	assert_non_null(strstr(last_notice, "fork-pool"));
}

static void runners_may_be_too_slow_and_the_base_may_not(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;
	struct contender *pool = &engine->contenders[POOL];

	assert_int_equal(engine_check_budget(engine, POOL, 2e6), 0);
	engine->longest_ns = 1e6;
	assert_int_equal(engine_check_budget(engine, ENGINE_BASE, 2e6), 0);
	assert_int_equal(engine_check_budget(engine, POOL, 1e6), 0);
	assert_int_equal(engine_check_budget(engine, POOL, 2e6), ERROR_SKIPPED);
	assert_int_equal(pool->host.error.kind, ERROR_SKIPPED);
	assert_non_null(strstr(pool->host.error.text, "2 ms"));
}

static void a_calibration_learns_until_it_is_refuted(void **state)
{
	struct engine *engine = &((struct fixture *)*state)->engine;
	uint64_t calls = 0;
	double ns = 0;

	calibrated(engine, 0, 16);
	engine->n = 16;
	engine->epoch_ns = 1000;
	assert_true(engine_has_calibration(engine, POOL, 0, 0));
	assert_false(engine_has_calibration(engine, POOL, 1, 0));
	assert_int_equal(
		engine_calibrate(engine, POOL, WAY_RUNNER, &calls, &ns), 0);
	assert_int_equal(calls, 10);
	assert_true(ns == 100);
	engine_update_calibration(engine, POOL, WAY_TILES, 1, 1);
	engine_update_calibration(engine, POOL, WAY_RUNNER, 10, 0);
	/* It was stalled. */
	engine_update_calibration(engine, POOL, WAY_RUNNER, 10, 10000);
	assert_int_equal(
		engine_calibrate(engine, POOL, WAY_RUNNER, &calls, &ns), 0);
	assert_int_equal(calls, 10);
	assert_true(engine_get_fastest_ns(engine, POOL, WAY_RUNNER) == 100);
	engine_update_calibration(engine, POOL, WAY_RUNNER, 10, 500);
	assert_true(engine_get_fastest_ns(engine, POOL, WAY_RUNNER) == 50);
	/* 1,500 ns for 20 calls so far. */
	assert_int_equal(
		engine_calibrate(engine, POOL, WAY_RUNNER, &calls, &ns), 0);
	assert_int_equal(calls, 13);
	assert_true(ns == 75);
	assert_int_equal(engine->ncalibrations, 1);
	engine_update_calibration(engine, POOL, WAY_RUNNER, 10, 300);
	/* Too short: those before were disturbed. */
	assert_int_equal(
		engine_calibrate(engine, POOL, WAY_RUNNER, &calls, &ns), 0);
	assert_int_equal(calls, 33);
	assert_true(ns == 30);
	assert_int_equal(engine->ncalibrations, 1);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failure_excludes_its_size_alone),
		TEST(the_third_failure_excludes_the_kernel),
		TEST(memory_excludes_larger_sizes_too),
		TEST(skipped_at_first_it_has_no_size),
		TEST(skipped_later_it_keeps_smaller_sizes),
		TEST(a_leak_excludes_the_kernel),
		TEST(the_base_takes_all_with_it),
		TEST(a_self_check_is_named_and_excluded_at_once),
		TEST(a_contender_that_does_not_open_is_out),
		TEST(runners_may_be_too_slow_and_the_base_may_not),
		TEST(a_calibration_learns_until_it_is_refuted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * How much of a plan fits a budget, where it is known what things take.
 */
#include "bench/engine/contender.h"
#include "bench/session/session_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A kernel at eight sizes under one runner, of hosts that take 15 ms each. */
static struct {
	struct contender contenders[2];
	char *kernels[1];
	struct sizes sizes[1];
	struct engine engine;
	struct session_plan plan;
} planned;

static char serial[] = "serial", planted[] = "planted", spin[] = "spin";

/* Calls of `ns` at the smallest size; sizes are named or not. */
static void fit(double budget, double ns, bool named)
{
	planned.contenders[0].bare = serial;
	planned.contenders[1].bare = planted;
	planned.kernels[0] = spin;
	planned.sizes[0] = (struct sizes){.count = 8};
	for (size_t i = 0; i < 8; i++) {
		planned.sizes[0].n[i] = UINT64_C(64) << (2 * i);
		planned.sizes[0].ns[i] = ns * (double)(1 << (2 * i));
		planned.sizes[0].ready_s[i] =
			1e-3 + 2e-9 * planned.sizes[0].ns[i];
	}
	planned.engine = (struct engine){
		.kernels = planned.kernels,
		.nkernels = 1,
		.contenders = planned.contenders,
		.ncontenders = 2,
		.nself_checks = 2,
		.ncpus = 2,
		.epoch_ns = 1e6,
		.ask_s = 5e-4,
	};
	planned.plan = (struct session_plan){
		.options = {.budget = budget,
			    .sizes = {.hi = named ? 1 << 20 : 0}},
		.looks = true,
		.proof = true,
		.opening_s = 0.015,
		.sizes = planned.sizes,
	};
	session_plan_fit(&planned.plan, &planned.engine);
}

static void where_there_is_time_nothing_is_left_out(void **state)
{
	(void)state;
	fit(60, 440, false);
	assert_int_equal(planned.plan.generations, 12);
	assert_int_equal(planned.plan.rounds, 1);
	assert_int_equal(planned.sizes[0].count, 8);
	assert_true(planned.engine.epoch_ns == 1e6);
}

/* Named sizes all stay: epochs are shorter, then generations fewer, down to
 * those that the first look needs to prove eight cells. */
static void named_sizes_cost_generations(void **state)
{
	(void)state;
	fit(4, 440, true);
	assert_int_equal(planned.plan.generations, 10);
	assert_int_equal(planned.plan.rounds, 1);
	assert_int_equal(planned.sizes[0].count, 8);
	assert_in_range((uintmax_t)planned.engine.epoch_ns, 500000, 999999);
}

/* Other sizes go, the longest first; then there is time for whole epochs. */
static void sizes_go_before_generations(void **state)
{
	(void)state;
	fit(5, 440, false);
	assert_int_equal(planned.plan.generations, 12);
	assert_in_range(planned.sizes[0].count, 5, 7);
	assert_int_equal(planned.sizes[0].n[0], 64);
	assert_true(planned.engine.epoch_ns == 1e6);
}

/* Then nothing can be proven, and six generations say at least something. */
static void a_budget_for_processes_alone_has_few_visits(void **state)
{
	(void)state;
	fit(1, 440, false);
	assert_int_equal(planned.plan.generations, 6);
	assert_int_equal(planned.plan.rounds, 2);
	assert_true(planned.sizes[0].count <= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_there_is_time_nothing_is_left_out),
		cmocka_unit_test(named_sizes_cost_generations),
		cmocka_unit_test(sizes_go_before_generations),
		cmocka_unit_test(a_budget_for_processes_alone_has_few_visits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

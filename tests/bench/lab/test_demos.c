/* SPDX-License-Identifier: MIT */
/*
 * What lessons look at by themselves: the same on every machine, but for the
 * ruler.
 */
#include "bench/lab/demos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static double show(const char *name, const char *what)
{
	const struct demo *demo = demo_find(name);
	struct demo_value values[DEMO_VALUES_MAX];

	assert_non_null(demo);
	assert_int_equal(demo->run(values), 0);
	for (size_t i = 0; i < DEMO_VALUES_MAX && demo->names[i]; i++)
		if (strcmp(demo->names[i], what) == 0)
			return values[i].value;
	fail_msg("%s shows no '%s'", name, what);
	return 0;
}

static void children_are_processes(void **state)
{
	(void)state;
	assert_true(show("children", "pids") == 6);
}

static void processes_share_what_is_shared(void **state)
{
	(void)state;
	assert_true(show("memory", "threads") == 5);
	assert_true(show("memory", "processes") == 0);
	assert_true(show("memory", "shared") == 5);
}

static void sums_depend_on_their_order(void **state)
{
	(void)state;
	assert_true(show("order", "sums") >= 2);
	assert_true(show("order", "sums") <= 4);
	assert_true(show("order", "apart") > 1);
}

static void a_crash_takes_threads_along(void **state)
{
	(void)state;
	assert_true(show("crash", "threads") == 0);
	assert_true(show("crash", "processes") == 3);
}

static void equal_runs_are_not_equal(void **state)
{
	(void)state;
	assert_true(show("ruler", "all") >= 1);
	assert_true(show("ruler", "claim") >= 1);
	assert_true(show("ruler", "half") >= 1);
}

static void other_demos_there_are_none(void **state)
{
	(void)state;
	assert_null(demo_find("none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(children_are_processes),
		cmocka_unit_test(processes_share_what_is_shared),
		cmocka_unit_test(sums_depend_on_their_order),
		cmocka_unit_test(a_crash_takes_threads_along),
		cmocka_unit_test(equal_runs_are_not_equal),
		cmocka_unit_test(other_demos_there_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The numbers of workers at which machines that are not here change.
 */
#include "system/topology.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "2 two, 8 one L3 cache, ..." */
static void check_steps(const char *machine, const char *expected)
{
	struct worker_step steps[WORKER_STEPS_MAX];
	struct topology *topology = NULL;
	struct error error;
	char text[256] = "";
	unsigned count;

	if (topology_load(machine, &topology, &error))
		fail_msg("%s", error.text);
	count = topology_steps(topology, steps);
	for (unsigned i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%u %s", i ? ", " : "", steps[i].workers,
			 steps[i].reach);
	assert_string_equal(text, expected);
	topology_free(topology);
}

static void each_level_is_a_step(void **state)
{
	(void)state;
	check_steps("pack:2 numa:4 l3:2 core:8 pu:2",
		    "2 two, 8 one L3 cache, 16 one NUMA node, 64 one package, "
		    "128 all cores, 256 all hardware threads");
}

/* The larger one has the name. */
static void levels_that_are_one_are_one_step(void **state)
{
	(void)state;
	check_steps("pack:1 numa:1 l3:1 core:8 pu:2",
		    "2 two, 8 all cores, 16 all hardware threads");
	check_steps("pack:2 l3:1 core:2 pu:1", "2 one package, 4 all cores");
	check_steps("pack:2 l3:1 core:64 pu:2",
		    "2 two, 64 one package, 128 all cores, 256 all hardware "
		    "threads");
}

/* Some clusters of cores share no L3, and a part of a package is no step. */
static void what_is_missing_is_no_step(void **state)
{
	(void)state;
	check_steps("core:4 pu:1", "2 two, 4 all cores");
	check_steps("pu:6", "2 two, 6 all cores");
	check_steps("core:1 pu:2", "2 all hardware threads");
}

static void one_cpu_has_none(void **state)
{
	(void)state;
	check_steps("pu:1", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_level_is_a_step),
		cmocka_unit_test(levels_that_are_one_are_one_step),
		cmocka_unit_test(what_is_missing_is_no_step),
		cmocka_unit_test(one_cpu_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

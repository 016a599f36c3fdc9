/* SPDX-License-Identifier: MIT */
/*
 * How far workers are from those that release them: read from real CPUs.
 */
#include "bench/studies/latency.h"
#include "tests/this_machine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void links_are_read(void **state)
{
	struct latency links = {0};
	int cpus[3];

	(void)state;
	if (topology_order(topology, PIN_CORE, cpus, 2) < 2)
		skip();
	/* Workers 1 and 2 take turns on one CPU: both are released by 0. */
	cpus[2] = cpus[1];
	assert_int_equal(latency_measure_links(topology, cpus, 3, &links), 0);
	assert_true(links.least > 0);
	assert_true(links.least <= links.median && links.median <= links.most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_are_read),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

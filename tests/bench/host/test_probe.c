/* SPDX-License-Identifier: MIT */
/*
 * The probe, whose two ends have a CPU each, or share one, as under load on all
 * CPUs.
 */
#include "bench/host/probe.h"
#include "tests/this_machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

enum {
	TRIPS = 2 * 9 * 20, /* of one reading */
	LOOKS_US = 1000,    /* CPU time that a trip may take in vain */
};

static int64_t cpu_time_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* A process that waits for one that does not run yields: polling for as long as
 * the kernel allows would take milliseconds for each trip. */
static void two_on_one_cpu_give_way(void **state)
{
	int order[2], cpus[2];
	struct interference interference;
	struct probe *probe;
	int64_t before;

	(void)state;
	assert_true(topology_order(topology, PIN_NONE, order, 2) >= 1);
	cpus[0] = cpus[1] = order[0];
	probe = probe_open(topology, cpus, 2);
	assert_non_null(probe);
	/* Binds the child. */
	assert_int_equal(probe_interference(probe, cpus, 2, &interference), 0);
	assert_true(interference.together_ns > 0 && interference.alone_ns > 0);
	before = cpu_time_us();
	assert_true(probe_round_trip(probe) > 0);
	assert_in_range(cpu_time_us() - before, 0, TRIPS * LOOKS_US);
	probe_close(probe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_on_one_cpu_give_way),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: MIT */
#include "system/cpu_load.h"

#include "tests/fake_root.h"

#include <math.h>
#include <unistd.h>

static void without_proc_it_is_not_known(void **state)
{
	assert_true(isnan(cpu_load_busy_s(*state)));
	put(*state, "/proc/stat", "cpu 1 2\n");
	assert_true(isnan(cpu_load_busy_s(*state)));
}

/* Neither idle time nor what waits for a disk, but what was stolen. */
static void what_was_not_idle_was_busy(void **state)
{
	double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);

	put(*state, "/proc/stat",
	    "cpu  1 20 300 4000 50000 600000 7000000 80000000 0 0\n"
	    "cpu0 9 9 9 9 9 9 9 9 9 9\n");
	assert_float_equal(cpu_load_busy_s(*state), 87600321 * tick, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(without_proc_it_is_not_known),
		test_in_root(what_was_not_idle_was_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * CPU clocks of those who run while they are read.
 */
#include "bench/cpu_clock.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { READINGS = 200 };

static const struct timespec pause_between = {.tv_nsec = 100000};

/* A tick is a millisecond at least: in 20 ms and a little, a clock that moves
 * at ticks only is seen to move some twenty times. */
static void a_running_child_is_counted_up_to_now(void **state)
{
	struct cpu_clock clock;
	int moved = 0;
	int64_t last;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		for (volatile int spin = 0;; spin++)
			;
	assert_true(pid > 0);
	assert_int_equal(cpu_clock_open(&clock, getpid()), 0);
	assert_int_equal(clock.count, 2);
	last = cpu_clock_exact_ns(&clock);
	for (int i = 0; i < READINGS; i++) {
		int64_t now;

		nanosleep(&pause_between, NULL);
		now = cpu_clock_exact_ns(&clock);
		assert_true(now >= last);
		/* More than the reading itself takes. */
		moved += now - last > 50000;
		last = now;
	}
	cpu_clock_close(&clock);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	/* It may have to share its CPU with others. */
	assert_true(moved > READINGS / 4);
}

/* Those who were waited for are gone from /proc. */
static void a_child_that_has_ended_counts(void **state)
{
	struct cpu_clock clock;
	struct timespec used;
	int64_t before;
	pid_t pid;

	(void)state;
	assert_int_equal(cpu_clock_open(&clock, getpid()), 0);
	before = cpu_clock_exact_ns(&clock);
	pid = fork();
	if (pid == 0) {
		do
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
		while (used.tv_nsec < 20000000);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	assert_true(cpu_clock_exact_ns(&clock) - before >= 19000000);
	cpu_clock_close(&clock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_running_child_is_counted_up_to_now),
		cmocka_unit_test(a_child_that_has_ended_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

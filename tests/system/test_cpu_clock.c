/* SPDX-License-Identifier: MIT */
/*
 * CPU clocks of processes that run while the clocks are read.
 */
#include "system/cpu_clock.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { READINGS = 200 };

static const struct timespec pause_between = {.tv_nsec = 100000};

/* A clock of the calling process's own is exact. */
static int64_t own_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The child says all the time how much it has used. Read from outside, a clock
 * that moves at ticks only would lag behind by up to 4 ms. */
static void a_running_child_is_counted_up_to_now(void **state)
{
	void *page = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	_Atomic int64_t *said = page;
	struct cpu_clock clock;
	pid_t pid;

	(void)state;
	assert_ptr_not_equal(page, MAP_FAILED);
	pid = fork();
	if (pid == 0)
		for (;;)
			atomic_store(said, own_ns());
	assert_true(pid > 0);
	assert_int_equal(cpu_clock_open(&clock, getpid()), 0);
	assert_int_equal(clock.count, 2);
	for (int i = 0; i < READINGS; i++) {
		int64_t min, own, now;

		nanosleep(&pause_between, NULL);
		min = atomic_load(said);
		own = own_ns();
		now = cpu_clock_exact_ns(&clock);
		assert_true(now - own >= min);
		/* It is not ahead either: the child reaches this value. */
		while (atomic_load(said) < now - own_ns())
			nanosleep(&pause_between, NULL);
	}
	cpu_clock_close(&clock);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	munmap(page, sizeof(*said));
}

/* Children that were waited for are not in /proc any more. */
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

/* SPDX-License-Identifier: MIT */
/*
 * Each case runs in a process of its own, with a deadline, and must leave no
 * process behind.
 */
#ifndef BREAKEVEN_TESTS_LIB_IN_CHILD_H
#define BREAKEVEN_TESTS_LIB_IN_CHILD_H

#include "runners/process/shm.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { TEXT = 1024, DEADLINE_S = 600 };

static char *failure; /* shared by all, TEXT bytes */

/* Memory that a case shares with its processes; cleared before each case. */
static void *case_memory;
static size_t case_size;

#define fail_in_child(...)                                                     \
	do {                                                                   \
		snprintf(failure, TEXT, __VA_ARGS__);                          \
		return -1;                                                     \
	} while (0)

#define check_in_child(condition, format, ...)                                 \
	do {                                                                   \
		if (!(condition))                                              \
			fail_in_child("not so: %s: " format, #condition,       \
				      ##__VA_ARGS__);                          \
	} while (0)

/* Has the case left no process? Its orphans become children of this process. */
static void assert_alone(const char *what)
{
	const struct timespec tick = {.tv_nsec = 10000000};
	pid_t pid = 0;

	for (int i = 0; i < 100 && pid >= 0; i++) {
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid == 0)
			nanosleep(&tick, NULL);
	}
	if (pid >= 0 || errno != ECHILD)
		fail_msg("%s left a process behind", what);
}

/* Cases crash on purpose: undo cmocka's handlers of these signals. */
static void become_case(void)
{
	static const int crashes[] = {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS};

	for (size_t i = 0; i < COUNT(crashes); i++)
		signal(crashes[i], SIG_DFL);
	alarm(DEADLINE_S);
}

/* Run check(flags, workers) in a child: it returns 0, or writes `failure`. */
static void in_child(const char *what, int (*check)(unsigned, unsigned),
		     unsigned flags, unsigned workers)
{
	char end[CHILD_END_MAX];
	pid_t pid;

	failure[0] = '\0';
	if (case_memory)
		memset(case_memory, 0, case_size);
	pid = child_fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		become_case();
		_exit(check(flags, workers) ? 1 : CHILD_DONE);
	}
	if (!child_reap(pid, end))
		fail_msg("%s, flags %u, %u workers: %s: %s", what, flags,
			 workers, end, failure);
	assert_alone(what);
}

/* With `size` bytes of case_memory; 0: none. */
static int prepare_cases(size_t size)
{
	failure = shm_alloc(TEXT);
	case_size = size;
	case_memory = size ? shm_alloc(size) : NULL;
	if (!failure || (size && !case_memory))
		return -1;
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

#endif

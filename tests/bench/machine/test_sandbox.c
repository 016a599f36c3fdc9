/* SPDX-License-Identifier: MIT */
/*
 * FAULTS row 39: system calls that are refused. Each case runs in a child of
 * its own, since there is no way back.
 */
#include "bench/machine/sandbox.h"
#include "system/topology.h"
#include "tests/faults/refuse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SKIPPED = 77 };

static const char *const errors[] = {"EPERM", "ENOSYS", "EOPNOTSUPP", "EACCES"};

/* The exit status of a child that does `act` where `call` is refused; SKIPPED
 * where nothing can be refused. */
static int status_of(const char *call, const char *error,
		     int (*act)(const char *call))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(refuse(call, error) < 0 ? SKIPPED : act(call));
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect(const char *call, int (*act)(const char *call))
{
	/* Or all would be skipped. */
	assert_true(refuse_find(refuse_calls, call) >= 0);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		int status = status_of(call, errors[i], act);

		if (status == SKIPPED)
			skip();
		if (status)
			fail_msg("%s %s: %d", call, errors[i], status);
	}
}

static int is_noticed(const char *call)
{
	char text[SANDBOX_TEXT_MAX];

	if (sandbox_try(text) < 0)
		return 1;
	return strstr(text, call) && strchr(text, '(') ? 0 : 2;
}

static int is_fatal(const char *call)
{
	char text[SANDBOX_TEXT_MAX];

	if (sandbox_try(text) >= 0)
		return 1;
	return strstr(text, call) && strstr(text, "allow it") ? 0 : 2;
}

/* No figure needs it. */
static int is_nothing(const char *call)
{
	char text[SANDBOX_TEXT_MAX];

	(void)call;
	return sandbox_try(text) < 0 || text[0];
}

static int has_no_topology(const char *call)
{
	struct topology *topology;
	struct error error;

	if (!topology_load(NULL, &topology, &error))
		return 1;
	if (!strstr(error.text, call))
		return 2;
	/* Another machine's is no matter of this kernel's. */
	if (topology_load("pack:2 core:2 pu:1", &topology, &error))
		return 3;
	topology_free(topology);
	return 0;
}

static int may_not_bind(const char *call)
{
	return is_noticed(call) || sandbox_may_bind();
}

static void nothing_is_refused_here(void **state)
{
	char text[SANDBOX_TEXT_MAX];

	(void)state;
	if (sandbox_try(text) < 0 || text[0])
		skip();
	assert_true(sandbox_may_bind());
}

static void what_can_be_done_without_is_noticed(void **state)
{
	(void)state;
	expect("prctl", is_noticed);
	expect("madvise", is_noticed);
	expect("sched_setscheduler", is_noticed);
	expect("membarrier", is_noticed);
	expect("pidfd_open", is_noticed);
	expect("sched_setaffinity", may_not_bind);
}

static void what_cannot_is_an_error(void **state)
{
	(void)state;
	expect("memfd_create", is_fatal);
	expect("kill", is_fatal);
	expect("waitid", is_fatal);
	expect("setpgid", is_fatal);
}

static void what_is_not_used_is_not_told(void **state)
{
	(void)state;
	expect("mbind", is_nothing);
	expect("perf_event_open", is_nothing);
	expect("fallocate", is_nothing);
	expect("mlock", is_nothing);
}

/* hwloc would ask for ever. */
static void cpus_that_cannot_be_asked_for_are_an_error(void **state)
{
	(void)state;
	expect("sched_getaffinity", has_no_topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_refused_here),
		cmocka_unit_test(what_can_be_done_without_is_noticed),
		cmocka_unit_test(what_cannot_is_an_error),
		cmocka_unit_test(what_is_not_used_is_not_told),
		cmocka_unit_test(cpus_that_cannot_be_asked_for_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

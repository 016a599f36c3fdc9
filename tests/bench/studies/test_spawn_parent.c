/* SPDX-License-Identifier: MIT */
/*
 * A parent is a process of its own: it ends as it should, whatever happens in
 * it, and leaves no process behind.
 */
#include "bench/studies/spawn_parent.h"
#include "core/error.h"
#include "system/child_fork.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RUNS = 3, OPS_MAX = 2, MIB = 1 << 20 };

static double ns[OPS_MAX * RUNS], count[OPS_MAX * RUNS];
static struct spawn_op_end ends[OPS_MAX];

static struct spawn_parent make(const struct spawn_op *ops, size_t nops)
{
	return (struct spawn_parent){.ballast = 8 * MIB,
				     .ops = ops,
				     .nops = nops,
				     .runs = RUNS,
				     .interrupt_fd = -1,
				     .ns = ns,
				     .count = count,
				     .ends = ends};
}

static void assert_childless(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int good(const struct spawn_context *context, const struct spawn_op *op,
		struct spawn_sample *sample)
{
	(void)context;
	(void)op;
	*sample = (struct spawn_sample){1000000, 7};
	return 0;
}

static int bad(const struct spawn_context *context, const struct spawn_op *op,
	       struct spawn_sample *sample)
{
	(void)op;
	(void)sample;
	snprintf(context->error, ERROR_TEXT_MAX, "for a reason");
	return -EAGAIN;
}

/* In a process group of the parent's, with a child that waits for ever. */
static int die(const struct spawn_context *context, const struct spawn_op *op,
	       struct spawn_sample *sample)
{
	(void)context;
	(void)op;
	(void)sample;
	if (child_fork() == 0)
		for (;;)
			pause();
	raise(SIGKILL);
	return 0;
}

static int hang(const struct spawn_context *context, const struct spawn_op *op,
		struct spawn_sample *sample)
{
	(void)context;
	(void)op;
	(void)sample;
	if (child_fork() >= 0)
		for (;;)
			pause();
	return -errno;
}

static void what_it_finds_comes_back(void **state)
{
	const struct spawn_op ops[] = {{"good", good, NULL, 0}};
	struct spawn_parent parent = make(ops, 1);

	(void)state;
	assert_int_equal(spawn_parent_run(&parent), 0);
	for (int run = 0; run < RUNS; run++)
		assert_true(ns[run] == 1e6 && count[run] == 7);
	assert_true(parent.rss_mib >= 8);
	assert_childless();
}

static void an_act_fails_alone(void **state)
{
	const struct spawn_op ops[] = {{"bad", bad, NULL, 0},
				       {"good", good, NULL, 0}};
	struct spawn_parent parent = make(ops, 2);

	(void)state;
	assert_int_equal(spawn_parent_run(&parent), 0);
	assert_int_equal(ends[0].rc, -EAGAIN);
	assert_string_equal(ends[0].error, "for a reason");
	assert_true(isnan(ns[0]));
	assert_int_equal(ends[1].rc, 0);
	assert_true(ns[RUNS] == 1e6);
	assert_childless();
}

static void a_death_is_told(void **state)
{
	const struct spawn_op ops[] = {{"die", die, NULL, 0}};
	struct spawn_parent parent = make(ops, 1);

	(void)state;
	assert_int_equal(spawn_parent_run(&parent), ERROR_FAILED);
	assert_non_null(strstr(parent.error.text, "signal 9"));
	assert_childless();
}

/* An interrupt ends it and its children, which would never end. */
static void an_interrupt_ends_it(void **state)
{
	const struct spawn_op ops[] = {{"hang", hang, NULL, 0}};
	struct spawn_parent parent = make(ops, 1);
	int ready[2];

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(write(ready[1], "", 1), 1);
	parent.interrupt_fd = ready[0];
	assert_int_equal(spawn_parent_run(&parent), ERROR_INTERRUPTED);
	assert_childless();
	close(ready[0]);
	close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_finds_comes_back),
		cmocka_unit_test(an_act_fails_alone),
		cmocka_unit_test(a_death_is_told),
		cmocka_unit_test(an_interrupt_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

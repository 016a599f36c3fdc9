/* SPDX-License-Identifier: MIT */
/*
 * Every op does what its name says, counts what it should, and leaves nothing.
 */
#include "bench/studies/spawn_ops.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { RUNS = 2, OPS_MAX = 16, MIB = 1 << 20 };

static double ns[OPS_MAX * RUNS], count[OPS_MAX * RUNS];
static struct spawn_op_end ends[OPS_MAX];

/* All of them, each of which must succeed. */
static void run(const struct spawn_op *ops, size_t nops, size_t region)
{
	struct spawn_parent parent = {.ballast = MIB,
				      .region = region,
				      .ops = ops,
				      .nops = nops,
				      .runs = RUNS,
				      .interrupt_fd = -1,
				      .ns = ns,
				      .count = count,
				      .ends = ends};

	assert_true(nops <= OPS_MAX);
	if (spawn_parent_run(&parent))
		fail_msg("the parent: %s", parent.error.text);
	for (size_t i = 0; i < nops; i++)
		if (ends[i].rc)
			fail_msg("%s: %s", ops[i].name, ends[i].error);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static size_t find(const struct spawn_op *ops, size_t nops, const char *name)
{
	for (size_t i = 0; i < nops; i++)
		if (strcmp(ops[i].name, name) == 0)
			return i;
	fail_msg("there is no %s", name);
	return 0;
}

static void assert_timed(size_t nops)
{
	for (size_t i = 0; i < nops * RUNS; i++)
		assert_true(ns[i] > 0);
}

static void all_can_be_created(void **state)
{
	(void)state;
	run(spawn_creation, spawn_ncreation, 0);
	assert_timed(spawn_ncreation);
	run(spawn_article, spawn_narticle, 0);
	assert_timed(spawn_narticle);
}

/* One fault for each page that is touched or copied, in small pages; none where
 * the child has left, and the page is the parent's again, but for what is
 * write-protected still. */
static void faults_are_counted(void **state)
{
	enum { REGION = 2 * MIB, PAGES = REGION / 4096 };
	const char *const once[] = {"first touch, parent", "first touch, child",
				    "copy-on-write, child",
				    "copy-on-write, parent"};

	(void)state;
	run(spawn_faults, spawn_nfaults, REGION);
	for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++) {
		size_t op = find(spawn_faults, spawn_nfaults, once[i]);

		for (int r = 0; r < RUNS; r++)
			assert_in_range((uintmax_t)count[op * RUNS + (size_t)r],
					PAGES * 9 / 10, PAGES * 12 / 10);
	}
}

/* The article's sentence, tried. */
static void threads_share_and_processes_do_not(void **state)
{
	size_t process, thread;

	(void)state;
	run(spawn_memory, spawn_nmemory, 0);
	process = find(spawn_memory, spawn_nmemory, "process");
	thread = find(spawn_memory, spawn_nmemory, "thread");
	for (size_t r = 0; r < RUNS; r++) {
		assert_true(count[process * RUNS + r] == 0);
		assert_true(count[thread * RUNS + r] == 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_can_be_created),
		cmocka_unit_test(faults_are_counted),
		cmocka_unit_test(threads_share_and_processes_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

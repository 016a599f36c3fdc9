/* SPDX-License-Identifier: MIT */
/*
 * Kills for lack of memory, of trees of files like those of the kernel.
 */
#include "system/oom.h"

#include "tests/fake_root.h"

#define CGROUP "/sys/fs/cgroup"

static void a_machine_without_counts_killed_none(void **state)
{
	assert_int_equal(oom_kills(*state), 0);
	put(*state, "/proc/self/cgroup", "0::/\n");
	put(*state, CGROUP "/memory.events", "low 1\n");
	assert_int_equal(oom_kills(*state), 0);
}

static void without_groups_the_machine_counts(void **state)
{
	put(*state, "/proc/vmstat", "nr_free_pages 3\noom_kill 2\n");
	assert_int_equal(oom_kills(*state), 2);
	assert_string_equal(oom_reason(*state),
			    "out of memory on this machine");
	assert_null(oom_since(*state, 2));
	assert_string_equal(oom_since(*state, 1),
			    "out of memory on this machine");
}

/* Our own group, not those above it, which may have other children. */
static void a_group_counts(void **state)
{
	put(*state, "/proc/vmstat", "oom_kill 9\n");
	put(*state, "/proc/self/cgroup", "0::/a/b\n");
	put(*state, CGROUP "/a/memory.events", "oom_kill 7\n");
	put(*state, CGROUP "/a/b/memory.events",
	    "low 0\nhigh 0\nmax 5\noom 4\noom_kill 3\noom_group_kill 0\n");
	assert_int_equal(oom_kills(*state), 3);
}

static void a_group_of_version_1_counts(void **state)
{
	put(*state, "/proc/self/cgroup", "4:memory:/a\n0::/\n");
	put(*state, CGROUP "/memory/memory.oom_control", "oom_kill 7\n");
	put(*state, CGROUP "/memory/a/memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	assert_int_equal(oom_kills(*state), 3);
	put(*state, CGROUP "/memory/a/memory.limit_in_bytes", "4096\n");
	assert_string_equal(oom_reason(*state),
			    "out of memory in its control group");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(a_machine_without_counts_killed_none),
		test_in_root(without_groups_the_machine_counts),
		test_in_root(a_group_counts),
		test_in_root(a_group_of_version_1_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

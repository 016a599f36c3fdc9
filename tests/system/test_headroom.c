/* SPDX-License-Identifier: MIT */
/*
 * What memory is left, of trees of files like those of the kernel.
 */
#include "system/headroom.h"

#include "tests/fake_root.h"

#include <sys/resource.h>

#define MEMINFO                                                                \
	"MemTotal: 8192 kB\nMemAvailable:    4096 kB\nSwapFree: 1024 kB\n"

enum { MIB = 1 << 20 };

static void nothing_said_is_no_limit(void **state)
{
	assert_true(headroom(*state) == UINT64_MAX);
	put(*state, "/proc/meminfo", "junk\n");
	put(*state, "/proc/self/cgroup", "junk\n");
	assert_true(headroom(*state) == UINT64_MAX);
}

static void the_machine_limits(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	assert_int_equal(headroom(*state), 5 * MIB);
}

/* The tighter one of a group and those above it, caches counted as free. */
static void groups_limit(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	put(*state, "/proc/self/cgroup", "0::/a/b\n");
	put(*state, "/sys/fs/cgroup/a/b/memory.max", "max\n");
	put(*state, "/sys/fs/cgroup/a/b/memory.current", "999999999\n");
	assert_int_equal(headroom(*state), 5 * MIB);
	put(*state, "/sys/fs/cgroup/a/memory.max", "4194304\n");
	put(*state, "/sys/fs/cgroup/a/memory.current", "3145728\n");
	assert_int_equal(headroom(*state), MIB);
	put(*state, "/sys/fs/cgroup/a/memory.stat",
	    "anon 5\nfile 9\ninactive_file 1048576\nactive_file 1048576\n");
	assert_int_equal(headroom(*state), 3 * MIB);
	put(*state, "/sys/fs/cgroup/a/memory.current", "5000000000\n");
	assert_int_equal(headroom(*state), 0);
}

static void groups_of_version_1_limit(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	put(*state, "/proc/self/cgroup", "4:memory:/a\n1:cpu:/b\n");
	put(*state, "/sys/fs/cgroup/memory/a/memory.limit_in_bytes",
	    "9223372036854771712\n");
	put(*state, "/sys/fs/cgroup/memory/a/memory.usage_in_bytes", "0\n");
	assert_int_equal(headroom(*state), 5 * MIB);
	put(*state, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "2097152\n");
	put(*state, "/sys/fs/cgroup/memory/memory.usage_in_bytes", "2097152\n");
	put(*state, "/sys/fs/cgroup/memory/memory.stat",
	    "inactive_file 7\ntotal_inactive_file 1048576\n"
	    "total_active_file 0\n");
	assert_int_equal(headroom(*state), MIB);
}

/* Beyond memory.high the kernel slows a group down until it stands still. */
static void a_group_is_not_to_be_slowed_down(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	put(*state, "/proc/self/cgroup", "0::/a\n");
	put(*state, "/sys/fs/cgroup/a/memory.max", "4194304\n");
	put(*state, "/sys/fs/cgroup/a/memory.high", "3145728\n");
	put(*state, "/sys/fs/cgroup/a/memory.current", "1048576\n");
	assert_int_equal(headroom(*state), 2 * MIB);
	put(*state, "/sys/fs/cgroup/a/memory.high", "max\n");
	assert_int_equal(headroom(*state), 3 * MIB);
}

static void it_is_told_whether_a_group_limits(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	put(*state, "/proc/self/cgroup", "0::/a\n1:memory:/b\n");
	put(*state, "/sys/fs/cgroup/a/memory.max", "max\n");
	put(*state, "/sys/fs/cgroup/memory/b/memory.limit_in_bytes",
	    "9223372036854771712\n");
	assert_false(headroom_is_limited(*state));
	put(*state, "/sys/fs/cgroup/a/memory.max", "99999999999\n");
	assert_true(headroom_is_limited(*state));
}

static void expect_plan(const char *root, uint64_t taken, uint64_t bytes,
			const char *limit)
{
	const char *told;

	assert_int_equal(headroom_plan(root, taken, &told), bytes);
	if (!strstr(told, limit))
		fail_msg("'%s', not '%s'", told, limit);
}

/* Half of what processes leave; to swap is not to measure. */
static void a_plan_leaves_half(void **state)
{
	put(*state, "/proc/meminfo", MEMINFO);
	expect_plan(*state, 0, 2 * MIB, "available");
	expect_plan(*state, MIB, 3 * MIB / 2, "available");
	expect_plan(*state, 5 * MIB, 0, "available");
	put(*state, "/proc/self/cgroup", "0::/a/b\n");
	put(*state, "/sys/fs/cgroup/a/memory.max", "3145728\n");
	put(*state, "/sys/fs/cgroup/a/memory.current", "1048576\n");
	expect_plan(*state, MIB, MIB / 2, "control group");
}

static void address_space_limits_a_plan(void **state)
{
	struct rlimit before, limit;
	uint64_t max = (uint64_t)1 << 50; /* more than sanitizers need */

	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	limit = before;
	limit.rlim_cur = max;
	assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
	expect_plan(*state, MIB, max / 2, "ulimit -v");
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(nothing_said_is_no_limit),
		test_in_root(the_machine_limits),
		test_in_root(groups_limit),
		test_in_root(groups_of_version_1_limit),
		test_in_root(a_group_is_not_to_be_slowed_down),
		test_in_root(it_is_told_whether_a_group_limits),
		test_in_root(a_plan_leaves_half),
		test_in_root(address_space_limits_a_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

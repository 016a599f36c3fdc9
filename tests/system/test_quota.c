/* SPDX-License-Identifier: MIT */
/*
 * CPU quotas, as texts and as trees of files like those of the kernel.
 */
#include "system/quota.h"

#include "tests/fake_root.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum { WARNING = 256 };

static void test_v2_texts(void **state)
{
	static const struct {
		const char *text;
		double cpus;
	} texts[] = {
		{"150000 100000\n", 1.5},     {"200000 100000\n", 2},
		{"50000 100000\n", 0.5},      {"10000 100000\n", 0.1},
		{"1000 1000\n", 1},	      {"800000 200000", 4},
		{"max 100000\n", QUOTA_NONE}, {"max\n", QUOTA_NONE},
		{"max", QUOTA_NONE},	      {"", QUOTA_NONE},
		{"\n", QUOTA_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char warning[WARNING] = "stale";

		assert_true(quota_parse_v2(texts[i].text, warning,
					   sizeof(warning)) == texts[i].cpus);
		assert_string_equal(warning, "");
	}
}

static void test_v2_junk(void **state)
{
	static const char *const texts[] = {
		"junk",
		"junk 100000",
		"100000 junk",
		"-1 100000",
		"0 100000",
		"100000 0",
		"100000 -5",
		"maximum",
		"max junk",
		"1e5 100000",
		"100000 1000 1",
		"12x 100000",
		"99999999999999999999 100000",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char warning[WARNING] = "";

		assert_true(quota_parse_v2(texts[i], warning,
					   sizeof(warning)) == QUOTA_NONE);
		assert_non_null(strstr(warning, texts[i]));
	}
}

static void test_v1_texts(void **state)
{
	static const struct {
		const char *quota, *period;
		double cpus;
	} texts[] = {
		{"-1\n", "100000\n", QUOTA_NONE},
		{"50000\n", "100000\n", 0.5},
		{"250000\n", "100000\n", 2.5},
		{"100000", "100000", 1},
		{"", "", QUOTA_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char warning[WARNING] = "stale";

		assert_true(quota_parse_v1(texts[i].quota, texts[i].period,
					   warning,
					   sizeof(warning)) == texts[i].cpus);
		assert_string_equal(warning, "");
	}
}

static void test_v1_junk(void **state)
{
	static const struct {
		const char *quota, *period;
	} texts[] = {
		{"junk", "100000"}, {"50000", "junk"}, {"50000", "0"},
		{"50000", "-1"},    {"50000", ""},     {"0", "100000"},
		{"5e4", "100000"},  {"50000", "1e5"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char warning[WARNING] = "";

		assert_true(quota_parse_v1(texts[i].quota, texts[i].period,
					   warning,
					   sizeof(warning)) == QUOTA_NONE);
		assert_string_not_equal(warning, "");
	}
}

#define CGROUP "/sys/fs/cgroup"

static void assert_quota(const char *root, double cpus)
{
	char warning[WARNING] = "stale";

	assert_true(quota_cpus(root, warning, sizeof(warning)) == cpus);
	assert_string_equal(warning, "");
}

static void test_nothing_there(void **state)
{
	assert_quota(*state, QUOTA_NONE);
	put(*state, "/proc/self/cgroup", "");
	assert_quota(*state, QUOTA_NONE);
	put(*state, "/proc/self/cgroup", "junk\n0:\n::\n");
	assert_quota(*state, QUOTA_NONE);
	put(*state, "/proc/self/cgroup", "0::/not/there\n");
	assert_quota(*state, QUOTA_NONE);
}

/* Every group on the way counts, and the smallest wins. */
static void test_v2_nested(void **state)
{
	put(*state, "/proc/self/cgroup", "0::/a/b/c\n");
	put(*state, CGROUP "/a/b/c/cpu.max", "max 100000\n");
	assert_quota(*state, QUOTA_NONE);
	put(*state, CGROUP "/a/cpu.max", "400000 100000\n");
	assert_quota(*state, 4);
	put(*state, CGROUP "/a/b/cpu.max", "200000 100000\n");
	assert_quota(*state, 2);
	put(*state, CGROUP "/a/b/c/cpu.max", "300000 100000\n");
	assert_quota(*state, 2);
	put(*state, CGROUP "/a/b/d/cpu.max", "100000 100000\n");
	assert_quota(*state, 2);
	put(*state, CGROUP "/cpu.max", "150000 100000\n");
	assert_quota(*state, 1.5);
}

/* In a namespace of its own, a group is the root of all that it sees. */
static void test_v2_root_group(void **state)
{
	put(*state, "/proc/self/cgroup", "0::/\n");
	put(*state, CGROUP "/cpu.max", "300000 100000\n");
	assert_quota(*state, 3);
}

static void test_v1(void **state)
{
	put(*state, "/proc/self/cgroup",
	    "3:memory:/a\n2:cpuset:/a\n1:cpu:/a/b\n");
	put(*state, CGROUP "/cpu/a/b/cpu.cfs_quota_us", "-1\n");
	put(*state, CGROUP "/cpu/a/b/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, QUOTA_NONE);
	put(*state, CGROUP "/cpu/a/cpu.cfs_quota_us", "250000\n");
	put(*state, CGROUP "/cpu/a/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, 2.5);
	put(*state, CGROUP "/cpuset/a/cpu.cfs_quota_us", "100000\n");
	put(*state, CGROUP "/cpuset/a/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, 2.5);
}

static void test_v1_joined(void **state)
{
	put(*state, "/proc/self/cgroup", "4:cpu,cpuacct:/a\n0::/\n");
	put(*state, CGROUP "/cpu,cpuacct/a/cpu.cfs_quota_us", "350000\n");
	put(*state, CGROUP "/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, 3.5);
}

/* A container's path is often that of its host, and not to be found inside:
 * what it sees as the root is its own group. */
static void test_v1_container(void **state)
{
	put(*state, "/proc/self/cgroup", "1:cpu:/docker/0123abcd\n");
	put(*state, CGROUP "/cpu/cpu.cfs_quota_us", "200000\n");
	put(*state, CGROUP "/cpu/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, 2);
}

static void test_hybrid(void **state)
{
	put(*state, "/proc/self/cgroup",
	    "9:name=systemd:/s\n4:cpu,cpuacct:/s\n0::/s\n");
	put(*state, CGROUP "/unified/s/cgroup.procs", "");
	put(*state, CGROUP "/cpu/s/cpu.cfs_quota_us", "400000\n");
	put(*state, CGROUP "/cpu/s/cpu.cfs_period_us", "100000\n");
	assert_quota(*state, 4);
	put(*state, CGROUP "/unified/s/cpu.max", "200000 100000\n");
	assert_quota(*state, 2);
}

/* Junk is told, and does not hide the groups above. */
static void test_junk_file(void **state)
{
	char warning[WARNING] = "";

	put(*state, "/proc/self/cgroup", "0::/a\n");
	put(*state, CGROUP "/a/cpu.max", "junk\n");
	assert_true(quota_cpus(*state, warning, sizeof(warning)) == QUOTA_NONE);
	assert_non_null(strstr(warning, "junk"));
	put(*state, CGROUP "/cpu.max", "200000 100000\n");
	assert_true(quota_cpus(*state, warning, sizeof(warning)) == 2);
	assert_non_null(strstr(warning, "junk"));
}

/* At least one: a worker with a tenth of a CPU is slow, but it computes. */
static void test_workers(void **state)
{
	(void)state;
	assert_int_equal(quota_workers(QUOTA_NONE, 4), 4);
	assert_int_equal(quota_workers(0.1, 4), 1);
	assert_int_equal(quota_workers(1.5, 4), 1);
	assert_int_equal(quota_workers(3.99, 4), 3);
	assert_int_equal(quota_workers(1e30, 4), 4);
}

/* The sum over our group and those above it, each once. */
static void test_throttled(void **state)
{
	assert_int_equal(quota_throttled(*state), 0);
	put(*state, "/proc/self/cgroup", "1:cpu:/a/b\n0::/c\n");
	put(*state, CGROUP "/cpu/cpu.stat", "nr_periods 0\nnr_throttled 0\n");
	put(*state, CGROUP "/cpu/a/cpu.stat",
	    "nr_periods 30\nnr_throttled 20\nthrottled_time 5\n");
	put(*state, CGROUP "/cpu/a/b/cpu.stat",
	    "nr_periods 30\nnr_throttled 1\nthrottled_time 5\n");
	put(*state, CGROUP "/cpu/d/cpu.stat", "nr_throttled 1000\n");
	assert_int_equal(quota_throttled(*state), 21);
	put(*state, CGROUP "/c/cpu.stat",
	    "usage_usec 9\nnr_periods 9\nnr_throttled 4\n");
	assert_int_equal(quota_throttled(*state), 25);
}

/* Seen from inside its namespace, a group is the mount itself. */
static void test_throttled_in_namespace(void **state)
{
	put(*state, "/proc/self/cgroup", "0::/\n");
	put(*state, CGROUP "/cpu.stat", "nr_throttled 21\n");
	assert_int_equal(quota_throttled(*state), 21);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v2_texts),
		cmocka_unit_test(test_v2_junk),
		cmocka_unit_test(test_v1_texts),
		cmocka_unit_test(test_v1_junk),
		test_in_root(test_nothing_there),
		test_in_root(test_v2_nested),
		test_in_root(test_v2_root_group),
		test_in_root(test_v1),
		test_in_root(test_v1_joined),
		test_in_root(test_v1_container),
		test_in_root(test_hybrid),
		test_in_root(test_junk_file),
		cmocka_unit_test(test_workers),
		test_in_root(test_throttled),
		test_in_root(test_throttled_in_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

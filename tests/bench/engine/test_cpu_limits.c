/* SPDX-License-Identifier: MIT */
/*
 * That a run sees what is done to it from outside, and takes nothing else for
 * it.
 */
#include "bench/engine/cpu_limits.h"

#include "tests/fake_root.h"

#include <fcntl.h>

static void write_to(const char *folder, const char *file, const char *text)
{
	char path[FAKE_PATH];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		print_message("%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void each_stop_is_counted_once(void **state)
{
	uint64_t throttled = 0;
	bool changed = false;
	struct cpu_limits limits;

	put(*state, "/proc/self/cgroup", "1:cpu:/a\n");
	put(*state, "/sys/fs/cgroup/cpu/a/cpu.stat", "nr_throttled 20\n");
	cpu_limits_begin(&limits, *state);
	cpu_limits_look(&limits, *state, &throttled, &changed);
	assert_int_equal(throttled, 0);
	put(*state, "/sys/fs/cgroup/cpu/a/cpu.stat", "nr_throttled 23\n");
	cpu_limits_look(&limits, *state, &throttled, &changed);
	cpu_limits_look(&limits, *state, &throttled, &changed);
	assert_int_equal(throttled, 3);
	assert_false(changed);
}

/* A run binds itself, and hosts of it. */
static void to_bind_oneself_is_no_change(void **state)
{
	cpu_set_t before, one;
	uint64_t throttled = 0;
	bool changed = false;
	struct cpu_limits limits;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(before), &before) < 0)
		skip();
	while (!CPU_ISSET(cpu, &before))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	cpu_limits_begin(&limits, *state);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	cpu_limits_look(&limits, *state, &throttled, &changed);
	assert_false(changed);
	/* And it stays bound. */
	assert_int_equal(sched_getaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(CPU_COUNT(&one), 1);
	assert_true(CPU_ISSET(cpu, &one));
	sched_setaffinity(0, sizeof(before), &before);
}

/* Version 1, or 2 where its root has the controller; false: neither. */
static bool make_cpuset(char *folder, size_t size)
{
	static const char *const roots[] = {"/sys/fs/cgroup/cpuset",
					    "/sys/fs/cgroup"};

	for (size_t i = 0; i < 2; i++) {
		char file[FAKE_PATH];

		snprintf(folder, size, "%s/breakeven-%d", roots[i],
			 (int)getpid());
		if (mkdir(folder, 0755) < 0)
			continue;
		snprintf(file, sizeof(file), "%s/cpuset.cpus", folder);
		if (access(file, W_OK) == 0)
			return true;
		rmdir(folder);
	}
	return false;
}

static bool cpus_change(const char *folder, const char *root)
{
	uint64_t throttled = 0;
	bool changed = false;
	struct cpu_limits limits;

	write_to(folder, "cpuset.mems", "0");
	write_to(folder, "cpuset.cpus", "0-1");
	write_to(folder, "cgroup.procs", "0");
	cpu_limits_begin(&limits, root);
	cpu_limits_look(&limits, root, &throttled, &changed);
	if (changed)
		return false;
	write_to(folder, "cpuset.cpus", "0");
	cpu_limits_look(&limits, root, &throttled, &changed);
	return changed;
}

static void a_cpuset_that_changes_is_seen(void **state)
{
	char folder[128], above[136];
	bool seen;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2 ||
	    !make_cpuset(folder, sizeof(folder))) {
		print_message("no cpuset of two CPUs can be made here\n");
		skip();
	}
	seen = cpus_change(folder, *state);
	snprintf(above, sizeof(above), "%s/..", folder);
	write_to(above, "cgroup.procs", "0");
	assert_int_equal(rmdir(folder), 0);
	assert_true(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(each_stop_is_counted_once),
		test_in_root(to_bind_oneself_is_no_change),
		test_in_root(a_cpuset_that_changes_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * The audit, on trees of files like those of the kernel.
 */
#include "bench/audit.h"

#include "runners/team/quota.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH = 512 };

static char root[64];

static void put(const char *name, const char *text)
{
	char path[PATH];
	FILE *file;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (char *slash = path + strlen(root) + 1;
	     (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_root(void **state)
{
	(void)state;
	strcpy(root, "/tmp/breakeven-audit-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *info, int type,
		      struct FTW *walk)
{
	(void)info, (void)type, (void)walk;
	return remove(path);
}

static int remove_root(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const struct machine_facts quiet = {
	.shape = {.cpus = 2, .cores = 2, .numa_nodes = 1},
	.clocksource = "tsc",
	.thp = "madvise",
	.thp_shmem = "never",
	.quota_cpus = QUOTA_NONE,
	.clock_resolution_ns = 20,
};

static const struct audit_line *find(const struct machine_facts *facts,
				     const char *what)
{
	static struct audit audit;

	audit_collect(root, facts, &audit);
	for (size_t i = 0; i < audit.count; i++)
		if (strcmp(audit.lines[i].what, what) == 0)
			return &audit.lines[i];
	fail_msg("no line on %s", what);
	return NULL;
}

static void expect(const struct machine_facts *facts, const char *what,
		   enum audit_level level, const char *found)
{
	const struct audit_line *line = find(facts, what);

	if (line->level != level || !strstr(line->found, found))
		fail_msg("%s: %s, '%s'", what, audit_level_name(line->level),
			 line->found);
	if (level != AUDIT_FINE) {
		assert_non_null(line->why);
		assert_non_null(line->remedy);
	}
}

#define CPU "/sys/devices/system/cpu/"

static void a_quiet_machine_is_fine(void **state)
{
	struct audit audit;

	(void)state;
	put(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(CPU "cpu1/cpufreq/scaling_governor", "performance\n");
	put(CPU "intel_pstate/no_turbo", "1\n");
	put(CPU "isolated", "\n");
	put("/proc/stat", "cpu  10 0 10 1000 0 0 0 0 0 0\n");
	put("/proc/loadavg", "0.02 0.10 0.20 1/100 4242\n");
	put("/proc/sys/kernel/randomize_va_space", "2\n");
	put("/proc/sys/kernel/perf_event_paranoid", "2\n");
	audit_collect(root, &quiet, &audit);
	for (size_t i = 0; i < audit.count; i++)
		expect(&quiet, audit.lines[i].what, AUDIT_FINE, "");
}

static void each_disturbance_is_told(void **state)
{
	struct machine_facts facts = quiet;

	(void)state;
	put(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(CPU "cpu1/cpufreq/scaling_governor", "powersave\n");
	expect(&facts, "governor", AUDIT_DISTURBS, "powersave on CPU 1");
	put(CPU "intel_pstate/no_turbo", "0\n");
	expect(&facts, "turbo", AUDIT_MINOR, "on");
	put(CPU "isolated", "1-3\n");
	expect(&facts, "isolated CPUs", AUDIT_MINOR, "1-3");
	put("/sys/fs/cgroup/cpu.stat",
	    "usage_usec 5\nnr_periods 9\nnr_throttled 7\n");
	expect(&facts, "throttled", AUDIT_DISTURBS, "7 times");
	put("/proc/stat", "cpu  100 0 100 700 0 0 0 100 0 0\n");
	expect(&facts, "stolen time", AUDIT_DISTURBS, "10.00 %");
	put("/proc/loadavg", "1.70 0.10 0.20 1/100 4242\n");
	expect(&facts, "load of others", AUDIT_DISTURBS, "1.70");
	put("/proc/sys/kernel/randomize_va_space", "0\n");
	expect(&facts, "ASLR", AUDIT_MINOR, "off");
	put("/proc/sys/kernel/perf_event_paranoid", "4\n");
	expect(&facts, "perf events", AUDIT_MINOR, "closed");
	facts.quota_cpus = 1;
	expect(&facts, "CPU quota", AUDIT_DISTURBS, "1 CPU's");
	facts.shape.cpus = 4;
	expect(&facts, "SMT", AUDIT_MINOR, "4 CPUs on 2 cores");
	strcpy(facts.thp, "always");
	expect(&facts, "huge pages", AUDIT_MINOR, "private always");
	strcpy(facts.clocksource, "hpet");
	expect(&facts, "timer", AUDIT_DISTURBS, "hpet");
	facts.shape.numa_nodes = 2;
	expect(&facts, "NUMA", AUDIT_MINOR, "2 nodes");
	put("/proc/sys/kernel/numa_balancing", "1\n");
	expect(&facts, "NUMA", AUDIT_DISTURBS, "balanced");
}

/* A counter at rest proves nothing there. */
static void a_virtual_machine_is_not_believed(void **state)
{
	struct machine_facts facts = quiet;

	(void)state;
	strcpy(facts.hypervisor, "yes");
	put("/proc/stat", "cpu  10 0 10 1000 0 0 0 0 0 0\n");
	expect(&facts, "hypervisor", AUDIT_MINOR, "virtual");
	expect(&facts, "stolen time", AUDIT_UNSEEN, "counted");
	expect(&facts, "SMT", AUDIT_UNSEEN, "");
}

static void what_is_not_there_is_unseen(void **state)
{
	const struct machine_facts facts = {.quota_cpus = QUOTA_NONE};

	(void)state;
	expect(&facts, "governor", AUDIT_UNSEEN, "");
	expect(&facts, "turbo", AUDIT_UNSEEN, "");
	expect(&facts, "stolen time", AUDIT_UNSEEN, "");
	expect(&facts, "load of others", AUDIT_UNSEEN, "");
	expect(&facts, "ASLR", AUDIT_UNSEEN, "");
}

static void a_record_holds_every_line(void **state)
{
	struct audit audit;
	json_t *json;

	(void)state;
	audit_collect(root, &quiet, &audit);
	json = audit_json(&audit);
	assert_int_equal(json_array_size(json), audit.count);
	for (size_t i = 0; i < audit.count; i++)
		assert_string_equal(json_string_value(json_object_get(
					    json_array_get(json, i), "what")),
				    audit.lines[i].what);
	json_decref(json);
}

#define IN_A_TREE(test)                                                        \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_TREE(a_quiet_machine_is_fine),
		IN_A_TREE(each_disturbance_is_told),
		IN_A_TREE(a_virtual_machine_is_not_believed),
		IN_A_TREE(what_is_not_there_is_unseen),
		IN_A_TREE(a_record_holds_every_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

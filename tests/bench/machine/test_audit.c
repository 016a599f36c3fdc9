/* SPDX-License-Identifier: MIT */
/*
 * The audit, on trees of files like those of the kernel.
 */
#include "bench/machine/audit.h"

#include "system/quota.h"

#include "tests/fake_root.h"

static const struct machine_facts quiet = {
	.shape = {.cpus = 2, .cores = 2, .numa_nodes = 1},
	.clocksource = "tsc",
	.thp = "madvise",
	.thp_shmem = "never",
	.quota_cpus = QUOTA_NONE,
	.clock_resolution_ns = 20,
	.bare = true,
};

static const struct audit_line *find(const char *root,
				     const struct machine_facts *facts,
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

static void expect(const char *root, const struct machine_facts *facts,
		   const char *what, enum audit_level level, const char *found)
{
	const struct audit_line *line = find(root, facts, what);

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

	put(*state, CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(*state, CPU "cpu1/cpufreq/scaling_governor", "performance\n");
	put(*state, CPU "intel_pstate/no_turbo", "1\n");
	put(*state, CPU "isolated", "\n");
	put(*state, "/proc/stat", "cpu  10 0 10 1000 0 0 0 0 0 0\n");
	put(*state, "/proc/loadavg", "0.02 0.10 0.20 1/100 4242\n");
	put(*state, "/proc/sys/kernel/randomize_va_space", "2\n");
	put(*state, "/proc/sys/kernel/perf_event_paranoid", "2\n");
	audit_collect(*state, &quiet, &audit);
	for (size_t i = 0; i < audit.count; i++)
		expect(*state, &quiet, audit.lines[i].what, AUDIT_FINE, "");
}

static void each_disturbance_is_told(void **state)
{
	struct machine_facts facts = quiet;

	put(*state, CPU "cpu0/cpufreq/scaling_governor", "performance\n");
	put(*state, CPU "cpu1/cpufreq/scaling_governor", "powersave\n");
	expect(*state, &facts, "governor", AUDIT_DISTURBS,
	       "powersave on CPU 1");
	put(*state, CPU "intel_pstate/no_turbo", "0\n");
	expect(*state, &facts, "turbo", AUDIT_MINOR, "on");
	put(*state, CPU "isolated", "1-3\n");
	expect(*state, &facts, "isolated CPUs", AUDIT_MINOR, "1-3");
	put(*state, "/proc/self/cgroup", "1:cpu:/ours\n");
	put(*state, "/sys/fs/cgroup/cpu.stat", "nr_throttled 9\n");
	put(*state, "/sys/fs/cgroup/cpu/other/cpu.stat", "nr_throttled 9\n");
	expect(*state, &facts, "throttled", AUDIT_FINE, "never");
	put(*state, "/sys/fs/cgroup/cpu/ours/cpu.stat",
	    "nr_periods 9\nnr_throttled 7\n");
	expect(*state, &facts, "throttled", AUDIT_DISTURBS, "7 times");
	put(*state, "/proc/stat", "cpu  100 0 100 700 0 0 0 100 0 0\n");
	expect(*state, &facts, "stolen time", AUDIT_DISTURBS, "10.00 %");
	put(*state, "/proc/loadavg", "1.70 0.10 0.20 1/100 4242\n");
	expect(*state, &facts, "load of others", AUDIT_DISTURBS, "1.70");
	put(*state, "/proc/sys/kernel/randomize_va_space", "0\n");
	expect(*state, &facts, "ASLR", AUDIT_MINOR, "off");
	put(*state, "/proc/sys/kernel/perf_event_paranoid", "4\n");
	expect(*state, &facts, "perf events", AUDIT_MINOR, "closed");
	facts.quota_cpus = 1;
	expect(*state, &facts, "CPU quota", AUDIT_DISTURBS, "1 CPU's");
	facts.quota_cpus = 0.1;
	expect(*state, &facts, "CPU quota", AUDIT_DISTURBS, "0.1 CPUs'");
	facts.shape.cpus = 4;
	expect(*state, &facts, "SMT", AUDIT_MINOR, "4 CPUs on 2 cores");
	strcpy(facts.thp, "always");
	expect(*state, &facts, "huge pages", AUDIT_MINOR, "private always");
	strcpy(facts.clocksource, "hpet");
	expect(*state, &facts, "timer", AUDIT_DISTURBS, "hpet");
	facts.shape.numa_nodes = 2;
	expect(*state, &facts, "NUMA", AUDIT_MINOR, "2 nodes");
	put(*state, "/proc/sys/kernel/numa_balancing", "1\n");
	expect(*state, &facts, "NUMA", AUDIT_DISTURBS, "balanced");
}

/* Six CPUs, whose numbers go beyond: 0-1,4-5,16,96. */
static void numbers_may_have_gaps(void **state)
{
	static const char *const names[] = {"0", "1", "4", "5", "16", "96"};
	char path[FAKE_PATH];
	struct machine_facts facts = quiet;

	facts.shape.cpus = facts.shape.cores = 6;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path),
			 CPU "cpu%s/cpufreq/scaling_governor", names[i]);
		put(*state, path, "performance\n");
	}
	expect(*state, &facts, "governor", AUDIT_FINE, "performance");
	put(*state, path, "powersave\n");
	expect(*state, &facts, "governor", AUDIT_DISTURBS,
	       "powersave on CPU 96");
	put(*state, CPU "cpu16/cpufreq/scaling_governor", "powersave\n");
	put(*state, CPU "cpu5/cpufreq/scaling_governor", "ondemand\n");
	expect(*state, &facts, "governor", AUDIT_DISTURBS, "ondemand on CPU 5");
	put(*state, CPU "isolated", "4-5,96\n");
	expect(*state, &facts, "isolated CPUs", AUDIT_MINOR, "CPUs 4-5,96");
	expect(*state, &facts, "SMT", AUDIT_FINE, "one CPU per core");
}

/* A list that is too long ends with a whole number, and says that it goes on.
 */
static void a_long_list_is_told_to_be_cut(void **state)
{
	char list[600], *at = list;
	const char *found, *end;

	for (int cpu = 101; cpu < 300; cpu += 2)
		at += sprintf(at, "%d,", cpu);
	at[-1] = '\n';
	put(*state, CPU "isolated", list);
	found = find(*state, &quiet, "isolated CPUs")->found;
	end = strstr(found, ",...");
	assert_non_null(end);
	assert_int_equal(end[4], '\0');
	assert_int_equal(end[-4], ',');
	assert_memory_equal(found, "CPUs 101,103,", 13);
}

static void what_is_not_known_is_not_fine(void **state)
{
	struct machine_facts facts = quiet;

	facts.bare = false;
	facts.shape.cores = 0;
	expect(*state, &facts, "hypervisor", AUDIT_UNSEEN, "not known");
	expect(*state, &facts, "SMT", AUDIT_UNSEEN, "no cores are known");
	facts.clock_resolution_ns = 0;
	expect(*state, &facts, "timer", AUDIT_DISTURBS, "stands still");
}

/* A counter at rest proves nothing there. */
static void a_virtual_machine_is_not_believed(void **state)
{
	struct machine_facts facts = quiet;

	strcpy(facts.hypervisor, "yes");
	facts.bare = false;
	put(*state, "/proc/stat", "cpu  10 0 10 1000 0 0 0 0 0 0\n");
	expect(*state, &facts, "hypervisor", AUDIT_MINOR, "virtual");
	expect(*state, &facts, "stolen time", AUDIT_UNSEEN, "counted");
	expect(*state, &facts, "SMT", AUDIT_UNSEEN, "");
}

static void what_is_not_there_is_unseen(void **state)
{
	const struct machine_facts facts = {.quota_cpus = QUOTA_NONE};

	expect(*state, &facts, "governor", AUDIT_UNSEEN, "");
	expect(*state, &facts, "turbo", AUDIT_UNSEEN, "");
	expect(*state, &facts, "stolen time", AUDIT_UNSEEN, "");
	expect(*state, &facts, "load of others", AUDIT_UNSEEN, "");
	expect(*state, &facts, "ASLR", AUDIT_UNSEEN, "");
}

static void a_record_holds_every_line(void **state)
{
	struct audit audit;
	json_t *json;

	audit_collect(*state, &quiet, &audit);
	json = audit_json(&audit);
	assert_int_equal(json_array_size(json), audit.count);
	for (size_t i = 0; i < audit.count; i++)
		assert_string_equal(json_string_value(json_object_get(
					    json_array_get(json, i), "what")),
				    audit.lines[i].what);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_root(a_quiet_machine_is_fine),
		test_in_root(each_disturbance_is_told),
		test_in_root(a_virtual_machine_is_not_believed),
		test_in_root(numbers_may_have_gaps),
		test_in_root(a_long_list_is_told_to_be_cut),
		test_in_root(what_is_not_known_is_not_fine),
		test_in_root(what_is_not_there_is_unseen),
		test_in_root(a_record_holds_every_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

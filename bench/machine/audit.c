/* SPDX-License-Identifier: MIT */
#include "bench/machine/audit.h"

#include "system/quota.h"
#include "system/sysfile.h"

#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYS_CPU "/sys/devices/system/cpu/"

enum { LIST_MAX = 60 }; /* longest list of CPUs that is printed */

/* The input of a check, and the line that it fills in. */
struct look {
	const char *root;
	const struct machine_facts *facts;
	struct audit_line *line;
};

static void audit_add(const struct look *look, enum audit_level level,
		      const char *why, const char *remedy, const char *found,
		      ...) __attribute__((format(printf, 5, 6)));

static void audit_add(const struct look *look, enum audit_level level,
		      const char *why, const char *remedy, const char *found,
		      ...)
{
	struct audit_line *line = look->line;
	va_list args;

	line->level = level;
	line->why = why;
	line->remedy = remedy;
	va_start(args, found);
	vsnprintf(line->found, sizeof(line->found), found, args);
	va_end(args);
}

/* sysfile_line() below the root. */
static bool audit_read_line(const struct look *look, const char *path,
			    char *text, size_t size)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", look->root, path);
	return sysfile_line(full, text, size);
}

static void audit_say_speed_unseen(const struct look *look, const char *found)
{
	audit_add(look, AUDIT_UNSEEN,
		  "the firmware or the host chooses the CPUs' speed",
		  "nothing; ratios within a round are kept", "%s", found);
}

/* The governors of the CPUs that there are, whatever their numbers. */
static glob_t audit_find_governors(const struct look *look)
{
	char pattern[PATH_MAX];
	glob_t files = {.gl_pathc = 0};

	snprintf(pattern, sizeof(pattern),
		 "%s" SYS_CPU "cpu[0-9]*/cpufreq/scaling_governor", look->root);
	if (glob(pattern, 0, NULL, &files) != 0)
		files.gl_pathc = 0;
	return files;
}

/* The CPU that a file found below `root` is of. */
static unsigned long audit_find_cpu(const char *path, const char *root)
{
	return strtoul(path + strlen(root) + strlen(SYS_CPU "cpu"), NULL, 10);
}

/* Every CPU has its own governor: report the first that is not `performance`.
 */
static void audit_look_governor(const struct look *look)
{
	glob_t files = audit_find_governors(look);
	unsigned long slow = ULONG_MAX;
	char text[64], governor[64] = "";

	for (size_t i = 0; i < files.gl_pathc; i++) {
		unsigned long cpu =
			audit_find_cpu(files.gl_pathv[i], look->root);

		if (cpu >= slow ||
		    !sysfile_line(files.gl_pathv[i], text, sizeof(text)) ||
		    strcmp(text, "performance") == 0)
			continue;
		slow = cpu;
		memcpy(governor, text, sizeof(governor));
	}
	if (governor[0])
		audit_add(look, AUDIT_DISTURBS,
			  "an idle CPU slows down, and the first call after a "
			  "gap "
			  "pays for it",
			  "cpupower frequency-set -g performance",
			  "%.32s on CPU %lu", governor, slow);
	else if (files.gl_pathc)
		audit_add(look, AUDIT_FINE, NULL, NULL, "performance");
	else
		audit_say_speed_unseen(look, "no cpufreq here");
	globfree(&files);
}

/* 1: on, 0: off, -1: not to be seen. */
static int audit_find_turbo(const struct look *look)
{
	char text[16];

	if (audit_read_line(look, SYS_CPU "intel_pstate/no_turbo", text,
			    sizeof(text)))
		return strcmp(text, "0") == 0;
	if (audit_read_line(look, SYS_CPU "cpufreq/boost", text, sizeof(text)))
		return strcmp(text, "1") == 0;
	return -1;
}

static void audit_look_turbo(const struct look *look)
{
	int turbo = audit_find_turbo(look);

	if (turbo < 0)
		audit_say_speed_unseen(look, "no switch here");
	else if (turbo)
		audit_add(look, AUDIT_MINOR,
			  "one busy core runs faster than all: a part of the "
			  "speed-up is lost to it, in your programs too",
			  "leave it on, unless code is compared across days; "
			  "then "
			  "off in the firmware or intel_pstate/no_turbo",
			  "on");
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "off");
}

static void audit_look_smt(const struct look *look)
{
	const struct machine_shape *shape = &look->facts->shape;

	if (shape->cores == 0)
		audit_add(look, AUDIT_UNSEEN,
			  "the kernel does not tell which CPUs share a core",
			  "run it where /sys is mounted", "no cores are known");
	else if (shape->cpus > shape->cores)
		audit_add(
			look, AUDIT_MINOR,
			"two CPUs of a core share its units and caches",
			"--pin core, the default, gives each worker a core as "
			"long as there are some",
			"%u CPUs on %u cores", shape->cpus, shape->cores);
	else if (!look->facts->bare)
		audit_add(
			look, AUDIT_UNSEEN,
			"CPUs of a virtual machine may be threads of one core, "
			"whatever the topology says",
			"bench -k spin: its speed-up is all that the CPUs have",
			"one CPU per core, says the host");
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "one CPU per core");
}

/* Whole numbers of a list of CPUs, as "0-1,4-5,96,...": none is cut in two. */
static void audit_shorten(char *list, size_t size)
{
	size_t end = LIST_MAX;

	if (strlen(list) <= LIST_MAX)
		return;
	while (end && list[end] != ',')
		end--;
	snprintf(list + end, size - end, ",...");
}

static void audit_look_isolated(const struct look *look)
{
	char text[1024];

	(void)audit_read_line(look, SYS_CPU "isolated", text, sizeof(text));
	audit_shorten(text, sizeof(text));
	if (text[0])
		audit_add(look, AUDIT_MINOR,
			  "the kernel moves nothing to these CPUs: workers get "
			  "there "
			  "only by being bound",
			  "taskset -c THESE breakeven ..., to measure on them",
			  "CPUs %s", text);
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "no CPU set apart");
}

static void audit_look_quota(const struct look *look)
{
	double quota = look->facts->quota_cpus;

	if (quota == QUOTA_NONE)
		audit_add(look, AUDIT_FINE, NULL, NULL, "none");
	else
		audit_add(look, AUDIT_DISTURBS,
			  "a process that has used its share of a period stops "
			  "until the next one, some 100 ms",
			  "raise cpu.max of the control group (docker --cpus)",
			  "%.4g CPU%s worth of time", quota,
			  quota == 1 ? "'s" : "s'");
}

static void audit_look_throttled(const struct look *look)
{
	uint64_t times = quota_throttled(look->root);

	if (times)
		audit_add(
			look, AUDIT_DISTURBS,
			"this control group, or one above it, has been stopped "
			"for using up its quota",
			"raise cpu.max of the control group (docker --cpus)",
			"%" PRIu64 " times since it began", times);
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "never");
}

/* The first line of /proc/stat has, of all CPUs together, user, nice, system,
 * idle, iowait, irq, softirq, steal. */
static bool audit_read_steal(const struct look *look,
			     unsigned long long *stolen,
			     unsigned long long *all)
{
	char text[256], *at = text + strlen("cpu"), *end;

	*all = 0;
	if (!audit_read_line(look, "/proc/stat", text, sizeof(text)) ||
	    strncmp(text, "cpu ", 4) != 0)
		return false;
	for (int field = 0; field < 8; field++) {
		*stolen = strtoull(at, &end, 10);
		if (end == at)
			return false;
		*all += *stolen;
		at = end;
	}
	return true;
}

static void audit_look_steal(const struct look *look)
{
	unsigned long long stolen, all;

	if (!audit_read_steal(look, &stolen, &all)) {
		audit_add(look, AUDIT_UNSEEN, "the kernel keeps no count",
			  "read intervals, and repeat on another day",
			  "not counted");
		return;
	}
	if (stolen * 1000 > all)
		audit_add(
			look, AUDIT_DISTURBS,
			"the host gives our CPUs' time to others, in pieces of "
			"milliseconds",
			"a dedicated host; or a larger --budget",
			"%.2f %% of all time since the start",
			100.0 * (double)stolen / (double)all);
	else if (!look->facts->bare)
		audit_add(look, AUDIT_UNSEEN,
			  "hosts take time without counting it: two thirds of "
			  "two "
			  "seconds were seen to be lost with this counter at "
			  "rest",
			  "read intervals, and repeat on another day",
			  "under 0.1 %% is counted");
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "none");
}

static void audit_look_load(const struct look *look)
{
	char text[128], *end = text;
	double load = 0;

	if (audit_read_line(look, "/proc/loadavg", text, sizeof(text)))
		load = strtod(text, &end);
	if (end == text)
		audit_add(look, AUDIT_UNSEEN, "/proc/loadavg cannot be read",
			  "look with top", "not known");
	else if (load > 0.5)
		audit_add(look, AUDIT_DISTURBS,
			  "others use the CPUs, and slow down the parallel "
			  "runners "
			  "more than the serial base",
			  "see `top`; wait until they are done",
			  "%.2f tasks ran at a time in the last minute", load);
	else
		audit_add(look, AUDIT_FINE, NULL, NULL,
			  "%.2f tasks at a time in the last minute", load);
}

static const char *audit_or_none(const char *setting)
{
	return setting[0] ? setting : "none";
}

static void audit_look_pages(const struct look *look)
{
	const char *private = look->facts->thp,
		   *shared = look->facts->thp_shmem;
	bool differ =
		strcmp(private, "always") == 0 && strcmp(shared, "always") != 0;

	if (!private[0] && !shared[0])
		audit_add(look, AUDIT_UNSEEN, "the kernel has no such pages",
			  "nothing", "no transparent huge pages");
	else if (differ)
		audit_add(look, AUDIT_MINOR,
			  "memory of malloc comes in huge pages, shared memory "
			  "does "
			  "not: the runners' common data has more TLB misses "
			  "than "
			  "your program's",
			  "measure with --arena private as well, or huge",
			  "private %s, shared %s", private,
			  audit_or_none(shared));
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "private %s, shared %s",
			  audit_or_none(private), audit_or_none(shared));
}

static void audit_look_aslr(const struct look *look)
{
	char text[16];

	if (!audit_read_line(look, "/proc/sys/kernel/randomize_va_space", text,
			     sizeof(text)))
		audit_add(look, AUDIT_UNSEEN, "the kernel does not tell",
			  "nothing", "not known");
	else if (strcmp(text, "0") == 0)
		audit_add(look, AUDIT_MINOR,
			  "one lucky or unlucky layout is measured again and "
			  "again",
			  "sysctl kernel.randomize_va_space=2", "off");
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "on");
}

static void audit_look_timer(const struct look *look)
{
	const struct machine_facts *facts = look->facts;
	bool quick = strcmp(facts->clocksource, "tsc") == 0 ||
		     strcmp(facts->clocksource, "arch_sys_counter") == 0 ||
		     strcmp(facts->clocksource, "kvm-clock") == 0;

	if (facts->clock_resolution_ns <= 0)
		audit_add(
			look, AUDIT_DISTURBS, "nothing can be timed by it",
			"run it on the kernel's own clock: without a tool that "
			"fakes the time",
			"it stands still");
	else if (facts->clock_resolution_ns > 200 ||
		 (facts->clocksource[0] && !quick))
		audit_add(look, AUDIT_DISTURBS,
			  "reading the clock takes a system call or longer",
			  "clocksource=tsc on the kernel's command line, where "
			  "its "
			  "log calls the TSC stable",
			  "%s, steps of %.0f ns", facts->clocksource,
			  facts->clock_resolution_ns);
	else
		audit_add(look, AUDIT_FINE, NULL, NULL, "%s, steps of %.0f ns",
			  facts->clocksource[0] ? facts->clocksource
						: "not named",
			  facts->clock_resolution_ns);
}

static void audit_look_hypervisor(const struct look *look)
{
	if (look->facts->hypervisor[0])
		audit_add(look, AUDIT_MINOR,
			  "the host moves CPUs between near and far cores, and "
			  "lends "
			  "them to others",
			  "read ratios rather than times, and repeat on "
			  "another day",
			  "a virtual machine");
	else if (look->facts->bare)
		audit_add(look, AUDIT_FINE, NULL, NULL, "none seen");
	else
		audit_add(
			look, AUDIT_UNSEEN,
			"this CPU's kernel does not tell whether it is a "
			"virtual "
			"machine's",
			"systemd-detect-virt; if it is one, read ratios rather "
			"than times",
			"not known");
}

static void audit_look_numa(const struct look *look)
{
	unsigned nodes = look->facts->shape.numa_nodes;
	char text[16];

	if (nodes <= 1)
		audit_add(look, AUDIT_FINE, NULL, NULL, "one node");
	else if (audit_read_line(look, "/proc/sys/kernel/numa_balancing", text,
				 sizeof(text)) &&
		 strcmp(text, "0") != 0)
		audit_add(
			look, AUDIT_DISTURBS,
			"the kernel moves pages between nodes while we measure",
			"sysctl kernel.numa_balancing=0",
			"%u nodes, balanced by the kernel", nodes);
	else
		audit_add(look, AUDIT_MINOR,
			  "data lies on one node: workers of others fetch it "
			  "from "
			  "afar",
			  "numactl --cpunodebind=0 breakeven ..., for one node "
			  "alone",
			  "%u nodes", nodes);
}

static void audit_look_perf(const struct look *look)
{
	char text[16];

	if (!audit_read_line(look, "/proc/sys/kernel/perf_event_paranoid", text,
			     sizeof(text)))
		audit_add(look, AUDIT_UNSEEN, "the kernel was built without",
			  "nothing; no figure of ours needs it",
			  "no perf events");
	else if (strtol(text, NULL, 10) <= 2)
		audit_add(look, AUDIT_FINE, NULL, NULL, "open to users");
	else
		audit_add(look, AUDIT_MINOR,
			  "`perf stat` cannot say why a figure is as it is",
			  "sysctl kernel.perf_event_paranoid=2; no figure of "
			  "ours "
			  "needs it",
			  "closed to users");
}

static const struct {
	const char *what;
	void (*check)(const struct look *look);
} checks[] = {
	{"governor", audit_look_governor},
	{"turbo", audit_look_turbo},
	{"SMT", audit_look_smt},
	{"isolated CPUs", audit_look_isolated},
	{"CPU quota", audit_look_quota},
	{"throttled", audit_look_throttled},
	{"stolen time", audit_look_steal},
	{"load of others", audit_look_load},
	{"huge pages", audit_look_pages},
	{"ASLR", audit_look_aslr},
	{"timer", audit_look_timer},
	{"hypervisor", audit_look_hypervisor},
	{"NUMA", audit_look_numa},
	{"perf events", audit_look_perf},
};

_Static_assert(sizeof(checks) / sizeof(*checks) <= AUDIT_MAX,
	       "one line for each check");

void audit_collect(const char *root, const struct machine_facts *facts,
		   struct audit *audit)
{
	audit->count = sizeof(checks) / sizeof(*checks);
	for (size_t i = 0; i < audit->count; i++) {
		struct look look = {root, facts, &audit->lines[i]};

		*look.line = (struct audit_line){.what = checks[i].what};
		checks[i].check(&look);
	}
}

const char *audit_level_name(enum audit_level level)
{
	static const char *const names[] = {
		[AUDIT_FINE] = "fine",
		[AUDIT_MINOR] = "minor",
		[AUDIT_DISTURBS] = "disturbs",
		[AUDIT_UNSEEN] = "unseen",
	};

	return names[level];
}

json_t *audit_json(const struct audit *audit)
{
	json_t *lines = json_array();

	for (size_t i = 0; lines && i < audit->count; i++) {
		const struct audit_line *line = &audit->lines[i];

		if (json_array_append_new(
			    lines,
			    json_pack("{s:s,s:s,s:s}", "what", line->what,
				      "level", audit_level_name(line->level),
				      "found", line->found)) < 0) {
			json_decref(lines);
			return NULL;
		}
	}
	return lines;
}

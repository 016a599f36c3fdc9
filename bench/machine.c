/* SPDX-License-Identifier: MIT */
#include "bench/machine.h"

#include "system/quota.h"
#include "system/sysfile.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define SYS_THP	  "/sys/kernel/mm/transparent_hugepage/"
#define SYS_CLOCK "/sys/devices/system/clocksource/clocksource0/"

/* "always [madvise] never": the one in brackets. */
static void read_choice(const char *path, char *choice, size_t size)
{
	char text[128], *begin;

	choice[0] = '\0';
	(void)sysfile_line(path, text, sizeof(text));
	begin = strchr(text, '[');
	if (begin)
		snprintf(choice, size, "%.*s", (int)strcspn(begin + 1, "]"),
			 begin + 1);
}

/* The value of the first "key : value" line of /proc/cpuinfo. */
static void read_cpuinfo(const char *key, char *value, size_t size)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char line[4096];

	value[0] = '\0';
	while (file && !value[0] && fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (!colon || strncmp(line, key, strlen(key)) != 0)
			continue;
		colon += strspn(colon, ": \t");
		snprintf(value, size, "%.*s", (int)strcspn(colon, "\n"), colon);
	}
	if (file)
		fclose(file);
}

static void find_hypervisor(char *name, size_t size)
{
	char flags[4096], vendor[64];

	name[0] = '\0';
	read_cpuinfo("flags", flags, sizeof(flags));
	if (!strstr(flags, " hypervisor"))
		return;
	(void)sysfile_line("/sys/class/dmi/id/sys_vendor", vendor,
			   sizeof(vendor));
	snprintf(name, size, "%.31s", vendor[0] ? vendor : "yes");
}

/* The smallest step between two readings, which a call cannot be below. */
static double clock_step_ns(void)
{
	double smallest = 1e9;

	for (int i = 0; i < 1000; i++) {
		struct timespec a, b;
		double step = 0;

		clock_gettime(CLOCK_MONOTONIC, &a);
		while (step <= 0) {
			clock_gettime(CLOCK_MONOTONIC, &b);
			step = (double)(b.tv_sec - a.tv_sec) * 1e9 +
			       (double)(b.tv_nsec - a.tv_nsec);
		}
		if (step < smallest)
			smallest = step;
	}
	return smallest;
}

void machine_collect(const struct topology *topology,
		     struct machine_facts *facts)
{
	struct utsname name;
	char warning[256];

	*facts = (struct machine_facts){.page_size = sysconf(_SC_PAGESIZE)};
	topology_shape(topology, &facts->shape);
	if (!facts->shape.model[0])
		read_cpuinfo("model name", facts->shape.model,
			     sizeof(facts->shape.model));
	if (uname(&name) == 0) {
		snprintf(facts->hostname, sizeof(facts->hostname), "%s",
			 name.nodename);
		snprintf(facts->kernel, sizeof(facts->kernel), "%s %s %s",
			 name.sysname, name.release, name.machine);
	}
	find_hypervisor(facts->hypervisor, sizeof(facts->hypervisor));
	(void)sysfile_line(SYS_CLOCK "current_clocksource", facts->clocksource,
			   sizeof(facts->clocksource));
	read_choice(SYS_THP "enabled", facts->thp, sizeof(facts->thp));
	read_choice(SYS_THP "shmem_enabled", facts->thp_shmem,
		    sizeof(facts->thp_shmem));
	facts->quota_cpus = quota_cpus("", warning, sizeof(warning));
	facts->clock_resolution_ns = clock_step_ns();
}

static json_t *count(uint64_t value)
{
	return value ? json_integer((json_int_t)value) : json_null();
}

static json_t *text(const char *value)
{
	return value[0] ? json_string(value) : json_null();
}

static json_t *quota(double cpus)
{
	return cpus == QUOTA_NONE ? json_null() : json_real(cpus);
}

json_t *machine_json(const struct machine_facts *facts)
{
	const struct machine_shape *shape = &facts->shape;

	return json_pack(
		"{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,"
		"s:o,s:o,s:o,s:f}",
		"hostname", text(facts->hostname), "model", text(shape->model),
		"packages", count(shape->packages), "numa_nodes",
		count(shape->numa_nodes), "cores", count(shape->cores), "cpus",
		count(shape->cpus), "allowed", count(shape->allowed), "l1d",
		count(shape->l1d), "l2", count(shape->l2), "l3",
		count(shape->l3), "memory", count(shape->memory), "page_size",
		count((uint64_t)facts->page_size), "thp", text(facts->thp),
		"thp_shmem", text(facts->thp_shmem), "kernel",
		text(facts->kernel), "hypervisor", text(facts->hypervisor),
		"quota_cpus", quota(facts->quota_cpus), "clocksource",
		text(facts->clocksource), "clock_resolution_ns",
		facts->clock_resolution_ns);
}

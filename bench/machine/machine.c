/* SPDX-License-Identifier: MIT */
#include "bench/machine/machine.h"

#include "bench/machine/cpuinfo.h"
#include "system/quota.h"
#include "system/sysfile.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define SYS_THP	  "/sys/kernel/mm/transparent_hugepage/"
#define SYS_CLOCK "/sys/devices/system/clocksource/clocksource0/"

/* A clock that does not advance within so many readings, at least 30 ms, has
 * stopped. */
enum { READS = 1000000, STEPS = 1000 };

/* "always [madvise] never": the one in brackets. */
static void machine_read_choice(const char *path, char *choice, size_t size)
{
	char text[128], *begin;

	choice[0] = '\0';
	(void)sysfile_line(path, text, sizeof(text));
	begin = strchr(text, '[');
	if (begin)
		snprintf(choice, size, "%.*s", (int)strcspn(begin + 1, "]"),
			 begin + 1);
}

static bool machine_has_hypervisor_file(const char *root)
{
	static const char *const files[] = {
		"/sys/hypervisor/type",
		"/proc/device-tree/hypervisor/compatible",
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s%s", root, files[i]);
		if (access(path, R_OK) == 0)
			return true;
	}
	return false;
}

/* On x86 the CPU's flags show it; elsewhere a file may, and without one it is
 * unknown. */
static void machine_find_hypervisor(const char *root,
				    struct machine_facts *facts)
{
	char flags[4096], vendor[64], path[PATH_MAX];

	cpuinfo_value(root, "flags", flags, sizeof(flags));
	facts->bare = flags[0] && !strstr(flags, " hypervisor");
	facts->hypervisor[0] = '\0';
	if (facts->bare || (!flags[0] && !machine_has_hypervisor_file(root)))
		return;
	snprintf(path, sizeof(path), "%s/sys/class/dmi/id/sys_vendor", root);
	(void)sysfile_line(path, vendor, sizeof(vendor));
	snprintf(facts->hypervisor, sizeof(facts->hypervisor), "%.31s",
		 vendor[0] ? vendor : "yes");
}

void machine_cpu(const char *root, struct machine_facts *facts)
{
	if (!facts->shape.model[0])
		cpuinfo_model(root, facts->shape.model,
			      sizeof(facts->shape.model));
	machine_find_hypervisor(root, facts);
}

static double machine_ns_between(const struct timespec *a,
				 const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) * 1e9 +
	       (double)(b->tv_nsec - a->tv_nsec);
}

double machine_clock_step_ns(void)
{
	double smallest = INFINITY;
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int reads = 0, steps = 0; reads < READS && steps < STEPS;
	     reads++) {
		clock_gettime(CLOCK_MONOTONIC, &b);
		if (machine_ns_between(&a, &b) <= 0)
			continue;
		smallest = fmin(smallest, machine_ns_between(&a, &b));
		steps++;
		/* Exclude our own work from the step of the clock. */
		clock_gettime(CLOCK_MONOTONIC, &a);
	}
	return isfinite(smallest) ? smallest : 0;
}

void machine_collect(const struct topology *topology,
		     struct machine_facts *facts)
{
	struct utsname name;
	char warning[256];

	*facts = (struct machine_facts){.page_size = sysconf(_SC_PAGESIZE)};
	topology_shape(topology, &facts->shape);
	machine_cpu("", facts);
	if (uname(&name) == 0) {
		snprintf(facts->hostname, sizeof(facts->hostname), "%s",
			 name.nodename);
		snprintf(facts->kernel, sizeof(facts->kernel), "%s %s %s",
			 name.sysname, name.release, name.machine);
	}
	(void)sysfile_line(SYS_CLOCK "current_clocksource", facts->clocksource,
			   sizeof(facts->clocksource));
	machine_read_choice(SYS_THP "enabled", facts->thp, sizeof(facts->thp));
	machine_read_choice(SYS_THP "shmem_enabled", facts->thp_shmem,
			    sizeof(facts->thp_shmem));
	facts->quota_cpus = quota_cpus("", warning, sizeof(warning));
	facts->clock_resolution_ns = machine_clock_step_ns();
}

static json_t *machine_count(uint64_t value)
{
	return value ? json_integer((json_int_t)value) : json_null();
}

static json_t *machine_text(const char *value)
{
	return value[0] ? json_string(value) : json_null();
}

static json_t *machine_quota(double cpus)
{
	return cpus == QUOTA_NONE ? json_null() : json_real(cpus);
}

/* Missing where all CPUs are alike. */
static json_t *machine_kinds(const struct machine_shape *shape)
{
	json_t *array = shape->nkinds ? json_array() : NULL;

	for (unsigned k = 0; array && k < shape->nkinds; k++)
		json_array_append_new(
			array,
			json_pack("{s:o,s:o}", "name",
				  machine_text(shape->kinds[k].name), "cpus",
				  machine_count(shape->kinds[k].cpus)));
	return array;
}

json_t *machine_json(const struct machine_facts *facts)
{
	const struct machine_shape *shape = &facts->shape;

	return json_pack(
		"{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,"
		"s:o,s:o,s:o,s:f,s:o*}",
		"hostname", machine_text(facts->hostname), "model",
		machine_text(shape->model), "packages",
		machine_count(shape->packages), "numa_nodes",
		machine_count(shape->numa_nodes), "cores",
		machine_count(shape->cores), "cpus", machine_count(shape->cpus),
		"allowed", machine_count(shape->allowed), "l1d",
		machine_count(shape->l1d), "l2", machine_count(shape->l2), "l3",
		machine_count(shape->l3), "memory",
		machine_count(shape->memory), "page_size",
		machine_count((uint64_t)facts->page_size), "thp",
		machine_text(facts->thp), "thp_shmem",
		machine_text(facts->thp_shmem), "kernel",
		machine_text(facts->kernel), "hypervisor",
		machine_text(facts->hypervisor), "quota_cpus",
		machine_quota(facts->quota_cpus), "clocksource",
		machine_text(facts->clocksource), "clock_resolution_ns",
		facts->clock_resolution_ns, "kinds", machine_kinds(shape));
}

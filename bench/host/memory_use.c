/* SPDX-License-Identifier: MIT */
#include "bench/host/memory_use.h"

#include "system/sysfile.h"

#include <stdio.h>

/* "Pss:   312 kB" of /proc/PID/FILE, or 0. */
static double memory_use_read_kib(pid_t pid, const char *file, const char *key)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return (double)sysfile_number(path, key, 0);
}

struct memory_use memory_use_read(const struct cpu_clock *processes)
{
	struct memory_use sum = {.processes = processes->count};

	for (size_t i = 0; i < processes->count; i++) {
		pid_t pid = processes->pids[i];

		sum.pss += memory_use_read_kib(pid, "smaps_rollup", "Pss:");
		sum.page_tables += memory_use_read_kib(pid, "status", "VmPTE:");
	}
	return sum;
}

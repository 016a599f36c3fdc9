/* SPDX-License-Identifier: MIT */
#include "bench/cpu_clock.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int add(struct cpu_clock *clock, pid_t pid)
{
	pid_t *grown =
		realloc(clock->pids, (clock->count + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	clock->pids = grown;
	grown[clock->count++] = pid;
	return 0;
}

int cpu_clock_open(struct cpu_clock *clock, pid_t group)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int rc = 0;

	*clock = (struct cpu_clock){.pids = NULL};
	if (!proc)
		return -errno;
	group = group ? group : getpgrp();
	while (rc == 0 && (entry = readdir(proc))) {
		pid_t pid = (pid_t)atol(entry->d_name);

		if (pid > 0 && getpgid(pid) == group)
			rc = add(clock, pid);
	}
	closedir(proc);
	if (rc < 0)
		cpu_clock_close(clock);
	return rc;
}

void cpu_clock_close(struct cpu_clock *clock)
{
	free(clock->pids);
	*clock = (struct cpu_clock){.pids = NULL};
}

int64_t cpu_clock_ns(const struct cpu_clock *clock)
{
	int64_t total = 0;

	for (size_t i = 0; i < clock->count; i++) {
		struct timespec used;
		clockid_t id;

		if (clock_getcpuclockid(clock->pids[i], &id) == 0 &&
		    clock_gettime(id, &used) == 0)
			total += (int64_t)used.tv_sec * 1000000000 +
				 used.tv_nsec;
	}
	return total;
}

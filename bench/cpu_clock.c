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

/* Those that a thread forked and that still live. A kernel built without this
 * file shows none. */
static int add_children(struct cpu_clock *clock, pid_t pid, const char *thread)
{
	char path[64], text[32];
	FILE *list;
	int rc = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/children", (int)pid,
		 thread);
	list = fopen(path, "re");
	if (!list)
		return 0;
	while (rc == 0 && fscanf(list, "%31s", text) == 1)
		rc = add(clock, (pid_t)strtol(text, NULL, 10));
	fclose(list);
	return rc;
}

static int add_children_of_all(struct cpu_clock *clock, pid_t pid)
{
	struct dirent *thread;
	char path[32];
	DIR *threads;
	int rc = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (rc == 0 && threads && (thread = readdir(threads)))
		if (thread->d_name[0] != '.')
			rc = add_children(clock, pid, thread->d_name);
	if (threads)
		closedir(threads);
	return rc;
}

int cpu_clock_open(struct cpu_clock *clock, pid_t leader)
{
	int rc;

	*clock = (struct cpu_clock){.pids = NULL};
	rc = add(clock, leader);
	/* The list grows as it is walked. */
	for (size_t i = 0; rc == 0 && i < clock->count; i++)
		rc = add_children_of_all(clock, clock->pids[i]);
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

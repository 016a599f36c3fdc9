/* SPDX-License-Identifier: MIT */
#include "system/cpu_clock.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int cpu_clock_add(pid_t **list, size_t *count, pid_t id)
{
	pid_t *grown = realloc(*list, (*count + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	*list = grown;
	grown[(*count)++] = id;
	return 0;
}

/* Add the living children of a thread. A kernel built without this file shows
 * none. */
static int cpu_clock_add_children(struct cpu_clock *clock, pid_t pid,
				  const char *thread)
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
		rc = cpu_clock_add(&clock->pids, &clock->count,
				   (pid_t)strtol(text, NULL, 10));
	fclose(list);
	return rc;
}

static int cpu_clock_add_thread(struct cpu_clock *clock, pid_t pid,
				const char *thread)
{
	int rc = cpu_clock_add(&clock->threads, &clock->nthreads,
			       (pid_t)strtol(thread, NULL, 10));

	return rc ? rc : cpu_clock_add_children(clock, pid, thread);
}

static int cpu_clock_add_threads(struct cpu_clock *clock, pid_t pid)
{
	struct dirent *thread;
	char path[32];
	DIR *threads;
	int rc = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (rc == 0 && threads && (thread = readdir(threads)))
		if (thread->d_name[0] != '.')
			rc = cpu_clock_add_thread(clock, pid, thread->d_name);
	if (threads)
		closedir(threads);
	return rc;
}

int cpu_clock_open(struct cpu_clock *clock, pid_t leader)
{
	int rc;

	*clock = (struct cpu_clock){.pids = NULL};
	rc = cpu_clock_add(&clock->pids, &clock->count, leader);
	/* The list grows as it is walked. */
	for (size_t i = 0; rc == 0 && i < clock->count; i++)
		rc = cpu_clock_add_threads(clock, clock->pids[i]);
	if (rc < 0)
		cpu_clock_close(clock);
	return rc;
}

void cpu_clock_close(struct cpu_clock *clock)
{
	free(clock->pids);
	free(clock->threads);
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

/*
 * The kernel updates the clock of a running thread at each tick, and whenever
 * it takes the thread off the run queue. A change of policy does the latter
 * without taking the thread off its CPU, and these two policies differ in
 * nothing else that counts here.
 */
static void cpu_clock_settle_thread(pid_t thread)
{
	const struct sched_param none = {.sched_priority = 0};
	int policy = sched_getscheduler(thread);

	if (policy != SCHED_OTHER && policy != SCHED_BATCH)
		return;
	sched_setscheduler(thread,
			   policy == SCHED_OTHER ? SCHED_BATCH : SCHED_OTHER,
			   &none);
	sched_setscheduler(thread, policy, &none);
}

void cpu_clock_settle(const struct cpu_clock *clock)
{
	for (size_t i = 0; i < clock->nthreads; i++)
		cpu_clock_settle_thread(clock->threads[i]);
}

int64_t cpu_clock_exact_ns(const struct cpu_clock *clock)
{
	struct rusage reaped;

	cpu_clock_settle(clock);
	getrusage(RUSAGE_CHILDREN, &reaped);
	return cpu_clock_ns(clock) +
	       (reaped.ru_utime.tv_sec + reaped.ru_stime.tv_sec) * 1000000000 +
	       (reaped.ru_utime.tv_usec + reaped.ru_stime.tv_usec) * 1000;
}

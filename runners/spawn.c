/* SPDX-License-Identifier: MIT */
/*
 * Workers executed anew at every call: the cost of a program that starts
 * another program for each piece of work. They inherit only descriptors, so the
 * cost of a start does not grow with the caller's memory.
 */
#include "runners/process/exec_worker.h"
#include "runners/process/worker_processes.h"
#include "system/child_fork.h"
#include "system/child_spawn.h"
#include "system/self.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SPAWN_TIMEOUT };

static const struct option_spec spawn_options[] = {
	[SPAWN_TIMEOUT] = PROCESSES_TIMEOUT_OPTION,
	{.key = NULL},
};

/* The `own` of the worker processes, which are team->state. */
struct spawn {
	int order_fd;
	struct exec_order order;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_t files;
};

static bool spawn_is_within(const struct team_map *map, const void *at,
			    size_t size)
{
	const char *from = at, *base = map->base;

	return map->size >= size && from >= base &&
	       from <= base + (map->size - size);
}

static bool spawn_is_mapped(const struct team *team, const void *at,
			    size_t size)
{
	for (int m = 0; m < TEAM_MAPS; m++)
		if (spawn_is_within(&team->maps[m], at, size))
			return true;
	return false;
}

/* Set signals as child_fork() does, and keep the descriptors of the order and
 * of the mappings open across the exec. */
static int spawn_set_attributes(struct spawn *spawn, const struct team *team)
{
	int rc = child_spawn_attributes(&spawn->attributes, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(
			&spawn->files, spawn->order_fd, spawn->order_fd);
	for (int m = 0; rc == 0 && m < TEAM_MAPS; m++)
		if (team->maps[m].size > 0)
			rc = posix_spawn_file_actions_adddup2(&spawn->files,
							      team->maps[m].fd,
							      team->maps[m].fd);
	return -rc;
}

static void spawn_free(void *state)
{
	struct spawn *spawn = state;

	if (spawn->order_fd >= 0)
		close(spawn->order_fd);
	posix_spawnattr_destroy(&spawn->attributes);
	posix_spawn_file_actions_destroy(&spawn->files);
	free(spawn);
}

static int spawn_new(struct team *team, struct spawn **out)
{
	struct spawn *spawn = calloc(1, sizeof(*spawn));
	int rc;

	if (!spawn)
		return -ENOMEM;
	posix_spawnattr_init(&spawn->attributes);
	posix_spawn_file_actions_init(&spawn->files);
	spawn->order_fd = memfd_create("order", MFD_CLOEXEC);
	rc = spawn->order_fd < 0 ? -errno : spawn_set_attributes(spawn, team);
	if (rc < 0) {
		spawn_free(spawn);
		return rc;
	}
	spawn->order.workers = team->workers;
	memcpy(spawn->order.maps, team->maps, sizeof(team->maps));
	*out = spawn;
	return 0;
}

static int spawn_open(struct team *team)
{
	struct worker_processes *processes;
	struct spawn *spawn;
	int rc;

	for (int m = 0; m < TEAM_MAPS; m++)
		if (team->maps[m].size > 0 && team->maps[m].fd < 0)
			return team_fail(team, -ENOTSUP,
					 "the data lies in no file that "
					 "another program could map");
	rc = spawn_new(team, &spawn);
	if (rc < 0)
		return team_fail(team, rc, "no file for orders: %s",
				 strerror(-rc));
	child_reset_sigchld();
	rc = processes_open(team, team->options[SPAWN_TIMEOUT].real);
	if (rc < 0) {
		spawn_free(spawn);
		return rc;
	}
	processes = team->state;
	processes->own = spawn;
	processes->free_own = spawn_free;
	return 0;
}

static pid_t spawn_start(struct worker_processes *processes,
			 const struct job *job, unsigned worker)
{
	struct spawn *spawn = processes->own;
	char program[] = "breakeven", command[] = EXEC_WORKER_COMMAND;
	char order[16], number[16];
	char *argv[] = {program, command, order, number, NULL};
	pid_t pid;
	int rc;

	(void)job;
	snprintf(order, sizeof(order), "%d", spawn->order_fd);
	snprintf(number, sizeof(number), "%u", worker);
	rc = child_spawn(&pid, self_program(), &spawn->files,
			 &spawn->attributes, argv);
	if (rc == 0)
		return pid;
	return team_fail(processes->team, -rc,
			 "cannot spawn worker %u of %u: %s (" CHILD_LIMITS ")",
			 worker, processes->team->workers, strerror(rc));
}

static int spawn_write_order(struct team *team, struct spawn *spawn,
			     const struct job *job)
{
	size_t partials = job->plan.tiles * job->width * sizeof(struct partial);

	if (!spawn_is_mapped(team, job->partials, partials) ||
	    (job->ctx && !spawn_is_mapped(team, job->ctx, job->ctx_size)))
		return team_fail(team, -EINVAL,
				 "context or partials lie outside of the "
				 "memory that a spawned worker maps: "
				 "team->maps");
	if (!exec_order_locate(&spawn->order, job))
		return team_fail(team, -EINVAL,
				 "the function lies in no file that a spawned "
				 "worker could load");
	spawn->order.parent = getpid();
	spawn->order.by_main = child_by_main();
	spawn->order.job = *job;
	spawn->order.error[0] = '\0';
	if (pwrite(spawn->order_fd, &spawn->order, sizeof(spawn->order), 0) !=
	    sizeof(spawn->order))
		return team_fail(team, -EIO, "no memory for an order");
	return 0;
}

/* A worker that could not begin has written the reason to the order. */
static void spawn_add_reason(struct team *team, const struct spawn *spawn)
{
	char reason[EXEC_ERROR_MAX] = "";
	size_t used = strlen(team->error);

	if (pread(spawn->order_fd, reason, sizeof(reason) - 1,
		  offsetof(struct exec_order, error)) > 0 &&
	    reason[0])
		snprintf(team->error + used, sizeof(team->error) - used, ": %s",
			 reason);
}

static int spawn_dispatch(struct team *team, const struct job *job)
{
	struct worker_processes *processes = team->state;
	struct spawn *spawn = processes->own;
	int rc = spawn_write_order(team, spawn, job);

	if (rc < 0)
		return rc;
	rc = processes_call(team, job, spawn_start);
	if (rc == -EPIPE)
		spawn_add_reason(team, spawn);
	return rc;
}

const struct runner runner_spawn = {
	.abi = RUNNER_ABI,
	.name = "spawn",
	.summary = "programs started and waited for at every call",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_CALL,
	.data = DATA_SHARED,
	.options = spawn_options,
	.open = spawn_open,
	.dispatch = spawn_dispatch,
	.close = processes_close,
};

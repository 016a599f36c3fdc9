/* SPDX-License-Identifier: MIT */
/*
 * Processes forked for one call, with a copy-on-write image of the caller.
 * Input costs nothing until a process writes to its page; output and partials
 * come back through a pipe.
 */
#include "runners/process/worker_fork.h"
#include "runners/process/worker_processes.h"
#include "system/child.h"

#include <string.h>
#include <unistd.h>

enum { COW_TIMEOUT };

static const struct option_spec cow_options[] = {
	[COW_TIMEOUT] = PROCESSES_TIMEOUT_OPTION,
	{.key = NULL},
};

static int cow_open(struct team *team)
{
	int rc = worker_fork_prepare(team);

	return rc < 0 ? rc
		      : processes_open(team, team->options[COW_TIMEOUT].real);
}

/* What a worker runs. The message is its own copy: the worker writes from the
 * memory that the caller reads into. */
static void cow_work(struct worker_processes *processes, const struct job *job,
		     unsigned worker, const struct channel *back)
{
	struct worker_process *self = &processes->list[worker];

	for (unsigned other = 1; other <= worker; other++)
		channel_close(&processes->list[other].channel);
	job_run(job, self->tiles.begin, self->tiles.end);
	_exit(message_write(&self->message, back) == 0 ? CHILD_DONE : 1);
}

static pid_t cow_start(struct worker_processes *processes,
		       const struct job *job, unsigned worker)
{
	struct worker_process *process = &processes->list[worker];
	struct channel back;
	pid_t pid;
	int rc;

	message_add_tiles(&process->message, job, process->tiles, true);
	rc = channel_open_back(message_size(&process->message),
			       &process->channel, &back);
	if (rc < 0)
		return team_fail(processes->team, rc,
				 "no pipe for worker %u of %u: %s (see ulimit "
				 "-n)",
				 worker, processes->team->workers,
				 strerror(-rc));
	pid = worker_fork(processes->team, worker);
	if (pid == 0)
		cow_work(processes, job, worker, &back);
	channel_close(&back);
	return pid;
}

static int cow_dispatch(struct team *team, const struct job *job)
{
	return processes_call(team, job, cow_start);
}

const struct runner runner_fork_cow = {
	.abi = RUNNER_ABI,
	.name = "fork-cow",
	.summary = "processes forked at every call, output shipped back",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_CALL,
	.data = DATA_INHERITED,
	.options = cow_options,
	.open = cow_open,
	.dispatch = cow_dispatch,
	.close = processes_close,
};

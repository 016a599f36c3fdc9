/* SPDX-License-Identifier: MIT */
/*
 * Processes forked for one call and waited for at its end. Input and output
 * lie in mappings that are shared with the caller.
 */
#include "runners/process/worker_fork.h"
#include "runners/process/worker_processes.h"
#include "system/child.h"

#include <unistd.h>

enum { FORK_TIMEOUT };

static const struct option_spec fork_options[] = {
	[FORK_TIMEOUT] = PROCESSES_TIMEOUT_OPTION,
	{.key = NULL},
};

static int fork_open(struct team *team)
{
	int rc = worker_fork_prepare(team);

	return rc < 0 ? rc
		      : processes_open(team, team->options[FORK_TIMEOUT].real);
}

static pid_t fork_start(struct worker_processes *processes,
			const struct job *job, unsigned worker)
{
	struct range tiles = processes->list[worker].tiles;
	pid_t pid = worker_fork(processes->team, worker);

	if (pid == 0) {
		job_run(job, tiles.begin, tiles.end);
		_exit(CHILD_DONE);
	}
	return pid;
}

static int fork_dispatch(struct team *team, const struct job *job)
{
	return processes_call(team, job, fork_start);
}

const struct runner runner_fork = {
	.abi = RUNNER_ABI,
	.name = "fork",
	.summary = "processes forked and waited for at every call",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_CALL,
	.data = DATA_SHARED,
	.options = fork_options,
	.open = fork_open,
	.dispatch = fork_dispatch,
	.close = processes_close,
};

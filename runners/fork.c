/* SPDX-License-Identifier: MIT */
/*
 * Processes forked for one call and waited for at its end. Input and output
 * lie in mappings that are shared with the caller.
 */
#include "runners/runner.h"
#include "runners/team/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fork_open(struct team *team)
{
	if (child_unsafe())
		return team_fail(team, -EBUSY,
				 "this process runs threads already (of an "
				 "OpenMP region?): forking it is unsafe; fork "
				 "in a process of its own");
	team->state = calloc(team->workers, sizeof(pid_t));
	if (!team->state)
		return team_fail(team, -ENOMEM, "out of memory");
	team_bind(team, 0);
	for (unsigned worker = 1; worker < team->workers; worker++)
		team->bound[worker] = team->cpus ? team->cpus[worker] : -1;
	return 0;
}

static pid_t fork_worker(struct team *team, const struct job *job,
			 unsigned worker)
{
	struct range share = plan_share(&job->plan, team->workers, worker);
	pid_t pid = child_fork();

	if (pid == 0) {
		job_run(job, share.begin, share.end);
		_exit(CHILD_DONE);
	}
	if (pid < 0)
		return team_fail(
			team, pid,
			"cannot fork worker %u of %u: %s (" CHILD_LIMITS ")",
			worker, team->workers, strerror(-pid));
	/* The parent moves the child: bound to the parent's own CPU, it could
	 * not run to do so itself before the parent has done its share. */
	if (team->cpus)
		topology_bind_task(team->topology, pid, team->cpus[worker]);
	return pid;
}

static int fork_wait(struct team *team, const struct job *job, unsigned worker,
		     pid_t pid)
{
	struct range share = plan_share(&job->plan, team->workers, worker);
	char end[CHILD_END_MAX];

	if (child_reap(pid, end))
		return 0;
	return team_fail(team, -EPIPE,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, end, share.begin, share.end);
}

static int fork_dispatch(struct team *team, const struct job *job)
{
	struct range own = plan_share(&job->plan, team->workers, 0);
	pid_t *pids = team->state;
	unsigned started = 1;
	int result = 0;

	for (; started < team->workers; started++) {
		pids[started] = fork_worker(team, job, started);
		if (pids[started] < 0) {
			result = pids[started];
			break;
		}
	}
	if (result == 0)
		job_run(job, own.begin, own.end);
	for (unsigned worker = 1; worker < started; worker++) {
		int rc = fork_wait(team, job, worker, pids[worker]);

		if (result == 0)
			result = rc;
	}
	return result;
}

static int fork_close(struct team *team)
{
	free(team->state);
	team->state = NULL;
	return 0;
}

const struct runner runner_fork = {
	.abi = RUNNER_ABI,
	.name = "fork",
	.summary = "processes forked and waited for at every call",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_CALL,
	.data = DATA_SHARED,
	.open = fork_open,
	.dispatch = fork_dispatch,
	.close = fork_close,
};

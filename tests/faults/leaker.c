/* SPDX-License-Identifier: MIT */
/*
 * A runner that leaves a process outside of its host's group, which goes on
 * polling while the host is parked.
 */
#include "runners/runner.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static int leaker_open(struct team *team)
{
	static pid_t child;

	team_bind(team, 0);
	child = child_fork();
	if (child < 0)
		return team_fail(team, child, "no child");
	if (child == 0) {
		for (volatile unsigned polls = 0;; polls++)
			;
	}
	/* Before it runs for the first time, which may be after a parking. */
	if (setpgid(child, child) < 0)
		return team_fail(team, -errno, "it stays in the group");
	team->state = &child;
	return 0;
}

static int leaker_dispatch(struct team *team, const struct job *job)
{
	(void)team;
	job_run(job, 0, job->plan.tiles);
	return 0;
}

static int leaker_close(struct team *team)
{
	char end[CHILD_END_MAX];

	kill(*(pid_t *)team->state, SIGKILL);
	child_reap(*(pid_t *)team->state, end);
	return 0;
}

const struct runner runner_leaker = {
	.abi = RUNNER_ABI,
	.name = "leaker",
	.summary = "polls on while its host is parked",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHARED,
	.caps = RUNNER_SOLO,
	.open = leaker_open,
	.dispatch = leaker_dispatch,
	.close = leaker_close,
};

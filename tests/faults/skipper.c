/* SPDX-License-Identifier: MIT */
/*
 * A runner that is fast because it skips the last tile.
 */
#include "runners/runner.h"

#include <stdio.h>

static int skipper_open(struct team *team)
{
	team_bind(team, 0);
	fputs("skipper: the last tile will be skipped\n", stderr);
	return 0;
}

static int skipper_dispatch(struct team *team, const struct job *job)
{
	(void)team;
	if (job->plan.tiles)
		job_run(job, 0, job->plan.tiles - 1);
	return 0;
}

static int skipper_close(struct team *team)
{
	(void)team;
	return 0;
}

const struct runner runner_skipper = {
	.abi = RUNNER_ABI,
	.name = "skipper",
	.summary = "skips the last tile",
	.unit = UNIT_NONE,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.caps = RUNNER_SOLO,
	.open = skipper_open,
	.dispatch = skipper_dispatch,
	.close = skipper_close,
};

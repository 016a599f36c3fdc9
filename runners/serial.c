/* SPDX-License-Identifier: MIT */
/*
 * The caller runs all tiles: the base that every runner is compared with.
 */
#include "runners/runner.h"

static int serial_open(struct team *team)
{
	team_bind(team, 0);
	return 0;
}

static int serial_dispatch(struct team *team, const struct job *job)
{
	(void)team;
	job_run(job, 0, job->plan.tiles);
	return 0;
}

static int serial_close(struct team *team)
{
	(void)team;
	return 0;
}

const struct runner runner_serial = {
	.abi = RUNNER_ABI,
	.name = "serial",
	.summary = "one thread, the plain loop: the base case",
	.unit = UNIT_NONE,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.caps = RUNNER_SOLO,
	.open = serial_open,
	.dispatch = serial_dispatch,
	.close = serial_close,
};

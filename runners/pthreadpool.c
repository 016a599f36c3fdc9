/* SPDX-License-Identifier: MIT */
/*
 * Marat Dukhan's pthreadpool, as XNNPACK and PyTorch use it: static shares, and
 * stealing from the end of other shares.
 */
#include "runners/pool/bind_barrier.h"

#include <errno.h>
#include <pthreadpool.h>

static void bind_one(void *barrier, size_t worker)
{
	bind_barrier_wait(barrier, (unsigned)worker);
}

static int pthreadpool_open(struct team *team)
{
	struct bind_barrier barrier = {.team = team};
	pthreadpool_t pool = pthreadpool_create(team->workers);

	if (!pool)
		return team_fail(team, -EAGAIN,
				 "no pool of %u threads (see ulimit -u)",
				 team->workers);
	pthreadpool_parallelize_1d(pool, bind_one, &barrier, team->workers, 0);
	team->state = pool;
	return 0;
}

static void run_one(void *job, size_t tile)
{
	job_run(job, tile, tile + 1);
}

static int pthreadpool_dispatch(struct team *team, const struct job *job)
{
	/* The library takes a pointer to non-const, but only passes it on. */
	union {
		const struct job *read_only;
		void *handed_on;
	} arg = {.read_only = job};

	pthreadpool_parallelize_1d(team->state, run_one, arg.handed_on,
				   job->plan.tiles, 0);
	return 0;
}

static int pthreadpool_close(struct team *team)
{
	pthreadpool_destroy(team->state);
	return 0;
}

const struct runner runner_pthreadpool = {
	.abi = RUNNER_ABI,
	.name = "pthreadpool",
	.summary = "the library pthreadpool: static shares, and stealing",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.open = pthreadpool_open,
	.dispatch = pthreadpool_dispatch,
	.close = pthreadpool_close,
};

/* SPDX-License-Identifier: MIT */
/*
 * The threads of standard C, created for one call and joined at its end.
 */
#include "runners/runner.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <threads.h>

enum { OPTION_SCHEDULE };
enum { SCHEDULE_STATIC, SCHEDULE_DYNAMIC };

static const struct option_spec c11_options[] = {
	[OPTION_SCHEDULE] = {.key = "schedule",
			     .type = OPTION_CHOICE,
			     .choices = "static|dynamic",
			     .fallback = "static",
			     .help = "equal shares, or the next tile in turn"},
	{.key = NULL},
};

struct c11_worker {
	struct c11_pool *pool;
	unsigned index;
	thrd_t thread;
};

struct c11_pool {
	struct team *team;
	const struct job *job;
	atomic_size_t next; /* the first tile that no worker has taken */
	struct c11_worker workers[];
};

static int c11_open(struct team *team)
{
	struct c11_pool *pool;

	pool = calloc(1,
		      sizeof(*pool) + team->workers * sizeof(pool->workers[0]));
	if (!pool)
		return team_fail(team, -ENOMEM, "out of memory");
	pool->team = team;
	for (unsigned i = 0; i < team->workers; i++)
		pool->workers[i] = (struct c11_worker){pool, i, 0};
	team->state = pool;
	team_bind(team, 0);
	return 0;
}

static void c11_run_share(const struct c11_worker *worker)
{
	const struct job *job = worker->pool->job;
	struct range share = plan_share(&job->plan, worker->pool->team->workers,
					worker->index);

	job_run(job, share.begin, share.end);
}

/* Relaxed will do: a tile is taken once whatever the order, and what it wrote
 * is published by thrd_join(). */
static void c11_run_next(struct c11_pool *pool)
{
	const struct job *job = pool->job;
	size_t tile;

	while ((tile = atomic_fetch_add_explicit(&pool->next, 1,
						 memory_order_relaxed)) <
	       job->plan.tiles)
		job_run(job, tile, tile + 1);
}

static void c11_run(struct c11_worker *worker)
{
	const struct team *team = worker->pool->team;

	if (team->options[OPTION_SCHEDULE].choice == SCHEDULE_DYNAMIC)
		c11_run_next(worker->pool);
	else
		c11_run_share(worker);
}

static int c11_body(void *arg)
{
	struct c11_worker *worker = arg;

	team_bind(worker->pool->team, worker->index);
	c11_run(worker);
	return 0;
}

static int c11_dispatch(struct team *team, const struct job *job)
{
	struct c11_pool *pool = team->state;
	struct c11_worker *workers = pool->workers;
	unsigned started = 1;
	int rc = 0;

	pool->job = job;
	atomic_store(&pool->next, 0);
	while (started < team->workers &&
	       thrd_create(&workers[started].thread, c11_body,
			   &workers[started]) == thrd_success)
		started++;
	if (started < team->workers)
		rc = team_fail(team, -EAGAIN,
			       "cannot start thread %u of %u (see ulimit -u)",
			       started, team->workers);
	else
		c11_run(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		if (thrd_join(workers[i].thread, NULL) != thrd_success)
			rc = team_fail(team, -EIO, "cannot join thread %u", i);
	return rc;
}

static int c11_close(struct team *team)
{
	free(team->state);
	team->state = NULL;
	return 0;
}

const struct runner runner_c11_threads = {
	.abi = RUNNER_ABI,
	.name = "c11-threads",
	.summary = "threads of standard C, created and joined at every call",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_CALL,
	.data = DATA_IN_PLACE,
	.options = c11_options,
	.open = c11_open,
	.dispatch = c11_dispatch,
	.close = c11_close,
};

/* SPDX-License-Identifier: MIT */
/*
 * A pool of threads that run one at a time, under a lock that all of them need,
 * as threads of Python code do.
 *
 * The lock is written after that of CPython 3.11 (Python/ceval_gil.h, the "new
 * GIL" of A. Pitrou, 2009). A waiting thread waits for an interval; if no other
 * thread got the lock meanwhile, it asks for it. The holder looks for that
 * between two tiles, as the interpreter does between two instructions, drops
 * the lock, and waits until another thread has taken it.
 */
#include "runners/pool/worker_pool.h"
#include "runners/process/shm.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

extern const struct runner runner_pthread_pool;

enum { GIL_WAIT, GIL_INTERVAL };

static const struct option_spec gil_options[] = {
	[GIL_WAIT] = {.key = "wait",
		      .type = OPTION_CHOICE,
		      .choices = GATE_WAIT_CHOICES,
		      .fallback = "adaptive",
		      .help = "as of pthread-pool, between calls"},
	[GIL_INTERVAL] = {.key = "interval",
			  .type = OPTION_COUNT,
			  .fallback = "5000",
			  .min = 1,
			  .max = 1e9,
			  .help = "microseconds to wait for the lock before "
				  "it is asked for"},
	{.key = NULL},
};

enum { NO_WORKER = -1 };

struct gil {
	pthread_mutex_t mutex;
	pthread_cond_t dropped; /* no thread holds it */
	pthread_cond_t taken;	/* by another thread than before */
	long interval_us;
	int holder; /* the worker, or NO_WORKER */
	int last;   /* the worker that held it last, or NO_WORKER */
	unsigned long switches;
	_Atomic bool asked_for; /* the holder reads it without the mutex */
};

struct gil_pool {
	struct team inner; /* of the pool of threads */
	size_t size;	   /* bytes of this mapping */
	struct gil gil;
	const struct job *job;	 /* of this call */
	struct gil_pool *self;	 /* the context: it is const, the pool is not */
	struct partial unused[]; /* by worker: a share contributes nothing */
};

/* ------------------------------------------------------------- the lock */

static int gil_init(struct gil *gil, long interval_us)
{
	pthread_condattr_t attr;
	int rc = pthread_condattr_init(&attr);

	if (rc)
		return -rc;
	/* The wall clock may be set during an interval. */
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	gil->interval_us = interval_us;
	gil->holder = gil->last = NO_WORKER;
	rc = pthread_mutex_init(&gil->mutex, NULL);
	if (rc == 0)
		rc = pthread_cond_init(&gil->dropped, &attr);
	if (rc == 0)
		rc = pthread_cond_init(&gil->taken, &attr);
	pthread_condattr_destroy(&attr);
	return -rc;
}

static void gil_destroy(struct gil *gil)
{
	pthread_cond_destroy(&gil->taken);
	pthread_cond_destroy(&gil->dropped);
	pthread_mutex_destroy(&gil->mutex);
}

static struct timespec gil_deadline(long us)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += us / 1000000;
	at.tv_nsec += us % 1000000 * 1000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

static void gil_take(struct gil *gil, int worker)
{
	pthread_mutex_lock(&gil->mutex);
	while (gil->holder != NO_WORKER) {
		struct timespec end = gil_deadline(gil->interval_us);
		unsigned long seen = gil->switches;
		int rc = pthread_cond_timedwait(&gil->dropped, &gil->mutex,
						&end);

		if (rc == ETIMEDOUT && gil->holder != NO_WORKER &&
		    gil->switches == seen)
			atomic_store(&gil->asked_for, true);
	}
	gil->holder = worker;
	if (gil->last != worker) {
		gil->last = worker;
		gil->switches++;
	}
	atomic_store(&gil->asked_for, false);
	pthread_cond_signal(&gil->taken);
	pthread_mutex_unlock(&gil->mutex);
}

/* With `forced`, return only once another thread has had the lock. */
static void gil_drop(struct gil *gil, int worker, bool forced)
{
	pthread_mutex_lock(&gil->mutex);
	gil->holder = NO_WORKER;
	pthread_cond_signal(&gil->dropped);
	while (forced && gil->last == worker)
		pthread_cond_wait(&gil->taken, &gil->mutex);
	pthread_mutex_unlock(&gil->mutex);
}

static void gil_yield_if_asked(struct gil *gil, int worker)
{
	/* relaxed: a hint only; gil_drop() and gil_take() lock the mutex */
	if (!atomic_load_explicit(&gil->asked_for, memory_order_relaxed))
		return;
	gil_drop(gil, worker, true);
	gil_take(gil, worker);
}

/* ----------------------------------------------------------- the runner */

/* Run a worker's share of the job, which is one tile of the inner job. */
static void gil_run_share(const void *ctx, size_t worker, size_t end,
			  struct partial *out)
{
	struct gil_pool *pool = *(struct gil_pool *const *)ctx;
	const struct job *job = pool->job;
	struct range share =
		plan_share(&job->plan, pool->inner.workers, (unsigned)worker);

	(void)end, (void)out;
	if (share.begin == share.end)
		return;
	gil_take(&pool->gil, (int)worker);
	for (size_t t = share.begin; t < share.end; t++) {
		job_run(job, t, t + 1);
		if (t + 1 < share.end)
			gil_yield_if_asked(&pool->gil, (int)worker);
	}
	gil_drop(&pool->gil, (int)worker, false);
}

static void gil_free(struct gil_pool *pool)
{
	gil_destroy(&pool->gil);
	shm_free(pool, pool->size);
}

static int gil_copy_error(struct team *team, const struct gil_pool *pool,
			  int rc)
{
	if (rc < 0)
		snprintf(team->error, sizeof(team->error), "%s",
			 pool->inner.error);
	return rc;
}

static int gil_open(struct team *team)
{
	size_t size = sizeof(struct gil_pool) +
		      team->workers * sizeof(struct partial);
	struct gil_pool *pool = shm_alloc(size);
	int rc;

	if (!pool)
		return team_fail(team, -ENOMEM, "out of memory");
	pool->self = pool;
	pool->size = size;
	pool->inner = *team;
	pool->inner.options[WORKER_POOL_SCHEDULE].choice = TILE_QUEUE_STATIC;
	pool->inner.options[WORKER_POOL_CHUNK].count = 0;
	pool->inner.options[WORKER_POOL_WAIT] = team->options[GIL_WAIT];
	rc = gil_init(&pool->gil, team->options[GIL_INTERVAL].count);
	if (rc < 0)
		team_fail(team, rc, "no lock for the threads: %s",
			  strerror(-rc));
	else
		rc = gil_copy_error(team, pool,
				    runner_pthread_pool.open(&pool->inner));
	if (rc < 0) {
		gil_free(pool);
		return rc;
	}
	team->control = pool->inner.control + size;
	team->state = pool;
	return 0;
}

static int gil_dispatch(struct team *team, const struct job *job)
{
	struct gil_pool *pool = team->state;
	struct job shares = {.run = gil_run_share,
			     .ctx = &pool->self,
			     .partials = pool->unused,
			     .width = 1,
			     .plan = plan_chunks(team->workers, 1)};

	pool->job = job;
	return gil_copy_error(
		team, pool,
		runner_pthread_pool.dispatch(&pool->inner, &shares));
}

static int gil_close(struct team *team)
{
	struct gil_pool *pool = team->state;
	int rc = gil_copy_error(team, pool,
				runner_pthread_pool.close(&pool->inner));

	gil_free(pool);
	team->state = NULL;
	return rc;
}

const struct runner runner_pthread_gil = {
	.abi = RUNNER_ABI,
	.name = "pthread-gil",
	.summary = "threads that stay, one at a time, as in Python",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_POOLED,
	.caps = RUNNER_TURNS,
	.data = DATA_IN_PLACE,
	.options = gil_options,
	.open = gil_open,
	.dispatch = gil_dispatch,
	.close = gil_close,
};

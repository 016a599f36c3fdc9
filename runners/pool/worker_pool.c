/* SPDX-License-Identifier: MIT */
#include "runners/pool/worker_pool.h"

#include "core/clock.h"
#include "runners/process/shm.h"

#include <errno.h>
#include <string.h>

/* Lies in shared memory; the gate, of varying size, comes last. */
struct worker_pool {
	struct team *team;
	const struct worker_ops *ops;
	size_t size;	  /* bytes of this mapping */
	unsigned started; /* workers started, the caller among them */
	int broken;	  /* 0, or the error that ended the pool */
	bool dismissed;	  /* released with no job, so that they leave */
	struct tile_queue queue;
	union worker_handle *handles;

	alignas(CACHE_LINE) struct job job;	     /* of the present call */
	alignas(CACHE_LINE) struct gate_seat caller; /* the caller's own: */
	struct tile_queue_seat tile_seat;
	double timeout_ns;     /* 0: none */
	int64_t waiting_since; /* of this join, if there is a timeout */
	struct gate gate;
};

union worker_handle *worker_pool_handle(struct worker_pool *pool,
					unsigned worker)
{
	return &pool->handles[worker];
}

struct team *worker_pool_team(const struct worker_pool *pool)
{
	return pool->team;
}

/* The tiles that a worker begins with. */
static struct range worker_pool_share(const struct worker_pool *pool,
				      unsigned worker)
{
	return plan_share(&pool->job.plan, pool->queue.workers,
			  worker - pool->ops->caller_waits);
}

int worker_pool_report_death(struct worker_pool *pool, unsigned worker,
			     pid_t pid, const char *end)
{
	struct range share = worker_pool_share(pool, worker);

	if (pool->queue.schedule != TILE_QUEUE_STATIC || pool->queue.chunk > 0)
		return team_fail(pool->team, -EPIPE,
				 "worker %u (pid %d) %s while it took part in "
				 "a call of %zu tiles",
				 worker, (int)pid, end, pool->job.plan.tiles);
	return team_fail(pool->team, -EPIPE,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, end, share.begin, share.end);
}

void worker_pool_serve(struct worker_pool *pool, unsigned worker)
{
	struct gate_seat seat = gate_sit(&pool->gate, worker);
	struct tile_queue_seat tile_seat = {.worker = worker -
						      pool->ops->caller_waits};
	const struct job *job;

	team_bind(pool->team, worker);
	/* The first release is empty: its join is the check-in. */
	while ((job = gate_await(&seat)) != NULL) {
		tile_queue_run(&pool->queue, job, &tile_seat, seat.seen);
		gate_arrive(&seat);
	}
}

static int worker_pool_report_late(struct worker_pool *pool)
{
	unsigned worker = gate_missing(&pool->caller);
	struct range share;

	if (worker == 0)
		return 0; /* all have arrived by now */
	share = worker_pool_share(pool, worker);
	return team_fail(pool->team, -ETIMEDOUT,
			 "worker %u (pid %d) has not arrived within %g s "
			 "(stopped?); to begin with, it held tiles [%zu, %zu)",
			 worker, (int)pool->handles[worker].pid,
			 pool->timeout_ns * 1e-9, share.begin, share.end);
}

/* The worker that is missing may only wait for another one, which died: look at
 * all of them. */
static int worker_pool_watch(void *arg)
{
	struct worker_pool *pool = arg;

	for (unsigned worker = 1; worker < pool->started; worker++) {
		int rc = pool->ops->watch(pool, worker);

		if (rc < 0)
			return rc;
	}
	if (pool->timeout_ns > 0 &&
	    (double)(now_ns() - pool->waiting_since) > pool->timeout_ns)
		return worker_pool_report_late(pool);
	return 0;
}

static int worker_pool_join(struct worker_pool *pool)
{
	int rc;

	if (pool->timeout_ns > 0)
		pool->waiting_since = now_ns();
	rc = gate_join(&pool->caller,
		       pool->ops->watch ? worker_pool_watch : NULL, pool);
	if (rc < 0)
		pool->broken = rc;
	return rc;
}

int worker_pool_dispatch(struct team *team, const struct job *job)
{
	struct worker_pool *pool = team->state;

	if (pool->broken)
		return pool->broken;
	/* The workers read this copy, which lies in shared memory. While the
	 * same job comes again, its lines stay in their caches unwritten. */
	if (memcmp(&pool->job, job, sizeof(*job)) != 0)
		pool->job = *job;
	gate_release(&pool->caller, &pool->job);
	if (!pool->ops->caller_waits)
		tile_queue_run(&pool->queue, &pool->job, &pool->tile_seat,
			       pool->caller.seen);
	return worker_pool_join(pool);
}

static void worker_pool_free(struct worker_pool *pool)
{
	unsigned workers = pool->team->workers;

	if (pool->handles)
		shm_free(pool->handles, workers * sizeof(*pool->handles));
	if (pool->queue.shares)
		shm_free(pool->queue.shares,
			 workers * sizeof(*pool->queue.shares));
	shm_free(pool, pool->size);
}

/* The processes of a broken pool are killed instead. Threads cannot be killed;
 * those that are not stuck leave. */
static void worker_pool_dismiss(struct worker_pool *pool)
{
	if (pool->dismissed || (pool->broken && pool->ops->processes))
		return;
	pool->dismissed = true;
	gate_release(&pool->caller, NULL);
}

/*
 * End and reap all that were started. The first failure counts, and all workers
 * after it are killed: the one that failed may have led others, which wait for
 * it at the gate.
 */
static int worker_pool_reap(struct worker_pool *pool)
{
	struct team *team = pool->team;
	int result = pool->broken, left = 0;

	worker_pool_dismiss(pool);
	for (unsigned worker = 1; worker < pool->started; worker++) {
		int rc = pool->ops->reap(team, pool, worker, result < 0);

		if (rc == -EBUSY)
			left = rc;
		else if (rc < 0 && result == 0)
			result = rc;
	}
	if (left < 0)
		return left;
	team->state = NULL;
	worker_pool_free(pool);
	return result;
}

static int worker_pool_check_in(struct worker_pool *pool)
{
	pool->job = (struct job){.plan = {.tiles = 0}};
	gate_release(&pool->caller, &pool->job);
	return worker_pool_join(pool);
}

static struct worker_pool *worker_pool_new(struct team *team,
					   const struct worker_ops *ops)
{
	const union option_value *options = team->options;
	size_t size = sizeof(struct worker_pool) + gate_size(team->workers);
	struct worker_pool *pool = shm_alloc(size);

	if (!pool)
		return NULL;
	pool->team = team;
	pool->ops = ops;
	pool->size = size;
	pool->started = 1;
	if (ops->processes)
		pool->timeout_ns = options[WORKER_POOL_TIMEOUT].real * 1e9;
	pool->queue = (struct tile_queue){
		.schedule = (enum tile_schedule)options[WORKER_POOL_SCHEDULE]
				    .choice,
		.chunk = (size_t)options[WORKER_POOL_CHUNK].count,
		.workers = team->workers - ops->caller_waits,
		.shares = shm_alloc(team->workers * sizeof(struct tile_share)),
	};
	pool->handles = shm_alloc(team->workers * sizeof(*pool->handles));
	if (!pool->queue.shares || !pool->handles) {
		worker_pool_free(pool);
		return NULL;
	}
	gate_init(&pool->gate, team->workers,
		  (enum gate_wait)options[WORKER_POOL_WAIT].choice,
		  ops->processes, team->oversubscribed);
	if (team->borders)
		memcpy(gate_borders(&pool->gate), team->borders, team->workers);
	pool->caller = gate_sit(&pool->gate, 0);
	team->control = size + team->workers * (sizeof(struct tile_share) +
						sizeof(*pool->handles));
	return pool;
}

int worker_pool_open(struct team *team, const struct worker_ops *ops)
{
	struct worker_pool *pool = worker_pool_new(team, ops);
	int rc;

	if (!pool)
		return team_fail(team, -ENOMEM,
				 "no shared memory for a pool of %u workers",
				 team->workers);
	team->state = pool;
	for (; pool->started < team->workers; pool->started++) {
		rc = ops->start(team, pool, pool->started);
		if (rc < 0)
			goto undo;
	}
	team_bind(team, 0);
	rc = worker_pool_check_in(pool);
	if (rc < 0)
		goto undo;
	return 0;
undo:
	/* The workers started so far wait at the gate, and leave it. */
	worker_pool_reap(pool);
	return rc;
}

int worker_pool_close(struct team *team)
{
	return worker_pool_reap(team->state);
}

/* SPDX-License-Identifier: MIT */
#include "runners/team/pool.h"

#include "runners/team/shared.h"

#include <errno.h>
#include <string.h>

/* Lies in shared memory; the gate, of varying size, comes last. */
struct pool {
	struct team *team;
	const struct birth *birth;
	size_t size;	/* bytes of this mapping */
	unsigned born;	/* workers started, the caller among them */
	int broken;	/* 0, or the error that ended the pool */
	struct job job; /* of the present call */
	union worker_id *ids;
	struct gate gate;
};

union worker_id *pool_worker_id(struct pool *pool, unsigned worker)
{
	return &pool->ids[worker];
}

struct range pool_held(const struct pool *pool, unsigned worker)
{
	return plan_share(&pool->job.plan, pool->team->workers, worker);
}

static void pool_run_share(const struct job *job, unsigned workers,
			   unsigned worker)
{
	struct range share = plan_share(&job->plan, workers, worker);

	job_run(job, share.begin, share.end);
}

void pool_work(struct pool *pool, unsigned worker)
{
	const unsigned workers = pool->team->workers;
	const struct job *job;
	uint32_t seen = 0;

	team_bind(pool->team, worker);
	/* The first release is empty: its join is the check-in. */
	while ((job = gate_await(&pool->gate, &seen)) != NULL) {
		pool_run_share(job, workers, worker);
		gate_arrive(&pool->gate, worker, seen);
	}
}

static int pool_watch(void *arg, uint32_t worker)
{
	struct pool *pool = arg;

	return pool->birth->watch(pool->team, pool, worker);
}

static int pool_join(struct pool *pool)
{
	int rc = gate_join(&pool->gate, pool->birth->watch ? pool_watch : NULL,
			   pool);

	if (rc < 0)
		pool->broken = rc;
	return rc;
}

int pool_dispatch(struct team *team, const struct job *job)
{
	struct pool *pool = team->state;

	if (pool->broken)
		return pool->broken;
	/* The workers read this copy, which lies in shared memory. While the
	 * same job comes again, its lines stay in their caches unwritten. */
	if (memcmp(&pool->job, job, sizeof(*job)) != 0)
		pool->job = *job;
	gate_release(&pool->gate, &pool->job);
	pool_run_share(job, team->workers, 0);
	return pool_join(pool);
}

/* End and bury all who were born. The first bad end counts. */
static int pool_bury(struct pool *pool)
{
	struct team *team = pool->team;
	int result = pool->broken;

	if (!pool->broken)
		gate_release(&pool->gate, NULL);
	for (unsigned worker = 1; worker < pool->born; worker++) {
		int rc = pool->birth->bury(team, pool, worker, pool->broken);

		if (rc < 0 && result == 0)
			result = rc;
	}
	shared_free(pool->ids, team->workers * sizeof(*pool->ids));
	shared_free(pool, pool->size);
	team->state = NULL;
	return result;
}

static int pool_check_in(struct pool *pool)
{
	pool->job = (struct job){.plan = {.tiles = 0}};
	gate_release(&pool->gate, &pool->job);
	return pool_join(pool);
}

static struct pool *pool_new(struct team *team, const struct birth *birth)
{
	size_t size = sizeof(struct pool) + gate_size(team->workers);
	struct pool *pool = shared_alloc(size);

	if (!pool)
		return NULL;
	pool->ids = shared_alloc(team->workers * sizeof(*pool->ids));
	if (!pool->ids) {
		shared_free(pool, size);
		return NULL;
	}
	pool->team = team;
	pool->birth = birth;
	pool->size = size;
	pool->born = 1;
	gate_init(&pool->gate, team->workers,
		  (enum gate_wait)team->options[POOL_WAIT].choice,
		  birth->processes, team->crowded);
	return pool;
}

int pool_open(struct team *team, const struct birth *birth)
{
	struct pool *pool = pool_new(team, birth);
	int rc;

	if (!pool)
		return team_fail(team, -ENOMEM,
				 "no shared memory for a pool of %u workers",
				 team->workers);
	team->state = pool;
	for (; pool->born < team->workers; pool->born++) {
		rc = birth->start(team, pool, pool->born);
		if (rc < 0)
			goto undo;
	}
	team_bind(team, 0);
	rc = pool_check_in(pool);
	if (rc < 0)
		goto undo;
	return 0;
undo:
	/* Those born wait at the gate, all alive: they can be let go. */
	pool_bury(pool);
	return rc;
}

int pool_close(struct team *team)
{
	return pool_bury(team->state);
}

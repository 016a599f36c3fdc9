/* SPDX-License-Identifier: MIT */
#include "runners/team/pool.h"

#include "runners/team/shared.h"

#include <errno.h>
#include <string.h>

/* Lies in shared memory; the gate, of varying size, comes last. */
struct pool {
	struct team *team;
	const struct birth *birth;
	size_t size;   /* bytes of this mapping */
	unsigned born; /* workers started, the caller among them */
	int broken;    /* 0, or the error that ended the pool */
	struct deal deal;
	union worker_id *ids;

	alignas(CACHE_LINE) struct job job;	     /* of the present call */
	alignas(CACHE_LINE) struct gate_seat caller; /* nobody else's */
	struct deal_seat dealt;			     /* to the caller */
	struct gate gate;
};

union worker_id *pool_worker_id(struct pool *pool, unsigned worker)
{
	return &pool->ids[worker];
}

int pool_lost(struct pool *pool, unsigned worker, pid_t pid, const char *end)
{
	struct range share =
		plan_share(&pool->job.plan, pool->team->workers, worker);

	if (pool->deal.schedule != DEAL_STATIC || pool->deal.chunk > 0)
		return team_fail(pool->team, -EPIPE,
				 "worker %u (pid %d) %s while it took part in "
				 "a call of %zu tiles",
				 worker, (int)pid, end, pool->job.plan.tiles);
	return team_fail(pool->team, -EPIPE,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, end, share.begin, share.end);
}

void pool_work(struct pool *pool, unsigned worker)
{
	struct gate_seat seat = gate_sit(&pool->gate, worker);
	struct deal_seat dealt = {.worker = worker};
	const struct job *job;

	team_bind(pool->team, worker);
	/* The first release is empty: its join is the check-in. */
	while ((job = gate_await(&seat)) != NULL) {
		deal_run(&pool->deal, job, &dealt, seat.seen);
		gate_arrive(&seat);
	}
}

/* Whoever is missing may wait for somebody else, who died. */
static int pool_watch(void *arg)
{
	struct pool *pool = arg;

	for (unsigned worker = 1; worker < pool->born; worker++) {
		int rc = pool->birth->watch(pool, worker);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int pool_join(struct pool *pool)
{
	int rc = gate_join(&pool->caller,
			   pool->birth->watch ? pool_watch : NULL, pool);

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
	gate_release(&pool->caller, &pool->job);
	deal_run(&pool->deal, &pool->job, &pool->dealt, pool->caller.seen);
	return pool_join(pool);
}

static void pool_free(struct pool *pool)
{
	unsigned workers = pool->team->workers;

	if (pool->ids)
		shared_free(pool->ids, workers * sizeof(*pool->ids));
	if (pool->deal.hands)
		shared_free(pool->deal.hands,
			    workers * sizeof(*pool->deal.hands));
	shared_free(pool, pool->size);
}

/*
 * End and bury all who were born. The first bad end counts, and from there on
 * everybody is killed: who died may have led others, who still wait for him.
 */
static int pool_bury(struct pool *pool)
{
	struct team *team = pool->team;
	int result = pool->broken;

	if (!pool->broken)
		gate_release(&pool->caller, NULL);
	for (unsigned worker = 1; worker < pool->born; worker++) {
		int rc = pool->birth->bury(team, pool, worker, result < 0);

		if (rc < 0 && result == 0)
			result = rc;
	}
	team->state = NULL;
	pool_free(pool);
	return result;
}

static int pool_check_in(struct pool *pool)
{
	pool->job = (struct job){.plan = {.tiles = 0}};
	gate_release(&pool->caller, &pool->job);
	return pool_join(pool);
}

static struct pool *pool_new(struct team *team, const struct birth *birth)
{
	const union option_value *options = team->options;
	size_t size = sizeof(struct pool) + gate_size(team->workers);
	struct pool *pool = shared_alloc(size);

	if (!pool)
		return NULL;
	pool->team = team;
	pool->birth = birth;
	pool->size = size;
	pool->born = 1;
	pool->deal = (struct deal){
		.schedule = (enum deal_schedule)options[POOL_SCHEDULE].choice,
		.chunk = (size_t)options[POOL_CHUNK].count,
		.workers = team->workers,
		.hands = shared_alloc(team->workers * sizeof(struct deal_hand)),
	};
	pool->ids = shared_alloc(team->workers * sizeof(*pool->ids));
	if (!pool->deal.hands || !pool->ids) {
		pool_free(pool);
		return NULL;
	}
	gate_init(&pool->gate, team->workers,
		  (enum gate_wait)options[POOL_WAIT].choice, birth->processes,
		  team->crowded);
	pool->caller = gate_sit(&pool->gate, 0);
	team->control = size + team->workers * (sizeof(struct deal_hand) +
						sizeof(*pool->ids));
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

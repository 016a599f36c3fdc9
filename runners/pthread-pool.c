/* SPDX-License-Identifier: MIT */
/*
 * A pool of threads: created once, released and joined through the gate.
 */
#include "runners/pool/thread.h"
#include "runners/pool/worker_pool.h"

#include <errno.h>
#include <stdlib.h>

static const struct option_spec pthread_pool_options[] = {
	WORKER_POOL_OPTIONS,
	{.key = NULL},
};

struct newborn {
	struct worker_pool *pool;
	unsigned worker;
};

static void *thread_body(void *arg)
{
	struct newborn newborn = *(struct newborn *)arg;

	free(arg);
	worker_pool_serve(newborn.pool, newborn.worker);
	return NULL;
}

static int thread_birth(struct team *team, struct worker_pool *pool,
			unsigned worker)
{
	struct newborn *newborn = malloc(sizeof(*newborn));
	pthread_t thread;
	int rc;

	if (!newborn)
		return team_fail(team, -ENOMEM, "out of memory");
	*newborn = (struct newborn){pool, worker};
	rc = thread_start(team, worker, thread_body, newborn, &thread);
	if (rc < 0) {
		free(newborn);
		return rc;
	}
	worker_pool_handle(pool, worker)->thread = thread;
	return 0;
}

static int thread_bury(struct team *team, struct worker_pool *pool,
		       unsigned worker, bool kill)
{
	(void)team, (void)kill;
	return -pthread_join(worker_pool_handle(pool, worker)->thread, NULL);
}

static int pthread_pool_open(struct team *team)
{
	static const struct birth birth = {
		.start = thread_birth,
		.bury = thread_bury,
	};

	return worker_pool_open(team, &birth);
}

const struct runner runner_pthread_pool = {
	.abi = RUNNER_ABI,
	.name = "pthread-pool",
	.summary = "threads that stay, released through a gate",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_IN_PLACE,
	.options = pthread_pool_options,
	.open = pthread_pool_open,
	.dispatch = worker_pool_dispatch,
	.close = worker_pool_close,
};

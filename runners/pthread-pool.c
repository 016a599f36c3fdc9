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

struct pthread_pool_worker {
	struct worker_pool *pool;
	unsigned worker;
};

static void *pthread_pool_body(void *arg)
{
	struct pthread_pool_worker self = *(struct pthread_pool_worker *)arg;

	free(arg);
	worker_pool_serve(self.pool, self.worker);
	return NULL;
}

static int pthread_pool_start(struct team *team, struct worker_pool *pool,
			      unsigned worker)
{
	struct pthread_pool_worker *self = malloc(sizeof(*self));
	pthread_t thread;
	int rc;

	if (!self)
		return team_fail(team, -ENOMEM, "out of memory");
	*self = (struct pthread_pool_worker){pool, worker};
	rc = thread_start(team, worker, pthread_pool_body, self, &thread);
	if (rc < 0) {
		free(self);
		return rc;
	}
	worker_pool_handle(pool, worker)->thread = thread;
	return 0;
}

static int pthread_pool_reap(struct team *team, struct worker_pool *pool,
			     unsigned worker, bool kill)
{
	(void)team, (void)kill;
	return -pthread_join(worker_pool_handle(pool, worker)->thread, NULL);
}

static int pthread_pool_open(struct team *team)
{
	static const struct worker_ops ops = {
		.start = pthread_pool_start,
		.reap = pthread_pool_reap,
	};

	return worker_pool_open(team, &ops);
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

/* SPDX-License-Identifier: MIT */
/*
 * A pool of threads: created once, released and joined through the gate.
 */
#include "runners/pool/crew.h"
#include "runners/pool/thread.h"

#include <errno.h>
#include <stdlib.h>

static const struct option_spec pthread_pool_options[] = {
	CREW_OPTIONS,
	{.key = NULL},
};

struct newborn {
	struct crew *crew;
	unsigned worker;
};

static void *thread_body(void *arg)
{
	struct newborn newborn = *(struct newborn *)arg;

	free(arg);
	crew_work(newborn.crew, newborn.worker);
	return NULL;
}

static int thread_birth(struct team *team, struct crew *crew, unsigned worker)
{
	struct newborn *newborn = malloc(sizeof(*newborn));
	pthread_t thread;
	int rc;

	if (!newborn)
		return team_fail(team, -ENOMEM, "out of memory");
	*newborn = (struct newborn){crew, worker};
	rc = thread_start(team, worker, thread_body, newborn, &thread);
	if (rc < 0) {
		free(newborn);
		return rc;
	}
	crew_worker_id(crew, worker)->thread = thread;
	return 0;
}

static int thread_bury(struct team *team, struct crew *crew, unsigned worker,
		       bool kill)
{
	(void)team, (void)kill;
	return -pthread_join(crew_worker_id(crew, worker)->thread, NULL);
}

static int pthread_pool_open(struct team *team)
{
	static const struct birth birth = {
		.start = thread_birth,
		.bury = thread_bury,
	};

	return crew_open(team, &birth);
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
	.dispatch = crew_dispatch,
	.close = crew_close,
};

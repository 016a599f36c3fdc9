/* SPDX-License-Identifier: MIT */
/*
 * Threads created for one call and joined at its end.
 */
#include "runners/pool/thread.h"

#include <errno.h>
#include <stdlib.h>

struct pthread_worker {
	const struct job *job;
	struct range share;
	pthread_t thread;
};

static int pthread_open(struct team *team)
{
	team->state = calloc(team->workers, sizeof(struct pthread_worker));
	if (!team->state)
		return team_fail(team, -ENOMEM, "out of memory");
	team_bind(team, 0);
	/* The others are bound as they start. Reading that back would add to
	 * the time of each call. */
	for (unsigned worker = 1; worker < team->workers; worker++)
		team->bound[worker] = team->cpus ? team->cpus[worker] : -1;
	return 0;
}

static void *pthread_body(void *arg)
{
	const struct pthread_worker *worker = arg;

	job_run(worker->job, worker->share.begin, worker->share.end);
	return NULL;
}

static int pthread_dispatch(struct team *team, const struct job *job)
{
	struct pthread_worker *workers = team->state;
	struct range own = plan_share(&job->plan, team->workers, 0);
	unsigned started = 1;
	int rc = 0;

	for (; started < team->workers; started++) {
		struct pthread_worker *worker = &workers[started];

		*worker = (struct pthread_worker){
			.job = job,
			.share = plan_share(&job->plan, team->workers, started),
		};
		rc = thread_start(team, started, pthread_body, worker,
				  &worker->thread);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		job_run(job, own.begin, own.end);
	for (unsigned worker = 1; worker < started; worker++)
		pthread_join(workers[worker].thread, NULL);
	return rc;
}

static int pthread_close(struct team *team)
{
	free(team->state);
	team->state = NULL;
	return 0;
}

const struct runner runner_pthread = {
	.abi = RUNNER_ABI,
	.name = "pthread",
	.summary = "threads created and joined at every call",
	.unit = UNIT_THREAD,
	.lifetime = LIFETIME_CALL,
	.data = DATA_IN_PLACE,
	.open = pthread_open,
	.dispatch = pthread_dispatch,
	.close = pthread_close,
};

/* SPDX-License-Identifier: MIT */
/*
 * A runner that leaves a process outside of its host's group, which works for a
 * while after a call, maybe when the host is parked, and then sleeps.
 */
#include "core/clock.h"
#include "runners/runner.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LINGER_NS = 10000000 };

struct lingerer {
	sem_t called;
	pid_t child;
};

static void lingerer_work(sem_t *called)
{
	for (;;) {
		int64_t end;

		sem_wait(called);
		while (sem_trywait(called) == 0)
			;
		end = clock_ns(CLOCK_THREAD_CPUTIME_ID) + LINGER_NS;
		while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
			;
	}
}

static int lingerer_open(struct team *team)
{
	struct lingerer *own = mmap(NULL, sizeof(*own), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (own == MAP_FAILED)
		return team_fail(team, -errno, "no memory");
	sem_init(&own->called, 1, 0);
	team_bind(team, 0);
	own->child = child_fork();
	if (own->child == 0)
		lingerer_work(&own->called);
	if (own->child < 0 || setpgid(own->child, own->child) < 0)
		return team_fail(team, -errno, "no child of its own group");
	team->state = own;
	return 0;
}

static int lingerer_dispatch(struct team *team, const struct job *job)
{
	struct lingerer *own = team->state;

	job_run(job, 0, job->plan.tiles);
	sem_post(&own->called);
	return 0;
}

static int lingerer_close(struct team *team)
{
	struct lingerer *own = team->state;
	char end[CHILD_END_MAX];

	kill(own->child, SIGKILL);
	child_reap(own->child, end);
	munmap(own, sizeof(*own));
	return 0;
}

const struct runner runner_lingerer = {
	.abi = RUNNER_ABI,
	.name = "lingerer",
	.summary = "works for a while after each call",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHARED,
	.caps = RUNNER_SOLO,
	.open = lingerer_open,
	.dispatch = lingerer_dispatch,
	.close = lingerer_close,
};

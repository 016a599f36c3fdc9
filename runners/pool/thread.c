/* SPDX-License-Identifier: MIT */
#include "runners/pool/thread.h"

#include "system/child_fork.h"
#include "system/retry.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

static int thread_affinity(pthread_attr_t *attr, int cpu)
{
	size_t size = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *set = CPU_ALLOC((size_t)cpu + 1);
	int rc;

	if (!set)
		return ENOMEM;
	CPU_ZERO_S(size, set);
	CPU_SET_S((size_t)cpu, size, set);
	rc = pthread_attr_setaffinity_np(attr, size, set);
	CPU_FREE(set);
	return rc;
}

static int thread_create(pthread_t *thread, const pthread_attr_t *attr,
			 void *(*body)(void *), void *arg)
{
	unsigned tries = 0;
	int rc;

	while ((rc = pthread_create(thread, attr, body, arg)) != 0 &&
	       retry_nap(rc, tries))
		tries++;
	return rc;
}

int thread_start(struct team *team, unsigned worker, void *(*body)(void *),
		 void *arg, pthread_t *thread)
{
	pthread_attr_t attr;
	int rc = pthread_attr_init(&attr);

	if (rc == 0 && team->cpus)
		rc = thread_affinity(&attr, team->cpus[worker]);
	if (rc == 0)
		rc = thread_create(thread, &attr, body, arg);
	/* Without that CPU, start the thread unbound. */
	if (rc == EINVAL || rc == EPERM || rc == ENOSYS)
		rc = thread_create(thread, NULL, body, arg);
	pthread_attr_destroy(&attr);
	if (rc == 0)
		return 0;
	return team_fail(team, -rc,
			 "cannot start thread %u of %u: %s (" CHILD_LIMITS ")",
			 worker, team->workers, strerror(rc));
}

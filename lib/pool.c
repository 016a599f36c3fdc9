/* SPDX-License-Identifier: MIT */
#include "lib/pool.h"

#include "runners/process/shm.h"
#include "system/child_fork.h"
#include "system/quota.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FLAGS_ALL (POOL_PROCESSES | POOL_THREADS | POOL_CALLER)

/* ------------------------------------------------------------- open, close */

static unsigned cpus_allowed(void)
{
	cpu_set_t cpus[8];
	char warning[256];
	double quota = quota_cpus("", warning, sizeof(warning));
	int count = 0;

	if (sched_getaffinity(0, sizeof(cpus), cpus) == 0)
		count = CPU_COUNT_S(sizeof(cpus), cpus);
	if (count < 1)
		count = 1;
	count = (int)quota_workers(quota, (unsigned)count);
	return count < POOL_WORKERS_MAX ? (unsigned)count : POOL_WORKERS_MAX;
}

static int check_open(unsigned workers, unsigned flags,
		      struct pool_error *error)
{
	unsigned kind = flags & (POOL_PROCESSES | POOL_THREADS);

	if (task_inside())
		return pool_error_set(
			error, -EPERM,
			"a task cannot open a pool: its own pool has the "
			"CPUs; let the task do more at once instead");
	if ((kind != POOL_PROCESSES && kind != POOL_THREADS) ||
	    (flags & ~(unsigned)FLAGS_ALL))
		return pool_error_set(
			error, -EINVAL,
			"flags 0x%x: a pool is of POOL_PROCESSES or of "
			"POOL_THREADS, with POOL_CALLER or without",
			flags);
	if (workers > POOL_WORKERS_MAX)
		return pool_error_set(
			error, -EINVAL,
			"%u workers: a pool has %d at most, and 0 asks for "
			"one per CPU that a quota pays for",
			workers, POOL_WORKERS_MAX);
	if (kind == POOL_PROCESSES && process_is_threaded())
		return pool_error_set(
			error, -EBUSY,
			"this process runs threads already: forking it is "
			"unsafe; open the pool first, or use POOL_THREADS");
	return 0;
}

/* The shared part, with team.bound behind the slots. */
static struct common *common_new(size_t workers, size_t *size)
{
	*size = sizeof(struct common) +
		workers * (sizeof(struct slot) + sizeof(int));
	return shm_alloc(*size);
}

/* A pool, with no worker started yet. */
static int pool_new(struct pool **out, unsigned workers, unsigned flags)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	int rc = pool ? store_open(&pool->store) : -ENOMEM;

	if (rc < 0) {
		free(pool);
		return rc;
	}
	pool->ops =
		flags & POOL_PROCESSES ? worker_ops_process : worker_ops_thread;
	pool->ops.caller_waits = !(flags & POOL_CALLER);
	pool->flags = flags;
	pool->owner = getpid();
	pool->fate.index = POOL_NO_ITEM;
	pool->team.workers = workers + pool->ops.caller_waits;
	/* The program may need the CPUs for other threads, even if workers are
	 * few: pollers yield, and sleep after 200 us. */
	pool->team.oversubscribed = true;
	pool->team.options[WORKER_POOL_WAIT].choice = GATE_ADAPTIVE;
	pool->team.options[WORKER_POOL_SCHEDULE].choice = TILE_QUEUE_DYNAMIC;
	pool->common = common_new(pool->team.workers, &pool->common_size);
	if (!pool->common) {
		store_close(&pool->store);
		free(pool);
		return -ENOMEM;
	}
	pool->team.bound = (int *)&pool->common->slots[pool->team.workers];
	*out = pool;
	return 0;
}

static void pool_delete(struct pool *pool)
{
	store_close(&pool->store);
	shm_free(pool->common, pool->common_size);
	free(pool);
}

int pool_open(struct pool **pool, unsigned workers, unsigned flags,
	      struct pool_error *error)
{
	struct pool *fresh = NULL;
	int rc;

	error_clear(error);
	if (!pool)
		return pool_error_set(error, -EINVAL,
				      "there is no place for the pool");
	*pool = NULL;
	rc = check_open(workers, flags, error);
	if (rc < 0)
		return rc;
	rc = pool_new(&fresh, workers ? workers : cpus_allowed(), flags);
	if (rc < 0)
		return pool_error_set(
			error, rc,
			"no memory to share: %s (see ulimit -v, -f and -n)",
			strerror(-rc));
	/* Otherwise every child would write what stdio has buffered. */
	if (flags & POOL_PROCESSES)
		fflush(NULL);
	rc = worker_pool_open(&fresh->team, &fresh->ops);
	if (rc < 0) {
		pool_error_set(error, rc, "%s", fresh->team.error);
		pool_delete(fresh);
		return rc;
	}
	*pool = fresh;
	return 0;
}

int pool_enter(struct pool *pool, struct pool_error *error)
{
	if (task_inside())
		return pool_error_set(error, -EPERM,
				      "a task cannot use a pool");
	if (!pool)
		return pool_error_set(
			error, -EINVAL,
			"there is no pool: it is closed, or was never "
			"opened");
	if (pool->owner != getpid())
		return pool_error_set(
			error, -EPERM,
			"the pool belongs to process %d, not to %d",
			(int)pool->owner, (int)getpid());
	/* acquire, and release in pool_leave(): for the pool's fields */
	if (atomic_exchange_explicit(&pool->busy, true, memory_order_acquire))
		return pool_error_set(
			error, -EBUSY,
			"another thread is in a call on this pool");
	return 0;
}

void pool_leave(struct pool *pool)
{
	atomic_store_explicit(&pool->busy, false, memory_order_release);
}

int pool_close(struct pool **pool, struct pool_error *error)
{
	struct pool *old = pool ? *pool : NULL;
	int rc;

	error_clear(error);
	rc = pool_enter(old, error);
	if (rc < 0 || !old)
		return rc;
	rc = worker_pool_close(&old->team);
	if (rc == -EBUSY) {
		pool_error_set(error, rc, "%s", old->team.error);
		pool_leave(old);
		return rc;
	}
	if (rc < 0 && !old->fate.code)
		pool_error_set(&old->fate, rc, "%s", old->team.error);
	rc = old->fate.code;
	if (error)
		*error = old->fate;
	pool_delete(old);
	*pool = NULL;
	return rc;
}

unsigned pool_workers(const struct pool *pool)
{
	return pool ? pool->team.workers - pool->ops.caller_waits : 0;
}

uint64_t pool_copied(const struct pool *pool)
{
	return pool ? pool->copied : 0;
}

/* ------------------------------------------------------------- memory */

void *pool_alloc(struct pool *pool, size_t count, size_t size)
{
	size_t bytes;
	void *memory;
	int rc = pool_enter(pool, NULL);

	if (rc < 0) {
		errno = -rc;
		return NULL;
	}
	if (__builtin_mul_overflow(count, size, &bytes) ||
	    bytes > PTRDIFF_MAX) {
		errno = EOVERFLOW;
		memory = NULL;
	} else if (bytes == 0) {
		errno = EINVAL;
		memory = NULL;
	} else {
		memory = store_take(&pool->store, bytes);
	}
	pool_leave(pool);
	return memory;
}

int pool_free(struct pool *pool, void *memory)
{
	int rc;

	if (!memory)
		return 0;
	rc = pool_enter(pool, NULL);
	if (rc < 0)
		return rc;
	rc = store_return(&pool->store, memory);
	pool_leave(pool);
	return rc;
}

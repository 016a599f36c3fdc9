/* SPDX-License-Identifier: MIT */
/*
 * A pool of workers behind a gate. Threads and processes run the same code on
 * the same gate; they differ only in how a worker is started, watched and
 * reaped: struct worker_ops.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_WORKER_POOL_H
#define BREAKEVEN_RUNNERS_POOL_WORKER_POOL_H

#include "runners/pool/gate.h"
#include "runners/pool/tile_queue.h"
#include "runners/runner.h"

/* The options of every pool, for a runner's table. */
enum { WORKER_POOL_WAIT, WORKER_POOL_SCHEDULE, WORKER_POOL_CHUNK };
#define WORKER_POOL_WAIT_OPTION                                                \
	{                                                                      \
		.key = "wait", .type = OPTION_CHOICE,                          \
		.choices = GATE_WAIT_CHOICES, .fallback = "adaptive",          \
		.help = "poll for ever, as long as past gaps advise, "         \
			"or sleep at once"                                     \
	}
#define WORKER_POOL_OPTIONS                                                    \
	[WORKER_POOL_WAIT] = WORKER_POOL_WAIT_OPTION,                          \
	[WORKER_POOL_SCHEDULE] = TILE_QUEUE_SCHEDULE_OPTION,                   \
	[WORKER_POOL_CHUNK] = TILE_QUEUE_CHUNK_OPTION

/*
 * One more option, for a pool of processes. A pool of threads has no timeout: a
 * thread that does not arrive can neither be ended nor left behind, since it
 * runs on in the caller's memory. Only the whole process can be ended, by its
 * own parent.
 */
enum { WORKER_POOL_TIMEOUT = WORKER_POOL_CHUNK + 1 };
#define WORKER_POOL_TIMEOUT_OPTION                                             \
	{                                                                      \
		.key = "timeout", .type = OPTION_REAL, .fallback = "0",        \
		.min = 0, .max = 1e6,                                          \
		.help = "seconds to wait for a worker, once the caller has "   \
			"done its share; 0: for ever"                          \
	}

struct worker_pool;

/* How workers are started, watched and reaped. `worker` is 1 or more. */
struct worker_ops {
	bool processes;	   /* their options have WORKER_POOL_TIMEOUT */
	bool caller_waits; /* the caller runs no tiles, so that it is safe from
			      what happens to a worker; else it is worker 0 */
	/* Start a worker that runs worker_pool_serve(pool, worker). 0 or
	 * -errno, with team->error filled. */
	int (*start)(struct team *team, struct worker_pool *pool,
		     unsigned worker);
	/* Called during a join: < 0, with team->error filled, if the worker is
	 * dead. NULL: workers cannot die alone. */
	int (*watch)(struct worker_pool *pool, unsigned worker);
	/* Wait for the worker's end; < 0 if it failed. With `kill`, end it
	 * first: it may never end by itself. -EBUSY: it cannot be ended, and
	 * may still touch the pool's memory. */
	int (*reap)(struct team *team, struct worker_pool *pool,
		    unsigned worker, bool kill);
};

/* How worker_ops identify a worker; they alone read and write it. */
union worker_handle {
	pid_t pid;
	unsigned long thread; /* pthread_t */
};

/*
 * The runner's open, dispatch and close for such a pool, as in struct runner.
 * -EBUSY from close: a worker could not be reaped; the pool stays as it is, and
 * close may be called again.
 */
int worker_pool_open(struct team *team, const struct worker_ops *ops);
int worker_pool_dispatch(struct team *team, const struct job *job);
int worker_pool_close(struct team *team);

/* What a worker runs: bind it, then run its tiles of each job, until the pool
 * closes. */
void worker_pool_serve(struct worker_pool *pool, unsigned worker);

union worker_handle *worker_pool_handle(struct worker_pool *pool,
					unsigned worker);
struct team *worker_pool_team(const struct worker_pool *pool);

/* Write to team->error how a worker died (`end`, as child_reap() has it) and
 * which tiles it held. Returns -EPIPE. */
int worker_pool_report_death(struct worker_pool *pool, unsigned worker,
			     pid_t pid, const char *end);

#endif

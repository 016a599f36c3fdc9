/* SPDX-License-Identifier: MIT */
/*
 * The workers of a pool, behind a gate. Threads and processes run the
 * same code on the same gate; they differ in how a worker is started, and in
 * nothing else.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_WORKER_POOL_H
#define BREAKEVEN_RUNNERS_POOL_WORKER_POOL_H

#include "runners/pool/gate.h"
#include "runners/pool/tile_queue.h"
#include "runners/runner.h"

/* The options of every pool, for a runner's table. */
enum { WORKER_POOL_WAIT, WORKER_POOL_SCHEDULE, WORKER_POOL_CHUNK };
#define WORKER_POOL_OPTIONS                                                    \
	[WORKER_POOL_WAIT] =                                                   \
		{.key = "wait",                                                \
		 .type = OPTION_CHOICE,                                        \
		 .choices = GATE_WAIT_CHOICES,                                 \
		 .fallback = "adaptive",                                       \
		 .help = "poll for ever, as long as past gaps advise, "        \
			 "or sleep at once"},                                  \
	[WORKER_POOL_SCHEDULE] = TILE_QUEUE_SCHEDULE_OPTION,                   \
	[WORKER_POOL_CHUNK] = TILE_QUEUE_CHUNK_OPTION

/*
 * An option more, of a pool of processes. A pool of threads has none: a thread
 * that does not come can neither be ended nor left behind, since it runs on in
 * the caller's memory; all that would be left is to end the whole process, and
 * that is up to whoever watches it.
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
	bool processes;	   /* which may have WORKER_POOL_TIMEOUT among their
			      options */
	bool caller_waits; /* the caller runs no tile: it waits, apart from what
		       may happen to a worker */
	/* Start a worker that runs worker_pool_serve(pool, worker). 0 or
	 * -errno. */
	int (*start)(struct team *team, struct worker_pool *pool,
		     unsigned worker);
	/* < 0, told in team->error, if the worker is dead; NULL: cannot be */
	int (*watch)(struct worker_pool *pool, unsigned worker);
	/* Wait for the worker's end; < 0 if it was not a good one. When
	 * `kill`, it may never come by itself. -EBUSY: it cannot be ended, and
	 * may still touch what it shares. */
	int (*reap)(struct team *team, struct worker_pool *pool,
		    unsigned worker, bool kill);
};

/* What a worker is known by to those who started it. */
union worker_handle {
	pid_t pid;
	unsigned long thread; /* pthread_t */
};

/*
 * The runner's open, dispatch and close, for a pool whose workers are started
 * like that. -EBUSY from close: somebody could not be reaped; all is kept, and
 * it can be called again.
 */
int worker_pool_open(struct team *team, const struct worker_ops *ops);
int worker_pool_dispatch(struct team *team, const struct job *job);
int worker_pool_close(struct team *team);

/* A worker's life: until it is released with no job. */
void worker_pool_serve(struct worker_pool *pool, unsigned worker);

union worker_handle *worker_pool_handle(struct worker_pool *pool,
					unsigned worker);
struct team *worker_pool_team(const struct worker_pool *pool);

/* Say in team->error how a worker died, and what it was about to do. Returns
 * -EPIPE. */
int worker_pool_report_death(struct worker_pool *pool, unsigned worker,
			     pid_t pid, const char *end);

#endif

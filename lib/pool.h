/* SPDX-License-Identifier: MIT */
/*
 * The inside of a pool: the caller's part, and what it shares with its workers.
 */
#ifndef BREAKEVEN_LIB_POOL_H
#define BREAKEVEN_LIB_POOL_H

#include "lib/breakeven.h"
#include "lib/store.h"
#include "runners/pool/worker_pool.h"
#include "runners/runner.h"

#include <stdatomic.h>

/* One call, as the workers see it. */
struct call {
	pool_task *task; /* one of these two; the other is NULL */
	pool_range_task *range;
	void *user;
	const char *in;
	size_t in_size;
	char *out;
	size_t out_size;
	size_t first; /* the item that is item 0 of the worker_pool's job */
};

/* What a worker is doing. In a cache line of its own, since it is written at
 * every chunk. */
struct slot {
	alignas(CACHE_LINE) _Atomic size_t begin; /* items of its chunk; */
	_Atomic size_t end;			  /* begin == end: none */
	size_t failed; /* the lowest item whose task failed, or POOL_NO_ITEM */
	int code;      /* what that task returned */
	atomic_bool gone; /* the thread has exited within a task */
};

/* In memory that all workers share. */
struct common {
	struct call call;
	struct partial unused;
	struct slot slots[]; /* by worker of the team; behind them, `bound` */
};

struct pool {
	struct team team; /* first: worker_ops cast it to the pool */
	struct worker_ops ops;
	unsigned flags;
	pid_t owner;
	atomic_bool busy;	   /* a call is under way */
	struct pool_error fate;	   /* what broke it; code 0: nothing has */
	int64_t deadline_ns;	   /* of the present call, 0: none */
	double timeout;		   /* its seconds */
	int64_t close_deadline_ns; /* of pool_close(); 0: not called yet */
	struct store store;
	struct common *common;
	size_t common_size;
	uint64_t copied;
};

/* Fill *error, unless it is NULL, and return `code`. */
int pool_error_set(struct pool_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void error_clear(struct pool_error *error);

/* 0: the calling thread may use the pool, and no other thread may until
 * pool_leave(). Otherwise an error of pool_map(). */
int pool_enter(struct pool *pool, struct pool_error *error);
void pool_leave(struct pool *pool);

/* Start, watch and reap workers of either kind. */
extern const struct worker_ops worker_ops_process, worker_ops_thread;

/* Kill and reap the processes of a broken pool; does nothing for threads. */
void worker_ops_kill(struct pool *pool);

/* ------------------------------------------------------------- tasks */

/* Run a tile, which is a chunk, of the struct call `ctx`. */
void task_run(const void *ctx, size_t begin, size_t end,
	      struct partial *unused);

/* From now on, the calling thread runs tasks for this slot; NULL: it runs none.
 */
void task_sit(struct slot *slot);

/* Does the calling thread run tasks? */
bool task_inside(void);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The inside of a pool: what the caller keeps, and what it shares with its
 * workers.
 */
#ifndef BREAKEVEN_LIB_POOL_H
#define BREAKEVEN_LIB_POOL_H

#include "lib/breakeven.h"
#include "lib/store.h"
#include "runners/pool/crew.h"
#include "runners/runner.h"

#include <stdatomic.h>

/* One call, as the workers see it. */
struct call {
	pool_task *task; /* or */
	pool_range_task *range;
	void *user;
	const char *in;
	size_t in_size;
	char *out;
	size_t out_size;
	size_t first; /* the item that the crew counts from */
};

/* A worker at its tasks. In a line of its own: it is written at every chunk. */
struct slot {
	alignas(CACHE_LINE) _Atomic size_t begin; /* items of its chunk; */
	_Atomic size_t end;			  /* begin == end: none */
	size_t failed;	  /* lowest item whose task failed, or POOL_NO_ITEM */
	int code;	  /* what that returned */
	atomic_bool gone; /* a thread that left from within a task */
};

/* In memory that all workers share. */
struct common {
	struct call call;
	struct partial unused;
	struct slot slots[]; /* by worker, as the crew counts; then `bound` */
};

struct pool {
	struct team team; /* first: births find the pool by it */
	struct birth birth;
	unsigned flags;
	pid_t owner;
	atomic_bool busy;	/* a call is under way */
	struct pool_error fate; /* what broke it; code 0: nothing has */
	int64_t deadline_ns;	/* of the present call, 0: none */
	double timeout;		/* its seconds */
	int64_t patience_ns;	/* till when closing waits for threads; 0: it
				   has not begun */
	struct store store;
	struct common *common;
	size_t common_size;
	uint64_t copied;
};

/* Fill *error, unless it is NULL, and return `code`. */
int pool_error_set(struct pool_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void error_clear(struct pool_error *error);

/* May the caller use the pool? If so (0), nobody else may, until it leaves. */
int pool_enter(struct pool *pool, struct pool_error *error);
void pool_leave(struct pool *pool);

/* How workers of the one and the other kind are born. */
extern const struct birth birth_process, birth_thread;

/* Kill the processes of a broken pool, and wait for their ends. */
void birth_undo(struct pool *pool);

/* ------------------------------------------------------------- tasks */

/* Runs a tile, which is a chunk, of the call that is `ctx`. */
void task_run(const void *ctx, size_t begin, size_t end,
	      struct partial *unused);

/* From now on, the calling thread runs tasks for this slot; NULL: none. */
void task_sit(struct slot *slot);

/* Does the calling thread run tasks? */
bool task_inside(void);

#endif

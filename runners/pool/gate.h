/* SPDX-License-Identifier: MIT */
/*
 * The gate: how a caller releases its workers and learns that all are done.
 * It lies in memory that all of them share, and cannot tell a thread from a
 * process.
 *
 *	caller, worker 0                worker i
 *	gate_release(job)
 *	                                job = gate_await()
 *	own share of the work           its share of the work
 *	                                gate_arrive()
 *	gate_join()
 *
 * All that one call moves (the epoch, the job, the arrivals) rides in one
 * cache line: released, it travels to the worker; arrived, it travels back.
 * Such a line has room for GATE_FAN workers. More of them form a tree: each
 * inner worker has a line of its own, through which it passes the release on
 * and gathers the arrivals. docs/gate.md counts the lines; gate.pml beside
 * this file is a model of the protocol, checked by the tests.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_GATE_H
#define BREAKEVEN_RUNNERS_POOL_GATE_H

#include "core/tile.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* How those who wait do it; the order is that of GATE_WAIT_CHOICES. */
enum gate_wait {
	GATE_SPIN,     /* poll for ever: fastest, and burns a CPU each */
	GATE_ADAPTIVE, /* poll as long as the gaps seen so far advise, then
			  sleep in the kernel */
	GATE_BLOCK,    /* sleep at once: no CPU time, tens of microseconds */
};
#define GATE_WAIT_CHOICES "spin|adaptive|block"

enum { GATE_FAN = 7 };

/* What a worker shares with those that it releases. */
struct gate_line {
	/* This line travels at every call. */
	alignas(CACHE_LINE) _Atomic uint32_t epoch; /* counts releases */
	const void *job;
	_Atomic uint32_t arrived[GATE_FAN]; /* last epoch done, by child */

	/* This one only when somebody falls asleep. Read right after a store
	 * to the first, from which it would call that line back too soon. */
	alignas(CACHE_LINE) _Atomic uint32_t sleepers; /* on epoch */
	_Atomic uint32_t gatherer_asleep;
};

static_assert(offsetof(struct gate_line, sleepers) == CACHE_LINE,
	      "all that travels fits one line");

struct gate {
	uint32_t workers;
	uint32_t fan; /* children of a worker, at most */
	enum gate_wait wait;
	bool shared;	     /* between processes, not only threads */
	bool oversubscribed; /* more workers than CPUs: who polls also yields */
	bool rare; /* sleep is rare: who falls asleep fences for all */
	int relaxes_await, relaxes_gather; /* between two looks at a line */
	int64_t poll_max_ns; /* longest gap that is worth polling through */
	struct gate_line lines[]; /* by worker: where it releases others */
};

/* A worker's place at the gate: its own, in memory of its own. */
struct gate_seat {
	struct gate *gate;
	struct gate_line *up;	/* the line it is released by; NULL: caller */
	struct gate_line *down; /* the line it releases others by */
	uint32_t slot;		/* in up->arrived */
	uint32_t children;	/* 0: a leaf */
	bool fences;		/* by itself, after each store that others
				   may sleep on */
	uint32_t seen;		/* last epoch */
	int64_t budget_ns;	/* to poll for the next release */
	int64_t gap_ns;		/* the last one that was not short */
	int64_t nap_ns;		/* to sleep before polling; 0: none */
};

/* Bytes of a gate for `workers`, the caller among them. */
size_t gate_size(uint32_t workers);

/*
 * Make a gate in gate_size() zeroed bytes, aligned to a cache line. Where it
 * is oversubscribed nobody polls for long, whatever `wait` says.
 */
void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool oversubscribed);

/* Where `worker` sits before the first release. */
struct gate_seat gate_sit(struct gate *gate, uint32_t worker);

/* Caller: let every worker go on, and see `job` and all written before. */
void gate_release(struct gate_seat *caller, const void *job);

/* Worker: wait for the next release, pass it on, and return its job. */
const void *gate_await(struct gate_seat *seat);

/* Worker: done, and so are all whom it passed the release on to; the caller
 * will see all that they wrote before. */
void gate_arrive(struct gate_seat *seat);

/*
 * Caller: wait until all workers have arrived. While it waits, it calls
 * watch(arg) about every GATE_WATCH_MS milliseconds; once that returns < 0 it
 * gives up with that value. NULL: never.
 */
enum { GATE_WATCH_MS = 10 };
int gate_join(struct gate_seat *caller, int (*watch)(void *arg), void *arg);

/* Caller, in watch(): the last worker that has not arrived, 0 if there is none.
 * It waits for nobody: whom it leads are behind it, and have arrived. */
uint32_t gate_missing(const struct gate_seat *caller);

#endif

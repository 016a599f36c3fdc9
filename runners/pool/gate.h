/* SPDX-License-Identifier: MIT */
/*
 * The gate: how a caller releases its workers and learns that all are done.
 * It lies in memory that all of them share, and works between threads as it
 * does between processes.
 *
 *	caller, worker 0                worker i
 *	gate_release(job)
 *	                                job = gate_await()
 *	own share of the work           its share of the work
 *	                                gate_arrive()
 *	gate_join()
 *
 * All that one call exchanges (the epoch, the job, the arrivals) lies in one
 * cache line: it travels to the worker at the release, and back at the
 * arrival. Such a line has room for TREE_FAN workers. More workers, or
 * some that share no cache, form a tree (release_tree.h): each inner worker has
 * a line of its own, through which it passes the release on and gathers the
 * arrivals. docs/gate.md counts the lines. gate.pml is a model of the protocol,
 * which the tests check.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_GATE_H
#define BREAKEVEN_RUNNERS_POOL_GATE_H

#include "core/tile.h"
#include "runners/pool/release_tree.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* How a thread waits at the gate; in the order of GATE_WAIT_CHOICES. */
enum gate_wait {
	GATE_SPIN,     /* poll for ever: fastest, but takes a CPU each */
	GATE_ADAPTIVE, /* poll as long as the last gaps make it worth while,
			  then sleep in the kernel */
	GATE_BLOCK,    /* sleep at once: no CPU time, but tens of us */
};
#define GATE_WAIT_CHOICES "spin|adaptive|block"

/* What a worker shares with those that it releases. */
struct gate_line {
	/* This line travels at every call. */
	alignas(CACHE_LINE) _Atomic uint32_t epoch; /* counts releases */
	const void *job;
	_Atomic uint32_t arrived[TREE_FAN]; /* last epoch done, by child */

	/* This line is written only when a thread falls asleep. It is read
	 * right after a store to the first line: in that line, the read would
	 * call it back too soon. */
	alignas(CACHE_LINE) _Atomic uint32_t sleepers; /* on epoch */
	_Atomic uint32_t gatherer_asleep;
};

static_assert(offsetof(struct gate_line, sleepers) == CACHE_LINE,
	      "all that travels fits one line");

struct gate {
	uint32_t workers;
	enum gate_wait wait;
	bool shared;	     /* between processes, not only threads */
	bool oversubscribed; /* more workers than CPUs: pollers yield */
	bool sleeps_rarely;  /* adaptive, with a CPU for each worker: a sleeper
				fences for all, and naps before it polls */
	int await_turns, gather_turns; /* of cpu_relax() between two looks */
	int64_t poll_max_ns;	       /* the longest gap to poll through */
	struct gate_line lines[]; /* by worker: where it releases others; behind
				     them, gate_borders() */
};

/* A worker's place at the gate: its own, in memory of its own. */
struct gate_seat {
	struct gate *gate;
	struct gate_line *up;	/* the line it is released by; NULL: caller */
	struct gate_line *down; /* the line it releases others by */
	uint32_t slot;		/* in up->arrived */
	uint32_t children;	/* 0: a leaf */
	bool fences;		/* after each store that others may sleep on,
				   since no sleeper fences for it */
	uint32_t seen;		/* last epoch */
	int64_t budget_ns;	/* how long to poll for the next release */
	int64_t gap_ns;		/* the last wait beyond the first poll */
	int64_t nap_ns;		/* to sleep before polling; 0: none */
};

/* Bytes of a gate for `workers`, the caller among them. */
size_t gate_size(uint32_t workers);

/*
 * Make a gate in gate_size() zeroed bytes, aligned to a cache line. An
 * `oversubscribed` gate polls for 0.2 ms at most, even with GATE_SPIN. Times
 * cpu_relax() for some 50 us.
 */
void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool oversubscribed);

/* By worker, how far it is from the one before it: as release_tree_find() wants
 * it. They are 0, and may be set before anyone sits. */
uint8_t *gate_borders(struct gate *gate);

/* The seat of `worker` before the first release; the caller is worker 0. */
struct gate_seat gate_sit(struct gate *gate, uint32_t worker);

/* Caller: release every worker. Each gets `job`, and sees all that the caller
 * wrote before. */
void gate_release(struct gate_seat *caller, const void *job);

/* Worker: wait for the next release, pass it on, and return its job. */
const void *gate_await(struct gate_seat *seat);

/* Worker: wait for the workers that it leads, and arrive. After gate_join() the
 * caller sees all that they wrote before. */
void gate_arrive(struct gate_seat *seat);

/*
 * Caller: wait until all workers have arrived, and return 0. Calls watch(arg)
 * about every GATE_WATCH_MS milliseconds meanwhile; once that returns < 0,
 * gives up and returns the same. `watch` may be NULL.
 */
enum { GATE_WATCH_MS = 10 };
int gate_join(struct gate_seat *caller, int (*watch)(void *arg), void *arg);

/* Caller, in watch(): the last worker that has not arrived; 0 if all have. It
 * waits for no other: the workers that it leads come after it, and have
 * arrived. */
uint32_t gate_missing(const struct gate_seat *caller);

#endif

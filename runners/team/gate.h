/* SPDX-License-Identifier: MIT */
/*
 * The gate: how a caller releases its workers and learns that all are done.
 * It lies in memory that all of them share, and cannot tell a thread from a
 * process.
 *
 *	caller                          worker i
 *	gate_release(job)
 *	                                job = gate_await(&seen)
 *	own share of the work           its share of the work
 *	                                gate_arrive(i)
 *	gate_join()
 *
 * Up to GATE_INLINE workers, everything that one call moves (the epoch, the
 * job, the arrivals) rides in one cache line: released, it travels to the
 * worker; arrived, it travels back. With more workers each has a line of its
 * own to arrive in.
 */
#ifndef BREAKEVEN_RUNNERS_TEAM_GATE_H
#define BREAKEVEN_RUNNERS_TEAM_GATE_H

#include "core/tile.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* How those who wait do it; the order is that of GATE_WAIT_CHOICES. */
enum gate_wait {
	GATE_SPIN,     /* poll for ever: fastest, and burns a CPU each */
	GATE_ADAPTIVE, /* poll for a while, then sleep in the kernel */
	GATE_BLOCK,    /* sleep at once: no CPU time, tens of microseconds */
};
#define GATE_WAIT_CHOICES "spin|adaptive|block"

enum { GATE_INLINE = 8 };

struct gate_slot {
	alignas(CACHE_LINE) _Atomic uint32_t arrived;
};

struct gate {
	/* The line that travels. */
	alignas(CACHE_LINE) _Atomic uint32_t epoch; /* counts releases */
	_Atomic uint32_t sleepers; /* workers asleep on epoch */
	const void *job;
	_Atomic uint32_t arrived[GATE_INLINE]; /* last epoch done, by worker */

	/* Written at set-up and by a caller that falls asleep. */
	alignas(CACHE_LINE) _Atomic uint32_t caller_asleep;
	uint32_t workers;
	enum gate_wait wait;
	bool shared;  /* between processes, not only threads */
	bool crowded; /* more workers than CPUs: who polls also yields */
	struct gate_slot slots[]; /* by worker, where workers > GATE_INLINE */
};

static_assert(offsetof(struct gate, caller_asleep) == CACHE_LINE,
	      "all that travels fits one line");

/* Bytes of a gate for `workers`, the caller among them. */
size_t gate_size(uint32_t workers);

/* Make a gate in gate_size() zeroed bytes, aligned to a cache line. */
void gate_init(struct gate *gate, uint32_t workers, enum gate_wait wait,
	       bool shared, bool crowded);

/* Caller: let every worker go on, and see `job` and all written before. */
void gate_release(struct gate *gate, const void *job);

/* Worker: wait for the first release after epoch *seen, which becomes the
 * present one, and return its job. */
const void *gate_await(struct gate *gate, uint32_t *seen);

/* Worker: done with epoch `seen`; the caller will see all written before. */
void gate_arrive(struct gate *gate, uint32_t worker, uint32_t seen);

/*
 * Caller: wait until workers 1 .. workers-1 have arrived. While it waits, it
 * calls watch(arg, worker) about every GATE_WATCH_MS milliseconds for the
 * worker that is missing; once that returns < 0 it gives up with that value.
 * NULL: never.
 */
enum { GATE_WATCH_MS = 10 };
int gate_join(struct gate *gate, int (*watch)(void *arg, uint32_t worker),
	      void *arg);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How a pool distributes the tiles of a call over its workers: the schedules
 * of OpenMP's loops.
 *
 * Under `dynamic` and `guided` every worker has a queue, in a cache line of its
 * own, that begins as its static share. A worker takes chunks from the front of
 * its own queue. When that is empty, it moves the back half of another queue
 * into its own. So two workers touch the same line only when one of them has
 * run out, and not at each chunk, as they do with one shared counter.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_TILE_QUEUE_H
#define BREAKEVEN_RUNNERS_POOL_TILE_QUEUE_H

#include "runners/runner.h"

#include <stdatomic.h>

enum tile_schedule { TILE_QUEUE_STATIC, TILE_QUEUE_DYNAMIC, TILE_QUEUE_GUIDED };

/* The options of a runner with these schedules, for its table. The choice of
 * the first one is an enum tile_schedule. */
#define TILE_QUEUE_SCHEDULE_OPTION                                             \
	{                                                                      \
		.key = "schedule", .type = OPTION_CHOICE,                      \
		.choices = "static|dynamic|guided", .fallback = "static",      \
		.help = "which worker runs which tiles"                        \
	}
#define TILE_QUEUE_CHUNK_OPTION                                                \
	{                                                                      \
		.key = "chunk", .type = OPTION_COUNT, .fallback = "0",         \
		.min = 0, .max = 1e15,                                         \
		.help = "items per chunk, rounded up to whole tiles; "         \
			"0: the schedule's default"                            \
	}

/* What is left of a worker's share: epoch << 32 | begin << 16 | end, in tiles.
 * A word of an older epoch stands for the whole share of the present one, so
 * that a call begins without writing it. */
struct tile_share {
	alignas(CACHE_LINE) _Atomic uint64_t left;
};

static_assert(PLAN_TILES_MAX <= UINT16_MAX, "a tile's number fits 16 bits");

struct tile_queue {
	enum tile_schedule schedule;
	size_t chunk; /* items; 0: the schedule's default */
	unsigned workers;
	struct tile_share *shares; /* by worker, in memory shared by all */
};

/* A worker's own notes, in memory of its own. Begins as {.worker = ...}. */
struct tile_queue_seat {
	unsigned worker;
	size_t tiles;	    /* of its last call */
	struct range share; /* its static share of them */
};

/* tile_queue_run() for every schedule but the plain static one. */
void tile_queue_run_chunks(struct tile_queue *queue, const struct job *job,
			   unsigned worker, uint32_t epoch);

/*
 * Run this worker's tiles in call number `epoch`, which is > 0 and the same for
 * all workers. Once all workers have returned, every tile has run exactly once.
 *
 * The plain static schedule is inline, and divides only when the number of
 * tiles has changed: the sooner a worker arrives after its release, the less
 * likely a look by the polling caller has taken their line away by then.
 */
static inline void tile_queue_run(struct tile_queue *queue,
				  const struct job *job,
				  struct tile_queue_seat *seat, uint32_t epoch)
{
	if (queue->schedule != TILE_QUEUE_STATIC || queue->chunk > 0) {
		tile_queue_run_chunks(queue, job, seat->worker, epoch);
		return;
	}
	if (seat->tiles != job->plan.tiles) {
		seat->tiles = job->plan.tiles;
		seat->share =
			plan_share(&job->plan, queue->workers, seat->worker);
	}
	job_run(job, seat->share.begin, seat->share.end);
}

#endif

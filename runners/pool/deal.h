/* SPDX-License-Identifier: MIT */
/*
 * How a pool deals the tiles of a call to its workers: the schedules of
 * OpenMP's loops.
 *
 * Under `dynamic` and `guided` every worker begins with its static share, in
 * a cache line of its own, and takes chunks from its front. Whose share is
 * empty moves half of another's, from its back, into its own. So workers meet
 * in a line only where one of them has run out, and not at each chunk, as they
 * do around one counter.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_DEAL_H
#define BREAKEVEN_RUNNERS_POOL_DEAL_H

#include "runners/runner.h"

#include <stdatomic.h>

enum deal_schedule { DEAL_STATIC, DEAL_DYNAMIC, DEAL_GUIDED };

/* The options of a runner that can deal, for its table. The choice of the
 * first is an enum deal_schedule. */
#define DEAL_SCHEDULE_OPTION                                                   \
	{                                                                      \
		.key = "schedule", .type = OPTION_CHOICE,                      \
		.choices = "static|dynamic|guided", .fallback = "static",      \
		.help = "which worker runs which tiles"                        \
	}
#define DEAL_CHUNK_OPTION                                                      \
	{                                                                      \
		.key = "chunk", .type = OPTION_COUNT, .fallback = "0",         \
		.min = 0, .max = 1e15,                                         \
		.help = "items per chunk, rounded up to whole tiles; "         \
			"0: the schedule's default"                            \
	}

/* What is left of a worker's share: epoch << 32 | begin << 16 | end, in tiles.
 * Of an older epoch, it stands for the whole share of the present one: nobody
 * has to write it anew before a call. */
struct deal_hand {
	alignas(CACHE_LINE) _Atomic uint64_t left;
};

static_assert(PLAN_TILES_MAX <= UINT16_MAX, "a tile's number fits 16 bits");

struct deal {
	enum deal_schedule schedule;
	size_t chunk; /* items; 0: what the schedule takes by itself */
	unsigned workers;
	struct deal_hand *hands; /* by worker, in memory shared by all */
};

/* A worker at the deal, in memory of its own. */
struct deal_seat {
	unsigned worker;
	size_t tiles;	    /* of the last call, */
	struct range share; /* and what fell to it then */
};

/* deal_run() where chunks are dealt. */
void deal_run_chunks(struct deal *deal, const struct job *job, unsigned worker,
		     uint32_t epoch);

/*
 * Run what falls to the worker in call number `epoch`, which is > 0 and the
 * same for all workers. Once all have returned, every tile has run exactly
 * once. A seat begins as {.worker = ...}.
 *
 * The plain schedule is inline, and its divisions are not done anew for as many
 * tiles as before: the sooner a worker arrives after its release, the less
 * likely is it that the caller, polling, has taken their line away.
 */
static inline void deal_run(struct deal *deal, const struct job *job,
			    struct deal_seat *seat, uint32_t epoch)
{
	if (deal->schedule != DEAL_STATIC || deal->chunk > 0) {
		deal_run_chunks(deal, job, seat->worker, epoch);
		return;
	}
	if (seat->tiles != job->plan.tiles) {
		seat->tiles = job->plan.tiles;
		seat->share =
			plan_share(&job->plan, deal->workers, seat->worker);
	}
	job_run(job, seat->share.begin, seat->share.end);
}

#endif

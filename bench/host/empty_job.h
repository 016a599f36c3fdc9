/* SPDX-License-Identifier: MIT */
/*
 * Jobs that do nothing, to see what handing them out costs.
 *
 * Plain: every tile returns at once. A worker that is awake may run them all,
 * without any help.
 *
 * Rendezvous: as many tiles as workers, and the first, which the caller runs,
 * returns only when all others have begun; those, only when all but the
 * caller's have. So every worker must take part.
 */
#ifndef BREAKEVEN_BENCH_HOST_EMPTY_JOB_H
#define BREAKEVEN_BENCH_HOST_EMPTY_JOB_H

#include "core/arena.h"
#include "runners/runner.h"

#include <stdbool.h>

enum empty_job { EMPTY_JOB_PLAIN, EMPTY_JOB_RENDEZVOUS };

/* Indexed by enum empty_job. */
extern const char *const empty_job_names[2];

/* A plain one, of any number of tiles. `partials` is not written. */
struct job empty_job_plain(struct partial *partials, size_t tiles);

/*
 * The job of a kind of so many tiles, at most PLAN_TILES_MAX, over zeroed
 * memory of the arena that all workers share. -ENOMEM when it is too small.
 */
int empty_job_make(enum empty_job kind, size_t tiles, struct arena *arena,
		   struct job *job);

/*
 * The caller is to look for the others only after so many turns of cpu_relax()
 * (0 to begin with). A caller that looks too early takes the line away from the
 * worker that is about to write it, which then has to fetch it back: that costs
 * more than a gate does. How early that is depends on the runner.
 */
void empty_job_hold(const struct job *rendezvous, int turns);

/* Did a worker not come within two seconds? The others stop waiting for it, so
 * that its runner can find out what happened to it. */
bool empty_job_missed(const struct job *job);

/* Bytes of an arena for any kind of so many tiles. */
size_t empty_job_size(size_t tiles);

#endif

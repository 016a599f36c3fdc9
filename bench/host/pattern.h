/* SPDX-License-Identifier: MIT */
/*
 * Jobs that do nothing, to see what handing them out costs.
 *
 * Empty: every tile returns at once. Whoever is awake may run them all, so
 * this can be had without anybody's help.
 *
 * Rendezvous: as many tiles as workers, and the first, which the caller runs,
 * returns only when all others have begun; those, only when all but the
 * caller's have. So every worker must take part.
 */
#ifndef BREAKEVEN_BENCH_HOST_PATTERN_H
#define BREAKEVEN_BENCH_HOST_PATTERN_H

#include "core/arena.h"
#include "runners/runner.h"

#include <stdbool.h>

enum pattern { PATTERN_EMPTY, PATTERN_RENDEZVOUS };

/* Indexed by enum pattern. */
extern const char *const pattern_names[2];

/*
 * The job of a pattern of so many tiles, at most PLAN_TILES_MAX, over zeroed
 * memory of the arena that all workers share. -ENOMEM when it is too small.
 */
int pattern_job(enum pattern pattern, size_t tiles, struct arena *arena,
		struct job *job);

/*
 * The caller is to look for the others only after so many turns of cpu_relax()
 * (0 to begin with). Who looks too early takes the line away from the worker
 * that is about to write it, which then has to fetch it back: that costs more
 * than a gate does. How early that is depends on the runner.
 */
void pattern_hold(const struct job *rendezvous, int turns);

/* A tile that does nothing. */
tile_fn pattern_nothing;

/* Did somebody wait in vain? A worker that does not come within two seconds is
 * given up, so that its runner can look what became of it. */
bool pattern_missed(const struct job *job);

/* Bytes of an arena for any pattern of so many tiles. */
size_t pattern_size(size_t tiles);

#endif

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
#ifndef BREAKEVEN_BENCH_PATTERN_H
#define BREAKEVEN_BENCH_PATTERN_H

#include "core/arena.h"
#include "runners/runner.h"

#include <stdbool.h>

enum pattern { PATTERN_EMPTY, PATTERN_RENDEZVOUS };

/* Indexed by enum pattern. */
extern const char *const pattern_names[2];

/*
 * The job of a pattern of so many tiles, at most PLAN_TILES_MAX, over zeroed
 * memory of the arena that all workers share. The caller first looks for the
 * others after `hold_ns`: the time that a line takes to one of them. -ENOMEM
 * when the arena is too small.
 */
int pattern_job(enum pattern pattern, size_t tiles, int64_t hold_ns,
		struct arena *arena, struct job *job);

/* A tile that does nothing. */
tile_fn pattern_nothing;

/* Did somebody wait in vain? A worker that does not come within two seconds is
 * given up, so that its runner can look what became of it. */
bool pattern_missed(const struct job *job);

/* Bytes of an arena for any pattern of so many tiles. */
size_t pattern_size(size_t tiles);

#endif

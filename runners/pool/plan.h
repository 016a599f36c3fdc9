/* SPDX-License-Identifier: MIT */
/*
 * The plan: how n items are cut into tiles, and which worker gets which.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_PLAN_H
#define BREAKEVEN_RUNNERS_POOL_PLAN_H

#include <stddef.h>

enum {
	PLAN_TILES_MAX = 4096,
	PLAN_UNIT = 8,	       /* items; a cache line of 8-byte items */
	PLAN_LIGHT = 1024,     /* a grain from here on means light items */
	PLAN_SPLIT_FROM = 128, /* light items that are worth two tiles */
	PLAN_SPLIT_PART = 16,  /* of a grain: heavier items that are */
};

/*
 * Tiles of nearly the same length: they differ by one unit at most, but for
 * the last, which is cut at n. They depend on n and grain alone, never on the
 * workers.
 */
struct plan {
	size_t n;
	size_t tiles;  /* 0 when n is 0 */
	size_t length; /* units of a tile */
	size_t longer; /* so many tiles, the first ones, have one more */
	size_t unit;   /* items: PLAN_UNIT where they are light, else 1 */
};

struct range {
	size_t begin, end;
};

/*
 * Cut n items (at most 2^48) with a grain of at least 1, in items.
 *
 * Grain 1: a tile per item. Else one tile below PLAN_SPLIT_FROM light items,
 * or below a PLAN_SPLIT_PART of the grain if that is less; two from there on,
 * and a power of two more, so that few workers share them evenly, as soon as a
 * tile would exceed the grain. PLAN_TILES_MAX at most. No tile is empty.
 */
struct plan plan_make(size_t n, size_t grain);

/* The items of a tile. */
static inline struct range plan_tile(const struct plan *plan, size_t tile)
{
	size_t before = tile < plan->longer ? tile : plan->longer;
	size_t begin = (tile * plan->length + before) * plan->unit;
	size_t units = plan->length + (tile < plan->longer);
	size_t end = begin + units * plan->unit;

	return (struct range){begin, end < plan->n ? end : plan->n};
}

/*
 * The tiles of a worker under a static schedule. What does not go round falls
 * to the first ones: the caller, worker 0, is at work before the others hear
 * of it.
 */
static inline struct range plan_share(const struct plan *plan, unsigned workers,
				      unsigned worker)
{
	size_t round_up = workers - 1;

	return (struct range){(plan->tiles * worker + round_up) / workers,
			      (plan->tiles * (worker + 1) + round_up) /
				      workers};
}

/* The tiles of a chunk of so many items, rounded up to whole ones; at least
 * one. */
size_t plan_chunk(const struct plan *plan, size_t items);

#endif

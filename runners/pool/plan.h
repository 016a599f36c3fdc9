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
 * Tiles of nearly the same length: they differ by one unit at most, except that
 * the last one ends at n. They depend on n and grain alone, never on the
 * workers.
 */
struct plan {
	size_t n;
	size_t tiles;  /* 0 when n is 0 */
	size_t length; /* units of a tile */
	size_t longer; /* how many tiles, from the first, have one unit more */
	size_t unit;   /* items: PLAN_UNIT if they are light, else 1 */
};

struct range {
	size_t begin, end;
};

/*
 * Cut n items (at most 2^48) with a grain of at least 1, in items.
 *
 * Grain 1: a tile per item. Otherwise there is one tile below PLAN_SPLIT_FROM
 * light items, or below grain / PLAN_SPLIT_PART if that is less. From there on
 * there are two tiles, and as soon as a tile would exceed the grain, twice as
 * many: powers of two, which few workers share evenly. At most PLAN_TILES_MAX.
 * No tile is empty.
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
 * The tiles of a worker under a static schedule. The first workers get the
 * tiles that are left over: the caller, worker 0, begins before the others see
 * the release.
 */
static inline struct range plan_share(const struct plan *plan, unsigned workers,
				      unsigned worker)
{
	size_t round_up = workers - 1;

	return (struct range){(plan->tiles * worker + round_up) / workers,
			      (plan->tiles * (worker + 1) + round_up) /
				      workers};
}

/* How many tiles make a chunk of `items`, rounded up; at least one. */
size_t plan_chunk(const struct plan *plan, size_t items);

#endif

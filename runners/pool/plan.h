/* SPDX-License-Identifier: MIT */
/*
 * The plan: how n items are cut into shares, one for each worker, and those
 * into tiles.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_PLAN_H
#define BREAKEVEN_RUNNERS_POOL_PLAN_H

#include <stddef.h>

enum {
	PLAN_TILES_MAX = 4096,
	PLAN_UNIT = 8,	     /* items; a cache line of 8-byte items */
	PLAN_LIGHT = 1024,   /* a grain from here on means light items */
	PLAN_SHARE_MIN = 64, /* light items that are worth a share */
	PLAN_SHARE_PART = 32 /* of a grain: heavier items that are */
};

/*
 * Shares of the same length: they differ by one unit at most, and the last one
 * ends at n. Each is cut into as many tiles, whose lengths differ by one unit
 * at most. They depend on n, the grain and the number of shares alone.
 */
struct plan {
	size_t n;
	size_t tiles;  /* 0 when n is 0 */
	size_t each;   /* tiles of a share */
	size_t length; /* units of a share */
	size_t longer; /* how many shares, from the first, have one unit more */
	size_t part;   /* units of a tile: length / each */
	size_t rest;   /* tiles of a share, from its first, with one unit more,
			  but for the unit that longer shares have */
	size_t unit;   /* items: PLAN_UNIT if they are light, else 1 */
};

struct range {
	size_t begin, end;
};

/*
 * Cut n items (at most 2^48) into a share for each worker, and each share into
 * tiles of about `grain` items (at least 1), which schedules other than static
 * hand out. At most PLAN_TILES_MAX tiles, and as many shares; none is empty.
 *
 * One worker: a single tile, which is the plain loop. There are as many shares
 * as have PLAN_SHARE_MIN light items each, or grain / PLAN_SHARE_PART if that
 * is less; so some workers get none if n is small.
 */
struct plan plan_make(size_t n, size_t grain, unsigned workers);

/* Tiles that n items are cut into, at most, for any number of workers. */
size_t plan_most_tiles(size_t n, size_t grain);

/* Cut n items into tiles of `chunk` items, the last one ending at n. There may
 * be more than PLAN_TILES_MAX. */
struct plan plan_chunks(size_t n, size_t chunk);

/* Where tile `tile` of share `share` begins, in units; `tile` may be
 * plan->each: where it ends. */
static inline size_t plan_place(const struct plan *plan, size_t share,
				size_t tile)
{
	size_t is_longer = share < plan->longer;
	size_t before = is_longer ? share : plan->longer;
	size_t rest = plan->rest + is_longer;

	return share * plan->length + before + tile * plan->part +
	       (tile < rest ? tile : rest);
}

/* The items from one place to another, in units. */
static inline struct range plan_items(const struct plan *plan, size_t from,
				      size_t to)
{
	size_t end = to * plan->unit;

	return (struct range){from * plan->unit, end < plan->n ? end : plan->n};
}

/* The items of a tile. */
static inline struct range plan_tile(const struct plan *plan, size_t tile)
{
	/* Often there is one tile to a share; 32 bits divide faster. */
	size_t share =
		plan->each == 1 ? tile : (unsigned)tile / (unsigned)plan->each;
	size_t in_share = tile - share * plan->each;

	return plan_items(plan, plan_place(plan, share, in_share),
			  plan_place(plan, share, in_share + 1));
}

/* plan_tile(), backwards: the tile that begins with this item. */
size_t plan_find_tile(const struct plan *plan, size_t begin);

/*
 * The tiles of a worker under a static schedule: those of one share, where
 * there are as many shares as workers. The first workers get the tiles that are
 * left over: the caller, worker 0, begins before the others see the release.
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

/* SPDX-License-Identifier: MIT */
#include "runners/pool/plan.h"

static size_t plan_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t plan_one_at_least(size_t a)
{
	return a ? a : 1;
}

/* How many workers get a share, at least one. */
static size_t plan_count_shares(size_t n, size_t grain, size_t workers)
{
	size_t least = plan_min(PLAN_SHARE_MIN, grain / PLAN_SHARE_PART);
	size_t worth = plan_one_at_least(n / plan_one_at_least(least));

	return plan_min(plan_min(plan_one_at_least(workers), PLAN_TILES_MAX),
			worth);
}

/* How many tiles a share of so many units has: the longest of them does not
 * exceed the grain, unless there would be too many. */
static size_t plan_count_each(const struct plan *plan, size_t shares,
			      size_t grain)
{
	size_t units = plan->length + (plan->longer > 0);
	size_t most = grain / plan->unit; /* units of a tile */
	size_t each = (units - 1) / most + 1;

	if (shares == 1)
		return 1;
	return plan_min(plan_min(each, PLAN_TILES_MAX / shares), plan->length);
}

struct plan plan_make(size_t n, size_t grain, unsigned workers)
{
	struct plan plan = {
		.n = n,
		.each = 1,
		.unit = grain >= PLAN_LIGHT ? PLAN_UNIT : 1,
	};
	size_t units, shares;

	if (n == 0)
		return plan;
	units = (n - 1) / plan.unit + 1;
	shares = plan_min(plan_count_shares(n, grain, workers), units);
	plan.length = units / shares;
	plan.longer = units % shares;
	plan.each = plan_one_at_least(plan_count_each(&plan, shares, grain));
	plan.part = plan.length / plan.each;
	plan.rest = plan.length % plan.each;
	plan.tiles = shares * plan.each;
	return plan;
}

size_t plan_most_tiles(size_t n, size_t grain)
{
	size_t shares = plan_count_shares(n, grain, PLAN_TILES_MAX);

	/* Rounding up adds less than one unit to the longest share, and one
	 * tile to each. */
	return plan_min(plan_min(n, PLAN_TILES_MAX),
			n / grain + 2 * shares + 1);
}

struct plan plan_chunks(size_t n, size_t chunk)
{
	return (struct plan){
		.n = n,
		.tiles = n ? (n - 1) / chunk + 1 : 0,
		.each = 1,
		.length = 1,
		.part = 1,
		.unit = chunk,
	};
}

size_t plan_find_tile(const struct plan *plan, size_t begin)
{
	size_t unit = begin / plan->unit;
	size_t longer = plan->longer * (plan->length + 1);
	size_t is_longer = unit < longer;
	size_t length = plan->length + is_longer;
	size_t share = is_longer ? 0 : plan->longer;
	size_t at = is_longer ? unit : unit - longer; /* from that share on */
	size_t rest = plan->rest + is_longer;
	size_t before = rest * (plan->part + 1); /* units of its longer tiles */

	share += at / length;
	at %= length;
	return share * plan->each +
	       (at < before ? at / (plan->part + 1)
			    : rest + (at - before) / plan->part);
}

size_t plan_chunk(const struct plan *plan, size_t items)
{
	size_t tile = plan->tiles ? (plan->n - 1) / plan->tiles + 1 : 1;
	size_t chunk = items ? (items - 1) / tile + 1 : 1;

	if (chunk > plan->tiles)
		chunk = plan->tiles;
	return chunk ? chunk : 1;
}

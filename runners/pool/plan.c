/* SPDX-License-Identifier: MIT */
#include "runners/pool/plan.h"

static size_t plan_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t plan_count_tiles(size_t n, size_t grain)
{
	size_t split = plan_min(PLAN_SPLIT_FROM, grain / PLAN_SPLIT_PART);
	size_t tiles = 2;

	if (grain == 1)
		return plan_min(n, PLAN_TILES_MAX);
	if (n < 2 || n < split)
		return 1;
	while (tiles < PLAN_TILES_MAX && (n - 1) / tiles >= grain)
		tiles *= 2;
	return tiles;
}

struct plan plan_make(size_t n, size_t grain)
{
	struct plan plan = {
		.n = n,
		.unit = grain >= PLAN_LIGHT ? PLAN_UNIT : 1,
	};
	size_t units;

	if (n == 0)
		return plan;
	units = (n - 1) / plan.unit + 1;
	plan.tiles = plan_min(plan_count_tiles(n, grain), units);
	plan.length = units / plan.tiles;
	plan.longer = units % plan.tiles;
	return plan;
}

size_t plan_chunk(const struct plan *plan, size_t items)
{
	size_t tile = plan->tiles ? (plan->n - 1) / plan->tiles + 1 : 1;
	size_t chunk = items ? (items - 1) / tile + 1 : 1;

	if (chunk > plan->tiles)
		chunk = plan->tiles;
	return chunk ? chunk : 1;
}

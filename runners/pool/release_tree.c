/* SPDX-License-Identifier: MIT */
#include "runners/pool/release_tree.h"

/*
 * Across borders a worker releases so many others, at most: each is a transfer
 * that takes long, and those after it wait; fewer make the tree deeper. See
 * docs/gate.md.
 */
enum { BORDER_FAN = 3 };

/* Workers in a tree of `levels` levels below worker 0. */
static uint64_t tree_holds(uint32_t fan, uint32_t levels)
{
	uint64_t workers = 1, level = 1;

	while (levels-- > 0)
		workers += level *= fan;
	return workers;
}

/* The smallest fan that needs no more levels than TREE_FAN: a leader waits for
 * its children one after the other. */
static uint32_t tree_fan(uint32_t workers)
{
	uint32_t levels = 1, fan = TREE_FAN;

	while (tree_holds(TREE_FAN, levels) < workers)
		levels++;
	while (fan > 1 && levels > 1 && tree_holds(fan - 1, levels) >= workers)
		fan--;
	return fan;
}

/* A range of workers, cut into blocks. */
struct tree_cut {
	uint32_t blocks;
	uint32_t starts[TREE_FAN + 1]; /* of each block; behind them, the end */
};

/* The highest border inside of a range, and how many there are of it. */
static uint8_t tree_find_border(const uint8_t *borders, uint32_t first,
				uint32_t end, uint32_t *count)
{
	uint8_t highest = 0;

	*count = 0;
	for (uint32_t w = first + 1; w < end; w++) {
		if (borders[w] > highest) {
			highest = borders[w];
			*count = 0;
		}
		*count += borders[w] == highest;
	}
	return highest;
}

/*
 * Cut at the highest borders, such as those between packages, so that they are
 * crossed as rarely as can be: below them, each block has lower ones. A range
 * without borders, and one with too many, is cut into parts alike.
 */
static struct tree_cut tree_cut(const uint8_t *borders, uint32_t first,
				uint32_t end)
{
	struct tree_cut cut = {.blocks = 0};
	uint32_t count, unit = 0, next = 0, at = 0;
	uint8_t highest = tree_find_border(borders, first, end, &count);
	uint32_t units = first < end ? count + 1 : 0;
	uint32_t most = highest ? BORDER_FAN : tree_fan(end - first + 1);

	cut.blocks = units < most ? units : most;
	for (uint32_t w = first; w < end; w++) {
		unit += w > first && borders[w] >= highest;
		if (unit < next)
			continue;
		next += units / cut.blocks + (at < units % cut.blocks);
		cut.starts[at++] = w;
	}
	cut.starts[cut.blocks] = end;
	return cut;
}

struct tree_place release_tree_find(uint32_t workers, const uint8_t *borders,
				    uint32_t worker)
{
	struct tree_place place = {.leader = 0};
	uint32_t first = 0, end = workers;
	struct tree_cut cut = tree_cut(borders, 1, end);

	while (first != worker) {
		place.leader = first;
		place.slot = 0;
		while (worker >= cut.starts[place.slot + 1])
			place.slot++;
		first = cut.starts[place.slot];
		end = cut.starts[place.slot + 1];
		cut = tree_cut(borders, first + 1, end);
	}
	place.children = cut.blocks;
	return place;
}

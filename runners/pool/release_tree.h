/* SPDX-License-Identifier: MIT */
/*
 * Who releases whom: worker 0 releases a few workers, each of which releases a
 * few others, and so on. Workers are numbered in the machine's order, so that
 * neighbours are near one another, and a worker leads a range of neighbours, of
 * which it is the first.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_RELEASE_TREE_H
#define BREAKEVEN_RUNNERS_POOL_RELEASE_TREE_H

#include <stdint.h>

enum { TREE_FAN = 7 }; /* workers that one releases, at most */

struct tree_place {
	uint32_t leader;   /* that releases this worker; of worker 0: itself */
	uint32_t slot;	   /* among those that the leader releases */
	uint32_t children; /* that this worker releases */
};

/*
 * The place of a worker among `workers`. borders[w] says how far worker w is
 * from worker w - 1: 0 where they share a cache, more where more lies between
 * them, as topology_border() has it. All 0: one cache for all.
 */
struct tree_place release_tree_find(uint32_t workers, const uint8_t *borders,
				    uint32_t worker);

#endif

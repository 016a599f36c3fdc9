/* SPDX-License-Identifier: MIT */
/*
 * NUMA nodes of memory: on which of them pages come to lie, and where they are.
 * Nodes are numbered as hwloc's logical index has it.
 */
#ifndef BREAKEVEN_SYSTEM_NODE_MEMORY_H
#define BREAKEVEN_SYSTEM_NODE_MEMORY_H

#include "system/topology.h"

enum { NODE_MEMORY_MAX = 64 /* nodes */ };

/* How many there are; those without memory, too. */
unsigned node_memory_count(const struct topology *topology);

/* Has the node memory of its own that we may use? */
bool node_memory_has_any(const struct topology *topology, unsigned node);

/* The node of a CPU; -1: it has none, or there is no such CPU. */
int node_memory_of_cpu(const struct topology *topology, int cpu);

/*
 * Pages of [base, base + size) that are brought in from now on come from the
 * node, as long as it has any; NODE_MEMORY_ALL: from all nodes in turn. A page
 * that reaches beyond is included. Pages that are there stay where they are. 0
 * or -errno: -ENOSYS and -EPERM where the system refuses.
 */
enum { NODE_MEMORY_ALL = -1 };
int node_memory_place(const struct topology *topology, void *base, size_t size,
		      int node);

/*
 * Count the pages of [base, base + size) on each node, of all of them or of
 * some thousand that are spread over it. Returns how many were looked at; 0:
 * the system does not say. Pages that are not there are not counted.
 */
size_t node_memory_read(const struct topology *topology, void *base,
			size_t size, size_t pages[NODE_MEMORY_MAX]);

#endif

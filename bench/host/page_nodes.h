/* SPDX-License-Identifier: MIT */
/*
 * On which NUMA nodes the data of a workload lies: placed before it is filled,
 * and read back.
 */
#ifndef BREAKEVEN_BENCH_HOST_PAGE_NODES_H
#define BREAKEVEN_BENCH_HOST_PAGE_NODES_H

#include "bench/host/workload.h"
#include "system/topology.h"

#include <jansson.h>

/* Where shares go: that of worker w of `count` to nodes[w]; one for all: every
 * page there, or with NODE_MEMORY_ALL to all nodes in turn. */
struct page_nodes {
	const struct topology *topology;
	unsigned count; /* 0: where the system puts them */
	int *nodes;
};

/* From an array of an order; NULL: none. 0 or -ENOMEM; page_nodes_free() frees
 * what it holds. */
int page_nodes_read(struct page_nodes *nodes, const struct topology *topology,
		    const json_t *array);
void page_nodes_free(struct page_nodes *nodes);

/*
 * Give back the pages of what is set up, and have those that come in their
 * place lie where they are asked for: the arrays of each worker's share, as
 * first touched by it. Data that no share has stays with the system. 0 or
 * -errno where that is refused.
 */
int page_nodes_place(const struct page_nodes *nodes,
		     const struct workload *workload);

/* By node, how many of the workload's pages were found there, of some
 * thousand: an array; null: the system does not say. */
json_t *page_nodes_count(const struct topology *topology,
			 const struct workload *workload);

#endif

/* SPDX-License-Identifier: MIT */
#include "bench/host/page_nodes.h"

#include "system/node_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int page_nodes_read(struct page_nodes *nodes, const struct topology *topology,
		    const json_t *array)
{
	size_t count = json_array_size(array);

	*nodes = (struct page_nodes){.topology = topology};
	if (count == 0)
		return 0;
	nodes->nodes = calloc(count, sizeof(*nodes->nodes));
	if (!nodes->nodes)
		return -ENOMEM;
	nodes->count = (unsigned)count;
	for (size_t i = 0; i < count; i++)
		nodes->nodes[i] =
			(int)json_integer_value(json_array_get(array, i));
	return 0;
}

void page_nodes_free(struct page_nodes *nodes)
{
	free(nodes->nodes);
	nodes->nodes = NULL;
	nodes->count = 0;
}

/* Pages of a memory file are given back for all who map it. */
static int page_nodes_give_back(const struct workload *workload)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (workload->taken + page - 1) / page * page;

	if (size > workload->arena.size)
		size = workload->arena.size;
	if (size == 0 ||
	    madvise(workload->arena.base, size, MADV_REMOVE) == 0 ||
	    madvise(workload->arena.base, size, MADV_DONTNEED) == 0)
		return 0;
	return -errno;
}

/* What worker w of all touches. */
static int page_nodes_place_share(const struct page_nodes *nodes,
				  const struct workload *workload,
				  const struct plan *plan, unsigned worker)
{
	const struct job job = {.plan = *plan};
	struct range tiles = plan_share(plan, nodes->count, worker);
	struct span spans[SPANS_MAX];
	struct range items;
	size_t count;
	int rc = 0;

	if (tiles.begin == tiles.end)
		return 0;
	items = job_items(&job, tiles.begin, tiles.end);
	count = workload->kernel->spans(workload->common->ctx, items.begin,
					items.end, spans);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = node_memory_place(nodes->topology, spans[i].base,
				       spans[i].size, nodes->nodes[worker]);
	return rc;
}

int page_nodes_place(const struct page_nodes *nodes,
		     const struct workload *workload)
{
	const struct plan plan =
		plan_make(workload->n, workload->grain, nodes->count);
	int rc = page_nodes_give_back(workload);

	if (rc < 0 || workload->taken == 0)
		return rc;
	if (nodes->count == 1)
		return node_memory_place(nodes->topology, workload->arena.base,
					 workload->taken, nodes->nodes[0]);
	for (unsigned w = 0;
	     rc == 0 && workload->kernel->spans && w < nodes->count; w++)
		rc = page_nodes_place_share(nodes, workload, &plan, w);
	return rc;
}

json_t *page_nodes_count(const struct topology *topology,
			 const struct workload *workload)
{
	unsigned count = node_memory_count(topology);
	size_t pages[NODE_MEMORY_MAX];
	json_t *array;

	if (node_memory_read(topology, workload->arena.base, workload->taken,
			     pages) == 0)
		return json_null();
	array = json_array();
	for (unsigned i = 0; i < count && i < NODE_MEMORY_MAX; i++)
		json_array_append_new(array,
				      json_integer((json_int_t)pages[i]));
	return array;
}

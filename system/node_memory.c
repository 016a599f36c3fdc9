/* SPDX-License-Identifier: MIT */
#include "system/node_memory.h"

#include "system/topology_hwloc.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOOKED_AT = 4096 }; /* pages */

unsigned node_memory_count(const struct topology *topology)
{
	int count =
		hwloc_get_nbobjs_by_type(topology->hwloc, HWLOC_OBJ_NUMANODE);

	return count > 0 ? (unsigned)count : 0;
}

static hwloc_obj_t node_memory_find(const struct topology *topology,
				    unsigned node)
{
	return hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_NUMANODE, node);
}

bool node_memory_has_any(const struct topology *topology, unsigned node)
{
	hwloc_obj_t object = node_memory_find(topology, node);
	hwloc_const_nodeset_t allowed =
		hwloc_topology_get_allowed_nodeset(topology->hwloc);

	return object && object->attr->numanode.local_memory > 0 &&
	       (!allowed || hwloc_bitmap_isset(allowed, object->os_index));
}

int node_memory_of_cpu(const struct topology *topology, int cpu)
{
	struct cpu_place place = {.numa = -1};

	topology_place(topology, cpu, &place);
	return place.numa;
}

int node_memory_place(const struct topology *topology, void *base, size_t size,
		      int node)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t before = (uintptr_t)base % page;
	hwloc_const_nodeset_t nodes =
		hwloc_topology_get_allowed_nodeset(topology->hwloc);

	if (node != NODE_MEMORY_ALL) {
		hwloc_obj_t object = node_memory_find(topology, (unsigned)node);

		if (!object)
			return -EINVAL;
		nodes = object->nodeset;
	}
	if (size == 0)
		return 0;
	/* Without HWLOC_MEMBIND_STRICT: a full node is no reason to be killed;
	 * where pages are is read back. */
	if (hwloc_set_area_membind(topology->hwloc, (char *)base - before,
				   size + before, nodes,
				   node == NODE_MEMORY_ALL
					   ? HWLOC_MEMBIND_INTERLEAVE
					   : HWLOC_MEMBIND_BIND,
				   HWLOC_MEMBIND_BYNODESET) == 0)
		return 0;
	return errno ? -errno : -ENOSYS;
}

/* The system numbers nodes by itself. */
static int node_memory_number(const struct topology *topology, int os_index)
{
	unsigned count = node_memory_count(topology);

	for (unsigned i = 0; i < count && i < NODE_MEMORY_MAX; i++)
		if (node_memory_find(topology, i)->os_index ==
		    (unsigned)os_index)
			return (int)i;
	return -1;
}

size_t node_memory_read(const struct topology *topology, void *base,
			size_t size, size_t pages[NODE_MEMORY_MAX])
{
	static_assert(sizeof(void *) * LOOKED_AT <= 64 << 10, "on the stack");
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t all = size / page, count = all < LOOKED_AT ? all : LOOKED_AT;
	size_t seen = 0;
	void *at[LOOKED_AT];
	int where[LOOKED_AT];

	memset(pages, 0, NODE_MEMORY_MAX * sizeof(*pages));
	for (size_t i = 0; i < count; i++)
		at[i] = (char *)base + all * i / count * page;
	if (count == 0 ||
	    syscall(SYS_move_pages, 0, count, at, NULL, where, 0) < 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		int node = where[i] < 0
				   ? -1
				   : node_memory_number(topology, where[i]);

		if (node < 0)
			continue;
		pages[node]++;
		seen++;
	}
	return seen;
}

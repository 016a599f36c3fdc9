/* SPDX-License-Identifier: MIT */
#include "system/topology_hwloc.h"

static int place_index(hwloc_obj_t object)
{
	return object ? (int)object->logical_index : -1;
}

hwloc_obj_t topology_above(hwloc_topology_t hwloc, hwloc_obj_t pu,
			   hwloc_obj_type_t type)
{
	return hwloc_get_ancestor_obj_by_type(hwloc, type, pu);
}

/* The NUMA node of a CPU is a memory child of its nearest ancestor that has
 * one, perhaps below a memory-side cache. */
hwloc_obj_t topology_node(hwloc_obj_t pu)
{
	hwloc_obj_t at = pu;

	while (at && !at->memory_first_child)
		at = at->parent;
	at = at ? at->memory_first_child : NULL;
	while (at && at->type != HWLOC_OBJ_NUMANODE)
		at = at->memory_first_child;
	return at;
}

/* The rank of a CPU among the threads of its core. */
static int place_find_thread(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	hwloc_obj_t core = topology_above(hwloc, pu, HWLOC_OBJ_CORE);
	int rank = 0;

	for (hwloc_obj_t other = pu->prev_cousin; core && other;
	     other = other->prev_cousin) {
		if (topology_above(hwloc, other, HWLOC_OBJ_CORE) != core)
			break;
		rank++;
	}
	return rank;
}

static struct cpu_place place_make(const struct topology *topology,
				   hwloc_obj_t pu)
{
	return (struct cpu_place){
		.cpu = (int)pu->os_index,
		.package = place_index(
			topology_above(topology->hwloc, pu, HWLOC_OBJ_PACKAGE)),
		.numa = place_index(topology_node(pu)),
		.l3 = place_index(
			topology_above(topology->hwloc, pu, HWLOC_OBJ_L3CACHE)),
		.core = place_index(
			topology_above(topology->hwloc, pu, HWLOC_OBJ_CORE)),
		.thread = place_find_thread(topology->hwloc, pu),
	};
}

void topology_place(const struct topology *topology, int cpu,
		    struct cpu_place *place)
{
	hwloc_obj_t pu =
		hwloc_get_pu_obj_by_os_index(topology->hwloc, (unsigned)cpu);

	*place = pu ? place_make(topology, pu)
		    : (struct cpu_place){cpu, -1, -1, -1, -1, -1};
}

enum topology_border topology_border(const struct topology *topology, int cpu,
				     int other)
{
	struct cpu_place a, b;

	topology_place(topology, cpu, &a);
	topology_place(topology, other, &b);
	if (a.package != b.package)
		return BORDER_PACKAGE;
	if (a.numa != b.numa)
		return BORDER_NUMA;
	return a.l3 != b.l3 ? BORDER_L3 : BORDER_NONE;
}

void topology_borders(const struct topology *topology, const int *cpus,
		      unsigned count, uint8_t *borders)
{
	for (unsigned i = 1; i < count; i++)
		borders[i] = (uint8_t)topology_border(topology, cpus[i - 1],
						      cpus[i]);
}

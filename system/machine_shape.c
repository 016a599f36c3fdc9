/* SPDX-License-Identifier: MIT */
#include "system/topology_hwloc.h"

#include <hwloc/cpukinds.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool topology_is_here(const struct topology *topology)
{
	return topology->here;
}

static unsigned shape_count(const struct topology *topology,
			    hwloc_obj_type_t type)
{
	int count = hwloc_get_nbobjs_by_type(topology->hwloc, type);

	return count > 0 ? (unsigned)count : 0;
}

static uint64_t shape_cache_size(const struct topology *topology,
				 hwloc_obj_type_t type)
{
	hwloc_obj_t cache = hwloc_get_obj_by_type(topology->hwloc, type, 0);

	return cache ? cache->attr->cache.size : 0;
}

/* On a virtual machine the NUMA nodes show the memory of its start: for this
 * machine, ask the kernel. */
static uint64_t shape_memory(const struct topology *topology)
{
	if (topology->here)
		return (uint64_t)sysconf(_SC_PHYS_PAGES) *
		       (uint64_t)sysconf(_SC_PAGESIZE);
	return hwloc_get_root_obj(topology->hwloc)->total_memory;
}

static const char *shape_kind_name(const struct hwloc_info_s *infos,
				   unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(infos[i].name, "CoreType") == 0)
			return infos[i].value;
	return "";
}

/* Leave kinds empty if there is one kind only, or more than fit. */
static void shape_find_kinds(const struct topology *topology,
			     struct machine_shape *shape)
{
	int count = hwloc_cpukinds_get_nr(topology->hwloc, 0);
	hwloc_bitmap_t cpus = hwloc_bitmap_alloc();

	for (unsigned k = 0;
	     cpus && count > 1 && count <= CPU_KINDS_MAX && k < (unsigned)count;
	     k++) {
		struct cpu_kind *kind = &shape->kinds[k];
		struct hwloc_info_s *infos;
		unsigned ninfos;
		int efficiency;

		if (hwloc_cpukinds_get_info(topology->hwloc, k, cpus,
					    &efficiency, &ninfos, &infos,
					    0) < 0)
			break;
		snprintf(kind->name, sizeof(kind->name), "%s",
			 shape_kind_name(infos, ninfos));
		kind->cpus = (unsigned)hwloc_bitmap_weight(cpus);
		shape->nkinds = k + 1;
	}
	hwloc_bitmap_free(cpus);
}

void topology_kinds(const struct machine_shape *shape,
		    char text[CPU_KINDS_TEXT])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned k = 0; k < shape->nkinds; k++) {
		const struct cpu_kind *kind = &shape->kinds[k];

		used += (size_t)snprintf(
			text + used, CPU_KINDS_TEXT - used, "%s%u CPU%s of %s",
			k ? ", " : "", kind->cpus, kind->cpus == 1 ? "" : "s",
			kind->name[0] ? kind->name : "a kind without a name");
	}
}

void topology_shape(const struct topology *topology,
		    struct machine_shape *shape)
{
	hwloc_obj_t root = hwloc_get_root_obj(topology->hwloc);
	hwloc_obj_t package =
		hwloc_get_obj_by_type(topology->hwloc, HWLOC_OBJ_PACKAGE, 0);
	const char *model =
		package ? hwloc_obj_get_info_by_name(package, "CPUModel")
			: NULL;

	*shape = (struct machine_shape){
		.packages = shape_count(topology, HWLOC_OBJ_PACKAGE),
		.numa_nodes = shape_count(topology, HWLOC_OBJ_NUMANODE),
		.cores = shape_count(topology, HWLOC_OBJ_CORE),
		.cpus = shape_count(topology, HWLOC_OBJ_PU),
		.allowed = (unsigned)hwloc_bitmap_weight(topology->allowed),
		.l1d = shape_cache_size(topology, HWLOC_OBJ_L1CACHE),
		.l2 = shape_cache_size(topology, HWLOC_OBJ_L2CACHE),
		.l3 = shape_cache_size(topology, HWLOC_OBJ_L3CACHE),
		.memory = shape_memory(topology),
	};
	if (!model)
		model = hwloc_obj_get_info_by_name(root, "CPUModel");
	snprintf(shape->model, sizeof(shape->model), "%s", model ? model : "");
	shape_find_kinds(topology, shape);
}

/* SPDX-License-Identifier: MIT */
#include "system/topology_hwloc.h"

#include <errno.h>
#include <hwloc/linux.h>

static int binding_set(const struct topology *topology, pid_t task, int cpu)
{
	hwloc_bitmap_t set;
	int rc;

	if (!topology->here)
		return -ENOTSUP;
	if (cpu < 0 ||
	    !hwloc_get_pu_obj_by_os_index(topology->hwloc, (unsigned)cpu))
		return -EINVAL;
	set = hwloc_bitmap_alloc();
	if (!set)
		return -ENOMEM;
	hwloc_bitmap_only(set, (unsigned)cpu);
	rc = hwloc_linux_set_tid_cpubind(topology->hwloc, task, set);
	hwloc_bitmap_free(set);
	return rc < 0 ? -errno : 0;
}

int topology_bind(const struct topology *topology, int cpu)
{
	return binding_set(topology, 0, cpu);
}

int topology_bind_task(const struct topology *topology, pid_t task, int cpu)
{
	return binding_set(topology, task, cpu);
}

int topology_unbind(const struct topology *topology)
{
	if (!topology->here)
		return -ENOTSUP;
	return hwloc_linux_set_tid_cpubind(topology->hwloc, 0,
					   topology->allowed) < 0
		       ? -errno
		       : 0;
}

int topology_bound(const struct topology *topology)
{
	hwloc_bitmap_t set;
	int cpu = -1;

	if (!topology->here)
		return -1;
	set = hwloc_bitmap_alloc();
	if (set && hwloc_linux_get_tid_cpubind(topology->hwloc, 0, set) == 0 &&
	    hwloc_bitmap_weight(set) == 1)
		cpu = hwloc_bitmap_first(set);
	hwloc_bitmap_free(set);
	return cpu;
}

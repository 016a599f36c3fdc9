/* SPDX-License-Identifier: MIT */
#include "system/topology_hwloc.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

int allowed_cpus_check(struct error *error)
{
	cpu_set_t mine;
	int rc = sched_getaffinity(0, sizeof(mine), &mine) == 0 ? 0 : -errno;

	/* More CPUs than the set has room for: hwloc asks with a larger one. */
	if (rc == 0 || rc == -EINVAL)
		return 0;
	return error_set(
		error, ERROR_FAILED,
		"the kernel does not say which CPUs may be used "
		"(sched_getaffinity: %s): allow that call in the sandbox's "
		"profile (docker run --security-opt seccomp=unconfined)",
		strerror(-rc));
}

static int allowed_cpus_intersect(struct topology *topology)
{
	hwloc_bitmap_t mine;

	topology->allowed = hwloc_bitmap_dup(
		hwloc_topology_get_allowed_cpuset(topology->hwloc));
	if (!topology->allowed)
		return -ENOMEM;
	hwloc_bitmap_and(topology->allowed, topology->allowed,
			 hwloc_topology_get_complete_cpuset(topology->hwloc));
	if (!topology->here)
		return 0;
	mine = hwloc_bitmap_alloc();
	if (!mine)
		return -ENOMEM;
	if (hwloc_get_cpubind(topology->hwloc, mine, HWLOC_CPUBIND_THREAD) ==
		    0 &&
	    hwloc_bitmap_intersects(mine, topology->allowed))
		hwloc_bitmap_and(topology->allowed, topology->allowed, mine);
	hwloc_bitmap_free(mine);
	return 0;
}

int allowed_cpus_find(struct topology *topology)
{
	int rc = allowed_cpus_intersect(topology);

	if (rc < 0)
		return rc;
	if (hwloc_bitmap_iszero(topology->allowed))
		return -ENODEV;
	if (hwloc_topology_dup(&topology->usable, topology->hwloc) < 0)
		return -ENOMEM;
	return hwloc_topology_restrict(topology->usable, topology->allowed, 0) <
			       0
		       ? -errno
		       : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What a topology is made of, for the files that implement topology.h: all that
 * use hwloc.
 */
#ifndef BREAKEVEN_SYSTEM_TOPOLOGY_HWLOC_H
#define BREAKEVEN_SYSTEM_TOPOLOGY_HWLOC_H

#include "system/topology.h"

#include <hwloc.h>

struct topology {
	hwloc_topology_t hwloc;
	hwloc_topology_t usable; /* the same, less what is not allowed */
	hwloc_bitmap_t allowed;	 /* CPUs that this process may use */
	bool here;		 /* of this machine: threads can be bound */
};

/* Does the system say which CPUs this process may use? 0, or
 * ERROR_FAILED. Ask first: hwloc would repeat the question for ever. */
int allowed_cpus_check(struct error *error);

/* Find them: `allowed`, and `usable`, by which policies go. 0; -ENODEV: there
 * are none; -errno. */
int allowed_cpus_find(struct topology *topology);

/* What of this type the CPU lies in, or NULL. */
hwloc_obj_t topology_above(hwloc_topology_t hwloc, hwloc_obj_t pu,
			   hwloc_obj_type_t type);

/* The NUMA node of a CPU, or NULL. */
hwloc_obj_t topology_node(hwloc_obj_t pu);

#endif

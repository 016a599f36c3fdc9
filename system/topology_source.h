/* SPDX-License-Identifier: MIT */
/*
 * Where a topology comes from: this machine, an XML file, or a description.
 */
#ifndef BREAKEVEN_SYSTEM_TOPOLOGY_SOURCE_H
#define BREAKEVEN_SYSTEM_TOPOLOGY_SOURCE_H

#include "core/error.h"

#include <hwloc.h>
#include <stddef.h>

struct topology_source {
	const char *name; /* as the user typed it; NULL: this machine */
	char *xml;	  /* of a file; NULL: the name describes a machine */
	size_t length;
};

/* Read the file, if the name is that of one. 0 or ERROR_USAGE. The caller frees
 * source->xml in any case. */
int topology_source_read(struct topology_source *source, struct error *error);

/* Have hwloc load it from there. 0; -1 and errno: E2BIG for a description of
 * too many CPUs. */
int topology_source_set(hwloc_topology_t hwloc,
			const struct topology_source *source);

/* Say why it could not be loaded: rc is -errno of hwloc's, -EFAULT if it
 * crashed, -E2BIG, -ENODEV if no CPU is allowed. Returns the kind. */
int topology_source_explain(const struct topology_source *source, int rc,
			    struct error *error);

#endif

/* SPDX-License-Identifier: MIT */
#include "system/headroom.h"

#include "system/cgroup.h"
#include "system/sysfile.h"

#include <stdio.h>

struct limit_files {
	const char *limit, *usage, *inactive, *active; /* keys of memory.stat */
};

static void tighten(const char *folder, enum cgroup_version version, void *arg)
{
	static const struct limit_files files[] = {
		[CGROUP_V1] = {"memory.limit_in_bytes", "memory.usage_in_bytes",
			       "total_inactive_file ", "total_active_file "},
		[CGROUP_V2] = {"memory.max", "memory.current", "inactive_file ",
			       "active_file "},
	};
	const struct limit_files *file = &files[version];
	uint64_t *left = arg, used, cached, rest;
	uint64_t limit = cgroup_number(folder, file->limit, "", UINT64_MAX);

	if (limit == UINT64_MAX)
		return;
	used = cgroup_number(folder, file->usage, "", 0);
	cached = cgroup_number(folder, "memory.stat", file->inactive, 0) +
		 cgroup_number(folder, "memory.stat", file->active, 0);
	used -= cached < used ? cached : used;
	rest = limit - (used < limit ? used : limit);
	if (rest < *left)
		*left = rest;
}

uint64_t headroom(const char *root)
{
	uint64_t left = UINT64_MAX, kib;
	char path[512];

	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	kib = sysfile_number(path, "MemAvailable:", UINT64_MAX);
	if (kib != UINT64_MAX)
		left = (kib + sysfile_number(path, "SwapFree:", 0)) << 10;
	cgroup_walk(root, "memory", tighten, &left);
	return left;
}

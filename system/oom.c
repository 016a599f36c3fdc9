/* SPDX-License-Identifier: MIT */
#include "system/oom.h"

#include "system/cgroup.h"
#include "system/headroom.h"
#include "system/sysfile.h"

#include <limits.h>
#include <stdio.h>

/* A group of version 1 counts only its own processes. Ours is visited first. */
static void oom_take_first(const char *folder, enum cgroup_version version,
			   void *arg)
{
	static const char *const files[] = {
		[CGROUP_V1] = "memory.oom_control",
		[CGROUP_V2] = "memory.events",
	};
	uint64_t *kills = arg;

	if (*kills == UINT64_MAX)
		*kills = cgroup_number(folder, files[version], "oom_kill ",
				       UINT64_MAX);
}

uint64_t oom_kills(const char *root)
{
	uint64_t kills = UINT64_MAX;
	char path[PATH_MAX];

	cgroup_walk(root, "memory", oom_take_first, &kills);
	if (kills != UINT64_MAX)
		return kills;
	snprintf(path, sizeof(path), "%s/proc/vmstat", root);
	return sysfile_number(path, "oom_kill ", 0);
}

const char *oom_reason(const char *root)
{
	return headroom_is_limited(root) ? "out of memory in its control group"
					 : "out of memory on this machine";
}

const char *oom_since(const char *root, uint64_t kills)
{
	return oom_kills(root) > kills ? oom_reason(root) : NULL;
}

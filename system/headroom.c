/* SPDX-License-Identifier: MIT */
#include "system/headroom.h"

#include "system/cgroup.h"
#include "system/sysfile.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

/* No limit, in version 1: the largest number of pages, in bytes. */
#define UNLIMITED ((uint64_t)1 << 62)

/* What is left, and what limits it. */
struct left {
	uint64_t bytes;
	const char *limit;
	bool group; /* some control group has a limit */
};

static void headroom_tighten(struct left *left, uint64_t bytes,
			     const char *limit)
{
	if (bytes >= left->bytes)
		return;
	left->bytes = bytes;
	left->limit = limit;
}

struct group_files {
	const char *max, *high, *usage;
	const char *inactive, *active; /* keys of memory.stat */
};

static void headroom_look_at_group(const char *folder,
				   enum cgroup_version version, void *arg)
{
	static const struct group_files files[] = {
		[CGROUP_V1] = {"memory.limit_in_bytes", "memory.limit_in_bytes",
			       "memory.usage_in_bytes", "total_inactive_file ",
			       "total_active_file "},
		[CGROUP_V2] = {"memory.max", "memory.high", "memory.current",
			       "inactive_file ", "active_file "},
	};
	const struct group_files *file = &files[version];
	uint64_t max = cgroup_number(folder, file->max, "", UINT64_MAX);
	uint64_t high = cgroup_number(folder, file->high, "", UINT64_MAX);
	uint64_t limit = high < max ? high : max, used, cached;
	struct left *left = arg;

	if (limit >= UNLIMITED)
		return;
	left->group = true;
	used = cgroup_number(folder, file->usage, "", 0);
	cached = cgroup_number(folder, "memory.stat", file->inactive, 0) +
		 cgroup_number(folder, "memory.stat", file->active, 0);
	used -= cached < used ? cached : used;
	headroom_tighten(left, limit - (used < limit ? used : limit),
			 "what the memory limit of a control group leaves");
}

/* For a machine without /proc. Too low, since caches count as used. */
static uint64_t headroom_free_kib(const char *root)
{
	struct sysinfo info;

	if (root[0] || sysinfo(&info) < 0)
		return UINT64_MAX;
	return (uint64_t)info.freeram * info.mem_unit >> 10;
}

static struct left headroom_look(const char *root, bool swap)
{
	struct left left = {UINT64_MAX, "what may be used", false};
	uint64_t kib;
	char path[512];

	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	kib = sysfile_number(path, "MemAvailable:", headroom_free_kib(root));
	if (kib != UINT64_MAX && swap)
		kib += sysfile_number(path, "SwapFree:", 0);
	if (kib != UINT64_MAX)
		headroom_tighten(&left, kib << 10,
				 "the memory that is available here");
	cgroup_walk(root, "memory", headroom_look_at_group, &left);
	return left;
}

uint64_t headroom(const char *root)
{
	return headroom_look(root, true).bytes;
}

bool headroom_is_limited(const char *root)
{
	return headroom_look(root, true).group;
}

uint64_t headroom_plan(const char *root, uint64_t taken, const char **limit)
{
	struct left left = headroom_look(root, false);
	struct rlimit address;

	left.bytes -= taken < left.bytes ? taken : left.bytes;
	if (getrlimit(RLIMIT_AS, &address) == 0 &&
	    address.rlim_cur != RLIM_INFINITY)
		headroom_tighten(
			&left, address.rlim_cur,
			"the address space that a process may have (ulimit "
			"-v)");
	*limit = left.limit;
	return left.bytes / 2;
}

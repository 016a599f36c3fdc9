/* SPDX-License-Identifier: MIT */
#include "system/headroom.h"

#include "system/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 8192 };

/* The number behind `key` where a line begins with it, else `fallback`. */
static uint64_t number(const char *text, const char *key, uint64_t fallback)
{
	size_t length = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0 && line[length])
			return strtoull(line + length, NULL, 10);
	}
	return fallback;
}

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
	uint64_t *left = arg, limit, used, cached;
	char text[TEXT];

	/* "max" is no number, and no limit. */
	if (!cgroup_read(folder, file->limit, text, sizeof(text)) ||
	    text[0] < '0' || text[0] > '9')
		return;
	limit = number(text, "", 0);
	cgroup_read(folder, file->usage, text, sizeof(text));
	used = number(text, "", 0);
	cgroup_read(folder, "memory.stat", text, sizeof(text));
	cached =
		number(text, file->inactive, 0) + number(text, file->active, 0);
	used -= cached < used ? cached : used;
	limit -= used < limit ? used : limit;
	if (limit < *left)
		*left = limit;
}

uint64_t headroom(const char *root)
{
	uint64_t left = UINT64_MAX, kib, swap;
	char folder[512], text[TEXT];

	snprintf(folder, sizeof(folder), "%s/proc", root);
	cgroup_read(folder, "meminfo", text, sizeof(text));
	kib = number(text, "MemAvailable:", UINT64_MAX);
	swap = number(text, "SwapFree:", 0);
	if (kib != UINT64_MAX)
		left = (kib + swap) << 10;
	cgroup_walk(root, "memory", tighten, &left);
	return left;
}

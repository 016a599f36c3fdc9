/* SPDX-License-Identifier: MIT */
#include "bench/engine/cpu_limits.h"

#include "system/quota.h"

#include <string.h>

/* All CPUs of our cpuset. We may be bound to one of them: binding to all CPUs
 * yields the allowed ones; then bind back. */
static bool cpu_limits_find_allowed(struct cpu_limits *limits)
{
	cpu_set_t bound[8], all[8];
	size_t size = sizeof(bound);
	bool known;

	memset(limits->allowed, 0, size);
	memset(bound, 0, size);
	memset(all, 0xff, size);
	if (sched_getaffinity(0, size, bound) < 0 ||
	    sched_setaffinity(0, size, all) < 0)
		return false;
	known = sched_getaffinity(0, size, limits->allowed) >= 0;
	sched_setaffinity(0, size, bound);
	return known;
}

void cpu_limits_begin(struct cpu_limits *limits, const char *root)
{
	limits->throttled = quota_throttled(root);
	limits->known = cpu_limits_find_allowed(limits);
}

void cpu_limits_look(struct cpu_limits *limits, const char *root,
		     uint64_t *throttled, bool *cpus_changed)
{
	struct cpu_limits before = *limits;

	cpu_limits_begin(limits, root);
	if (limits->throttled > before.throttled)
		*throttled += limits->throttled - before.throttled;
	if (before.known && limits->known &&
	    memcmp(before.allowed, limits->allowed, sizeof(before.allowed)) !=
		    0)
		*cpus_changed = true;
}

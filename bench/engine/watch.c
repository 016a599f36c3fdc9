/* SPDX-License-Identifier: MIT */
#include "bench/engine/watch.h"

#include "system/quota.h"

#include <string.h>

/* All CPUs of our cpuset. We may be bound to one of them: binding to all CPUs
 * yields the allowed ones; then bind back. */
static bool watch_find_allowed(struct watch *watch)
{
	cpu_set_t bound[8], all[8];
	size_t size = sizeof(bound);
	bool known;

	memset(watch->allowed, 0, size);
	memset(bound, 0, size);
	memset(all, 0xff, size);
	if (sched_getaffinity(0, size, bound) < 0 ||
	    sched_setaffinity(0, size, all) < 0)
		return false;
	known = sched_getaffinity(0, size, watch->allowed) >= 0;
	sched_setaffinity(0, size, bound);
	return known;
}

void watch_begin(struct watch *watch, const char *root)
{
	watch->throttled = quota_throttled(root);
	watch->known = watch_find_allowed(watch);
}

void watch_look(struct watch *watch, const char *root, uint64_t *throttled,
		bool *cpus_changed)
{
	struct watch before = *watch;

	watch_begin(watch, root);
	if (watch->throttled > before.throttled)
		*throttled += watch->throttled - before.throttled;
	if (before.known && watch->known &&
	    memcmp(before.allowed, watch->allowed, sizeof(before.allowed)) != 0)
		*cpus_changed = true;
}

/* SPDX-License-Identifier: MIT */
/*
 * What the system does to a run from outside, while it runs: its control group
 * has used up its CPU quota and is stopped, or may use other CPUs from now on.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_WATCH_H
#define BREAKEVEN_BENCH_ENGINE_WATCH_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

struct watch {
	uint64_t throttled;   /* times, as of the last look */
	cpu_set_t allowed[8]; /* CPUs that we may bind ourselves to */
	bool known;	      /* the system says which */
};

/* Begin; to where the calling thread is bound now makes no difference. `root`
 * ("" for the machine's own) is what /proc and /sys are looked up below. */
void watch_begin(struct watch *watch, const char *root);

/* Add what has happened since the last look: *throttled becomes more by so many
 * times, *cpus_changed is set. */
void watch_look(struct watch *watch, const char *root, uint64_t *throttled,
		bool *cpus_changed);

#endif

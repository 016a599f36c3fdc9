/* SPDX-License-Identifier: MIT */
/*
 * What the system does to a run from outside: it stops a control group that has
 * used up its CPU quota, or changes the CPUs that it may use.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_CPU_LIMITS_H
#define BREAKEVEN_BENCH_ENGINE_CPU_LIMITS_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

struct cpu_limits {
	uint64_t throttled;   /* times, as of the last look */
	cpu_set_t allowed[8]; /* CPUs that we may bind ourselves to */
	bool known;	      /* the system says which */
};

/* Begin, wherever the calling thread is bound now. /proc and /sys are looked up
 * below `root` ("" for the machine's own). */
void cpu_limits_begin(struct cpu_limits *limits, const char *root);

/* Add what has happened since the last look to *throttled, and set
 * *cpus_changed if the CPUs changed. */
void cpu_limits_look(struct cpu_limits *limits, const char *root,
		     uint64_t *throttled, bool *cpus_changed);

#endif

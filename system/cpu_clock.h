/* SPDX-License-Identifier: MIT */
/*
 * The CPU time of a process and of all that descend from it.
 */
#ifndef BREAKEVEN_SYSTEM_CPU_CLOCK_H
#define BREAKEVEN_SYSTEM_CPU_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cpu_clock {
	pid_t *pids; /* when they were looked for */
	size_t count;
	pid_t *threads; /* of all of them */
	size_t nthreads;
};

/* Find `leader` and its descendants. 0 or -errno. */
int cpu_clock_open(struct cpu_clock *clock, pid_t leader);
void cpu_clock_close(struct cpu_clock *clock);

/* What they have used since each began, in ns. One that is gone counts 0.
 * Whoever runs at the moment is counted up to its last tick only, or up to the
 * last cpu_clock_settle(). */
int64_t cpu_clock_ns(const struct cpu_clock *clock);

/* Bring the clocks of those who run up to this moment: some 2 us a thread. */
void cpu_clock_settle(const struct cpu_clock *clock);

/* The same up to this moment, and with children of the calling process that
 * were waited for. */
int64_t cpu_clock_exact_ns(const struct cpu_clock *clock);

#endif

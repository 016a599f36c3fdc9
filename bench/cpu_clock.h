/* SPDX-License-Identifier: MIT */
/*
 * The CPU time of a process and of all that descend from it.
 */
#ifndef BREAKEVEN_BENCH_CPU_CLOCK_H
#define BREAKEVEN_BENCH_CPU_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cpu_clock {
	pid_t *pids; /* when they were looked for */
	size_t count;
};

/* Find `leader` and its descendants. 0 or -errno. */
int cpu_clock_open(struct cpu_clock *clock, pid_t leader);
void cpu_clock_close(struct cpu_clock *clock);

/* What they have used since each began, in ns. One that is gone counts 0. */
int64_t cpu_clock_ns(const struct cpu_clock *clock);

#endif

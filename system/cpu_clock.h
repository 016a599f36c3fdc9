/* SPDX-License-Identifier: MIT */
/*
 * The CPU time of a process and of all its descendants.
 */
#ifndef BREAKEVEN_SYSTEM_CPU_CLOCK_H
#define BREAKEVEN_SYSTEM_CPU_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cpu_clock {
	pid_t *pids; /* as found by cpu_clock_open() */
	size_t count;
	pid_t *threads; /* of all these processes */
	size_t nthreads;
};

/* Find `leader` and its descendants. 0, and cpu_clock_close() frees the lists,
 * or -errno. */
int cpu_clock_open(struct cpu_clock *clock, pid_t leader);
void cpu_clock_close(struct cpu_clock *clock);

/* What the processes have used since each began, in ns. One that has ended
 * counts as 0. A running thread is counted only up to the last tick of the
 * kernel, or the last cpu_clock_settle(). */
int64_t cpu_clock_ns(const struct cpu_clock *clock);

/* Bring the clocks of running threads up to date. Takes some 2 us a thread. */
void cpu_clock_settle(const struct cpu_clock *clock);

/* The same after cpu_clock_settle(), and with the children of the calling
 * process that it has waited for. */
int64_t cpu_clock_exact_ns(const struct cpu_clock *clock);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The memory that a host's processes hold.
 */
#ifndef BREAKEVEN_BENCH_HOST_MEMORY_USE_H
#define BREAKEVEN_BENCH_HOST_MEMORY_USE_H

#include "system/cpu_clock.h"

struct memory_use {
	size_t processes;
	/* KiB of all processes; a page that k of them share counts 1/k in each
	 * (PSS, of /proc/PID/smaps_rollup). */
	double pss;
	double page_tables; /* KiB (VmPTE) */
};

/* The memory of these processes; what cannot be read counts 0. */
struct memory_use memory_use_read(const struct cpu_clock *processes);

#endif

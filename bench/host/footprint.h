/* SPDX-License-Identifier: MIT */
/*
 * The memory that a host's processes hold.
 */
#ifndef BREAKEVEN_BENCH_HOST_FOOTPRINT_H
#define BREAKEVEN_BENCH_HOST_FOOTPRINT_H

#include "system/cpu_clock.h"

struct footprint {
	size_t processes;
	/* KiB of all processes; a page that k of them share counts 1/k in each
	 * (PSS, of /proc/PID/smaps_rollup). */
	double pss;
	double page_tables; /* KiB (VmPTE) */
};

/* Of these processes; what cannot be read counts 0. */
struct footprint footprint_of(const struct cpu_clock *processes);

#endif

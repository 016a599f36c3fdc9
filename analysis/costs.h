/* SPDX-License-Identifier: MIT */
/*
 * What a runner costs besides its time: the CPU time of all its workers, their
 * creation, and tasks that must not be too small.
 */
#ifndef BREAKEVEN_ANALYSIS_COSTS_H
#define BREAKEVEN_ANALYSIS_COSTS_H

#include "analysis/findings.h"

/* Fill cpu_*, metg_ns, open_ns and amortised of all crossings. 0 or -ENOMEM. */
int costs_judge(struct findings *findings, const struct record *record);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of `bench`, each in a process of its own as a user starts it, and
 * what comes of them.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_CALIBRATION_RUNS_H
#define BREAKEVEN_BENCH_STUDIES_CALIBRATION_RUNS_H

#include "analysis/findings.h"
#include "system/topology.h"

#include <stdint.h>
#include <sys/types.h>

enum { CALIBRATION_BURSTS = 2 };

struct calibration_runs {
	double budget_s;      /* of a run */
	unsigned generations; /* of a run, whatever the time; 0: see budget_s */
	uint64_t random;
	pid_t bursts[CALIBRATION_BURSTS]; /* 0: not running */
};

/*
 * Run `bench` with this kernel, runner and range of sizes; *record and
 * *findings are the caller's to free, the findings first. 0, or the exit
 * status.
 */
int calibration_runs_measure(struct calibration_runs *runs, const char *kernel,
			     const char *runner, const char *sizes,
			     struct record **record,
			     struct findings **findings);

/*
 * Processes that keep CPU `cpu` busy in bursts of up to 61 ms, two thirds of
 * the time for two seconds, then none for two: as a neighbour on the host does
 * it. 0 or -errno.
 */
int calibration_runs_burst(struct calibration_runs *runs,
			   const struct topology *topology, int cpu);
void calibration_runs_calm(struct calibration_runs *runs);

#endif

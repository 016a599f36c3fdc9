/* SPDX-License-Identifier: MIT */
/*
 * How often `bench` is right, where what is right is known: simulated samples,
 * runners whose break-even size is planted, on a quiet machine and with a
 * neighbour that takes a CPU away in bursts, and serial against itself.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_CALIBRATE_H
#define BREAKEVEN_BENCH_STUDIES_CALIBRATE_H

#include "analysis/studies/calibration_result.h"
#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/studies/calibration_runs.h"

struct calibration_options {
	unsigned runs, tables; /* planted; of serial against itself */
	double budget_s;
	unsigned generations; /* 0: as many as the budget has room for */
	uint64_t seed;
	struct turn_options turn;
	bool quiet;
};

struct calibration_study {
	struct calibration_options options;
	struct calibration_result found;

	/* Private, but for the interrupt_fd. */
	const struct topology *topology;
	size_t begun; /* tables of serial against itself */
	struct calibration_runs runs;
	struct progress progress;
	int interrupt_fd;
	size_t done;
};

/* On this machine's topology. 0, or -errno with `error` filled. An interrupt
 * ends it early, with 0. calibration_free() of what was found is due in any
 * case. */
int calibration_run(struct calibration_study *calibration,
		    const struct topology *topology,
		    const struct calibration_options *options, char error[512]);
bool calibration_is_interrupted(const struct calibration_study *calibration);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How often `bench` is right, where what is right is known: simulated samples,
 * runners whose break-even size is planted, on a quiet machine and with a
 * neighbour that takes a CPU away in bursts, and serial against itself.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_CALIBRATE_H
#define BREAKEVEN_BENCH_STUDIES_CALIBRATE_H

#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/studies/calibration_runs.h"

#include <jansson.h>

struct calibration_options {
	unsigned runs, tables; /* planted; of serial against itself */
	double budget_s;
	unsigned generations; /* 0: as many as the budget has room for */
	uint64_t seed;
	struct turn_options turn;
	bool quiet;
};

/* Of planted runs. */
struct truth_tally {
	size_t runs, covered, unresolved, untrusted, failed;
	size_t found; /* with a point and an interval */
	double *errors, *widths;
	size_t cells, wrong_sign; /* certain ones; called the other */
	json_t *details;	  /* of each run */
};

struct calibration_study {
	struct calibration_options options;
	struct truth_tally quiet, burst, simulated;
	size_t begun, tables, false_calls; /* of serial against itself */

	/* Private, but for the topology and interrupt_fd. */
	struct topology *topology;
	struct calibration_runs runs;
	struct progress progress;
	int interrupt_fd;
	size_t done;
};

/* 0, or -errno with `error` filled. An interrupt ends it early, with 0.
 * calibration_free() is due in any case. */
int calibration_run(struct calibration_study *calibration,
		    const struct calibration_options *options, char error[512]);
bool calibration_is_interrupted(const struct calibration_study *calibration);
void calibration_free(struct calibration_study *calibration);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How often `bench` is right, where that is known: what `breakeven calibrate`
 * found.
 */
#ifndef BREAKEVEN_ANALYSIS_STUDIES_CALIBRATION_RESULT_H
#define BREAKEVEN_ANALYSIS_STUDIES_CALIBRATION_RESULT_H

#include "analysis/studies/study_values.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of runs whose break-even size is known. */
struct truth_tally {
	size_t runs, covered, unresolved, untrusted, failed;
	size_t found;		  /* with a point and an interval */
	double *errors, *widths;  /* by found run: relative, end over begin */
	size_t cells, wrong_sign; /* certain ones; called the other */
	json_t *details;	  /* of each run, an array of objects */
};

/* Which runs: on a quiet machine, beside a neighbour that takes a CPU away in
 * bursts, or of simulated samples. */
enum calibration_tally { TALLY_QUIET, TALLY_BURST, TALLY_SIMULATED, TALLIES };

struct calibration_result {
	double budget_s;      /* of a run */
	unsigned generations; /* of a run, instead of a budget; 0: none */
	uint64_t seed;
	struct truth_tally tallies[TALLIES];
	size_t tables, false_calls; /* of serial against itself */
	bool interrupted;	    /* not all runs were made */
};

/* Room for so many runs. 0 or -ENOMEM; calibration_free() frees it in any case.
 */
int truth_tally_init(struct truth_tally *tally, size_t runs);

/* A share of the found runs has an error, or an interval's width, of at most
 * that. NAN: none was found. */
double truth_tally_quantile(const struct truth_tally *tally,
			    const double *values, double share);

/* Its numbers, added to `values`, by name. 0 or -ENOMEM. */
int calibration_values(const struct calibration_result *calibration,
		       struct study_values *values);

/* As it stands in a record; a new reference, NULL: out of memory. */
json_t *calibration_object(const struct calibration_result *calibration);

/* What such an object says. 0, -EINVAL: it is none; or -ENOMEM.
 * calibration_free() is due in any case. */
int calibration_read(const json_t *object,
		     struct calibration_result *calibration);
void calibration_free(struct calibration_result *calibration);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Interference: what the probes before and after a round tell of load that is
 * not the run's own.
 */
#ifndef BREAKEVEN_ANALYSIS_DISTURBED_ROUNDS_H
#define BREAKEVEN_ANALYSIS_DISTURBED_ROUNDS_H

#include "results/record.h"

#include <stdbool.h>

/* A round is disturbed if a probe before or after it took so many times as long
 * as the median probe of the record. */
#define DISTURBED_FACTOR 1.25

/* How long the probe of an undisturbed round may take, in ns; infinite if there
 * are no probes. 0 or -ENOMEM. */
int disturbed_rounds_find_limit(const struct record *record,
				double *longest_ns);

/* Was this round disturbed, where no probe may take longer than that? */
bool disturbed_rounds_is(const struct block *block, size_t round,
			 double longest_ns);

/* How many rounds of the record were. */
size_t disturbed_rounds_count(const struct record *record, double longest_ns);

#endif

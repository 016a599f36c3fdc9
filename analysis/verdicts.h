/* SPDX-License-Identifier: MIT */
/*
 * What a run concludes, written into its record for `breakeven history`.
 * Reports compute it anew.
 */
#ifndef BREAKEVEN_ANALYSIS_VERDICTS_H
#define BREAKEVEN_ANALYSIS_VERDICTS_H

#include "results/record.h"

/*
 * Put a verdict for each break-even size, and whether the run can be trusted.
 * These are the last lines before the end of a whole run, and are judged as if
 * that end were there already: the next line is to be record_put_end() with
 * `complete`. 0, or -errno of the record.
 */
int verdicts_put(struct record *record);

#endif

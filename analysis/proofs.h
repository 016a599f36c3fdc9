/* SPDX-License-Identifier: MIT */
/*
 * What a table proves. Its reader looks at all of its cells, so they share one
 * error rate: of tables without any difference, at most one of twenty has a
 * cell that is called faster or slower.
 *
 * A table is what is compared with one base under one kernel, in one placement.
 * The cells of the first pass are one family of comparisons, and those that the
 * search added, of fresh generations at sizes of its choice, another one.
 *
 * A run may look at its grid several times, and measure more of what is open:
 * its plan names the generations after which it does. Then the first look may
 * spend half of the rate, and the others share the rest. What a look has proven
 * stays proven, unless the 95 % interval of all generations, which is printed
 * beside it, says otherwise.
 */
#ifndef BREAKEVEN_ANALYSIS_PROOFS_H
#define BREAKEVEN_ANALYSIS_PROOFS_H

#include "analysis/draft.h"

/* Of the error rate, what the first look may spend. */
#define PROOFS_FIRST_LOOK 0.5

/* Fill the proofs and the verdicts of the drafts that have samples. 0 or
 * -ENOMEM. */
int proofs_judge(struct drafts *drafts);

#endif

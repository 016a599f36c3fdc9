/* SPDX-License-Identifier: MIT */
/*
 * What runners cost over loops that were written for them by hand.
 */
#ifndef BREAKEVEN_ANALYSIS_CONTROLS_H
#define BREAKEVEN_ANALYSIS_CONTROLS_H

#include "analysis/findings.h"

/* Fill findings->controls from the record. 0 or -ENOMEM. */
int controls_judge(struct findings *findings, const struct record *record);

#endif

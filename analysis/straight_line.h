/* SPDX-License-Identifier: MIT */
/*
 * What straight lines through the times would say of a break-even size.
 */
#ifndef BREAKEVEN_ANALYSIS_STRAIGHT_LINE_H
#define BREAKEVEN_ANALYSIS_STRAIGHT_LINE_H

#include "analysis/findings.h"

/* Fill `model` of all crossings that have a break-even size. 0 or -ENOMEM. */
int model_judge(struct findings *findings, const struct record *record);

#endif

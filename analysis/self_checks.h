/* SPDX-License-Identifier: MIT */
/*
 * The self-checks of a run, judged.
 */
#ifndef BREAKEVEN_ANALYSIS_SELF_CHECKS_H
#define BREAKEVEN_ANALYSIS_SELF_CHECKS_H

#include "analysis/findings.h"

/* Fill findings->checks, without rounds whose probe took longer than that. 0 or
 * -ENOMEM. */
int self_checks_judge(struct findings *findings, const struct record *record,
		      double longest_ns);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Whether findings can be trusted, by its self-checks.
 */
#ifndef BREAKEVEN_ANALYSIS_TRUST_H
#define BREAKEVEN_ANALYSIS_TRUST_H

#include "analysis/findings.h"

/* Fill complete, trusted and the reasons. 0 or -ENOMEM. */
int trust_judge(struct findings *findings, const struct record *record);

#endif

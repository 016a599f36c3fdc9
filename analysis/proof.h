/* SPDX-License-Identifier: MIT */
/*
 * What the record proves of itself.
 */
#ifndef BREAKEVEN_ANALYSIS_PROOF_H
#define BREAKEVEN_ANALYSIS_PROOF_H

#include "analysis/findings.h"

/* Fill findings->proof, without rounds whose probe took longer than that. 0 or
 * -ENOMEM. */
int proof_judge(struct findings *findings, const struct record *record,
		double longest_ns);

#endif

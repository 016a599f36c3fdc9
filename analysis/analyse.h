/* SPDX-License-Identifier: MIT */
/*
 * The analysis of a record, from its samples to its findings.
 */
#ifndef BREAKEVEN_ANALYSIS_ANALYSE_H
#define BREAKEVEN_ANALYSIS_ANALYSE_H

#include "analysis/findings.h"

/*
 * Analyse. NULL: out of memory; findings_free() frees them. The record must
 * outlive the findings. Kernels and runners stand in the order of the record's
 * header.
 */
struct findings *findings_make(const struct record *record);

#endif

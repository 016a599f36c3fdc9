/* SPDX-License-Identifier: MIT */
/*
 * What a calibration found, for people and for programs.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_CALIBRATION_TEXT_H
#define BREAKEVEN_BENCH_COMMANDS_CALIBRATION_TEXT_H

#include "bench/studies/calibrate.h"
#include "report/doc/style.h"

/* On standard output, which the caller flushes. 0 or -errno. */
int calibration_table(const struct calibration_study *calibration,
		      enum doc_form form);
int calibration_json(const struct calibration_study *calibration);

#endif

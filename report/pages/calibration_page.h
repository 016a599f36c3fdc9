/* SPDX-License-Identifier: MIT */
/*
 * The table and the JSON of `breakeven calibrate`.
 */
#ifndef BREAKEVEN_REPORT_PAGES_CALIBRATION_PAGE_H
#define BREAKEVEN_REPORT_PAGES_CALIBRATION_PAGE_H

#include "analysis/studies/calibration_result.h"
#include "report/doc/style.h"

#include <stdio.h>

/* 0, or -ENOMEM. What is written is flushed by the caller. `header` is that of
 * the record, which says when and where. */
int calibration_table(const struct calibration_result *calibration, FILE *out,
		      const struct report_style *style);
int calibration_json(const struct calibration_result *calibration,
		     const json_t *header, FILE *out);

#endif

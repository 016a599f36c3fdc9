/* SPDX-License-Identifier: MIT */
/*
 * The charts of a record, each in a file of its own in a folder, which is made.
 * 0 or -errno, with `error` filled.
 */
#ifndef BREAKEVEN_REPORT_CHART_PLOTS_H
#define BREAKEVEN_REPORT_CHART_PLOTS_H

#include "analysis/findings.h"
#include "report/doc/style.h"

enum { PLOTS_ERROR_MAX = 512 };

int svg_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[PLOTS_ERROR_MAX]);
int png_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[PLOTS_ERROR_MAX]);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Predicted break-even sizes: a table for each kernel, a row for each number of
 * workers, a column for each runner.
 */
#ifndef BREAKEVEN_REPORT_PAGES_PREDICTION_PAGE_H
#define BREAKEVEN_REPORT_PAGES_PREDICTION_PAGE_H

#include "analysis/prediction.h"
#include "report/doc/style.h"

#include <stdio.h>

struct prediction_page {
	struct prediction_question asked;
	struct predictions predictions;	   /* at least one */
	double run_trip_ns, parts_trip_ns; /* NaN: not known */
};

/* 0 or -errno of the stream. */
int prediction_write(FILE *out, const struct prediction_page *page,
		     const struct report_style *style);
int prediction_json_write(FILE *out, const struct prediction_page *page);

#endif

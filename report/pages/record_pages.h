/* SPDX-License-Identifier: MIT */
/*
 * A record, whole, for people: for the table in report.c. Each returns 0, or
 * -errno of the stream.
 */
#ifndef BREAKEVEN_REPORT_PAGES_RECORD_PAGES_H
#define BREAKEVEN_REPORT_PAGES_RECORD_PAGES_H

#include "analysis/findings.h"
#include "report/doc/style.h"

int table_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style);
int markdown_write(FILE *out, const struct record *record,
		   const struct findings *findings,
		   const struct report_style *style);
int html_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);
int roof_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);

int scale_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style);

int roof_json_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style);

#endif

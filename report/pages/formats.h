/* SPDX-License-Identifier: MIT */
/*
 * The formats, for the table in report.c.
 */
#ifndef BREAKEVEN_REPORT_PAGES_FORMATS_H
#define BREAKEVEN_REPORT_PAGES_FORMATS_H

#include "report/pages/report.h"

int table_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style);
int markdown_write(FILE *out, const struct record *record,
		   const struct findings *findings,
		   const struct report_style *style);
int csv_write(FILE *out, const struct record *record,
	      const struct findings *findings,
	      const struct report_style *style);
int json_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);

size_t header_unknown(const struct findings *findings);
int header_write(FILE *out, const struct record *record,
		 const struct findings *findings,
		 const struct report_style *style);
int benchmark_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style);
int html_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);

int svg_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[REPORT_ERROR_MAX]);
int png_write(const char *folder, const struct record *record,
	      const struct findings *findings, const struct report_style *style,
	      char error[REPORT_ERROR_MAX]);

int roof_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style);
int roof_json_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style);

/* Flush. 0, or -errno if anything written before did not get through. */
int report_flush(FILE *out);

#endif

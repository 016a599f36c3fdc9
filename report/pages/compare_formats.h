/* SPDX-License-Identifier: MIT */
/*
 * The formats of comparisons, for the table in compare_formats.c.
 */
#ifndef BREAKEVEN_REPORT_PAGES_COMPARE_FORMATS_H
#define BREAKEVEN_REPORT_PAGES_COMPARE_FORMATS_H

#include "analysis/compare.h"

int compare_table_write(FILE *out, const struct comparison *comparison,
			const struct compare_limits *limits,
			const struct report_style *style);
int compare_markdown_write(FILE *out, const struct comparison *comparison,
			   const struct compare_limits *limits,
			   const struct report_style *style);
int compare_json_write(FILE *out, const struct comparison *comparison,
		       const struct compare_limits *limits,
		       const struct report_style *style);

#endif

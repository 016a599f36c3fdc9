/* SPDX-License-Identifier: MIT */
/*
 * How a comparison is written, and its formats for people.
 */
#ifndef BREAKEVEN_REPORT_PAGES_COMPARE_FORMATS_H
#define BREAKEVEN_REPORT_PAGES_COMPARE_FORMATS_H

#include "analysis/compare/compare.h"
#include "report/doc/style.h"

/* Of A with each other one, one after the other: by style->index. */
struct compare_format {
	const char *name, *summary;
	int form; /* an enum doc_form; < 0: JSON */
	/* 0 or -errno of the stream. */
	int (*write)(FILE *out, const struct comparison *comparison,
		     const struct compare_limits *limits,
		     const struct report_style *style);
};

/* Ends with name == NULL. */
extern const struct compare_format compare_formats[];
const struct compare_format *compare_find_format(const char *name);

int compare_table_write(FILE *out, const struct comparison *comparison,
			const struct compare_limits *limits,
			const struct report_style *style);
int compare_markdown_write(FILE *out, const struct comparison *comparison,
			   const struct compare_limits *limits,
			   const struct report_style *style);
int compare_html_write(FILE *out, const struct comparison *comparison,
		       const struct compare_limits *limits,
		       const struct report_style *style);

#endif

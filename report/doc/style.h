/* SPDX-License-Identifier: MIT */
/*
 * What a page is written for: a terminal of some width, or a file.
 */
#ifndef BREAKEVEN_REPORT_DOC_STYLE_H
#define BREAKEVEN_REPORT_DOC_STYLE_H

#include <stdbool.h>
#include <stdio.h>

enum doc_form { DOC_TERMINAL, DOC_MARKDOWN, DOC_HTML };

/* How much of a report is written. */
enum report_detail {
	STYLE_USUAL,
	STYLE_BRIEF, /* the answer alone */
	STYLE_ALL,   /* method, proofs and what is rare, too */
};

struct report_style {
	enum doc_form form;
	enum report_detail detail;
	bool colour;	  /* the terminal shows it and NO_COLOR is not set */
	bool utf8;	  /* the locale can; else plain ASCII */
	unsigned columns; /* width to keep within, at least 60 */
	/* A report may be of several records, told one after another. */
	unsigned index; /* which of them this is, from 0 */
	unsigned count; /* of all */
};

/* Is this the first record of the report, the last one? */
bool report_begins(const struct report_style *style);
bool report_ends(const struct report_style *style);

/* Flush. 0, or -errno if anything written before did not get through. */
int report_flush(FILE *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How findings are told. A format is one file and one line of the table in
 * report.c.
 */
#ifndef BREAKEVEN_REPORT_PAGES_REPORT_H
#define BREAKEVEN_REPORT_PAGES_REPORT_H

#include "analysis/findings.h"

#include <stdio.h>

struct report_style {
	bool colour;	  /* the terminal shows it and NO_COLOR is not set */
	bool utf8;	  /* the locale can; else plain ASCII */
	unsigned columns; /* width to keep within, at least 60 */
	/* A report may be of several records, told one after another. */
	unsigned index; /* which of them this is, from 0 */
	unsigned count; /* of all */
};

enum { REPORT_ERROR_MAX = 512 };

struct report_format {
	const char *name; /* "table" */
	const char *summary;
	/* Write to `out`; 0 or -errno of the stream. */
	int (*write)(FILE *out, const struct record *record,
		     const struct findings *findings,
		     const struct report_style *style);
	/* Or, where that is NULL, into files of their own in a folder, which is
	 * made. 0 or -errno, with `error` filled. */
	int (*write_files)(const char *folder, const struct record *record,
			   const struct findings *findings,
			   const struct report_style *style,
			   char error[REPORT_ERROR_MAX]);
	bool single; /* it can tell one record only */
	/* How many of the numbers that a program takes from it are not known;
	 * NULL: it is for those who see that. */
	size_t (*unknown)(const struct findings *findings);
};

/* Ends with name == NULL. */
extern const struct report_format report_formats[];

const struct report_format *report_find(const char *name);

/* Their names, as "table, markdown, csv", cut to `size`. */
void report_names(char *text, size_t size);

/* Is this the first record of the report, the last one? */
bool report_begins(const struct report_style *style);
bool report_ends(const struct report_style *style);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How findings are told. A format is one file and one line of the table in
 * report.c.
 */
#ifndef BREAKEVEN_REPORT_PAGES_REPORT_H
#define BREAKEVEN_REPORT_PAGES_REPORT_H

#include "analysis/findings.h"
#include "report/chart/plots.h"
#include "report/doc/style.h"

#include <stdio.h>

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
			   char error[PLOTS_ERROR_MAX]);
	bool single; /* it can tell one record only */
	bool object; /* it is a JSON object: of several records, an array */
	int study;   /* what it makes of the record of a study: an enum
			study_form; < 0: nothing */
	int form;    /* of its page: an enum doc_form */
	/* How many of the numbers that a program takes from it are not known;
	 * NULL: a reader sees that. */
	size_t (*unknown)(const struct findings *findings);
};

/* Ends with name == NULL. */
extern const struct report_format report_formats[];

const struct report_format *report_find(const char *name);

/* Their names, as "table, markdown, csv", cut to `size`. */
void report_names(char *text, size_t size);

#endif

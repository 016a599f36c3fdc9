/* SPDX-License-Identifier: MIT */
/*
 * Records of many machines in one table: a row for each, a column for each
 * quantity. Machines have letters; their names are told only if that is wished.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SURVEY_PAGE_H
#define BREAKEVEN_REPORT_PAGES_SURVEY_PAGE_H

#include "analysis/findings.h"
#include "report/doc/style.h"

#include <stdio.h>

struct survey_run {
	const char *path;
	struct record *record;
	struct findings *findings;
};

struct survey {
	size_t count;
	struct survey_run *runs;
	const char *kernel, *runner; /* only these; NULL: all */
	bool named;		     /* tell names of hosts, and of files */
};

/* Has any of them what was asked for? */
bool survey_has_any(const struct survey *survey);

/* 0 or -errno of the stream. */
int survey_write(FILE *out, const struct survey *survey,
		 const struct report_style *style);
int survey_json_write(FILE *out, const struct survey *survey);

#endif

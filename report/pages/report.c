/* SPDX-License-Identifier: MIT */
#include "report/pages/report.h"

#include "report/chart/plots.h"
#include "report/export/export.h"
#include "report/pages/record_pages.h"

#include <stdio.h>
#include <string.h>

const struct report_format report_formats[] = {
	{"table", "for people, in a terminal", table_write, NULL, false, NULL},
	{"markdown", "the same, for an issue or a page", markdown_write, NULL,
	 false, NULL},
	{"html", "a page with charts, in one file", html_write, NULL, false,
	 NULL},
	{"svg", "the charts alone, as files in a folder", NULL, svg_write,
	 false, NULL},
	{"png", "the same, for slides", NULL, png_write, false, NULL},
	{"csv", "a row for each cell, for spreadsheets", csv_write, NULL, false,
	 NULL},
	{"json", "one object, for programs", json_write, NULL, false, NULL},
	{"header", "thresholds, for C and C++", header_write, NULL, true,
	 header_unknown},
	{"benchmark", "google-benchmark's JSON, for its compare.py",
	 benchmark_write, NULL, true, NULL},
	{"roof", "memory speed beside its ceiling", roof_write, NULL, false,
	 NULL},
	{"roof-json", "the same, for programs", roof_json_write, NULL, false,
	 NULL},
	{NULL, NULL, NULL, NULL, false, NULL},
};

const struct report_format *report_find(const char *name)
{
	for (const struct report_format *f = report_formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

void report_names(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (const struct report_format *f = report_formats; f->name; f++) {
		if (used < size)
			snprintf(text + used, size - used, "%s%s",
				 used ? ", " : "", f->name);
		used = strlen(text);
	}
}

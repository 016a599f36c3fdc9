/* SPDX-License-Identifier: MIT */
#include "report/pages/report.h"

#include "report/chart/plots.h"
#include "report/export/export.h"
#include "report/pages/record_pages.h"
#include "report/pages/study_page.h"

#include <stdio.h>
#include <string.h>

const struct report_format report_formats[] = {
	{.name = "table",
	 .summary = "for people, in a terminal",
	 .write = table_write,
	 .study = STUDY_PAGE,
	 .form = DOC_TERMINAL},
	{.name = "markdown",
	 .summary = "the same, for an issue or a page",
	 .write = markdown_write,
	 .study = STUDY_PAGE,
	 .form = DOC_MARKDOWN},
	{.name = "html",
	 .summary = "a page with charts, in one file",
	 .write = html_write,
	 .study = STUDY_PAGE,
	 .form = DOC_HTML},
	{.name = "svg",
	 .summary = "the charts alone, as files in a folder",
	 .write_files = svg_write,
	 .study = -1},
	{.name = "png",
	 .summary = "the same, for slides",
	 .write_files = png_write,
	 .study = -1},
	{.name = "csv",
	 .summary = "a row for each cell, for spreadsheets",
	 .write = csv_write,
	 .study = STUDY_CSV},
	{.name = "json",
	 .summary = "an object for each record, for programs",
	 .write = json_write,
	 .object = true,
	 .study = STUDY_JSON},
	{.name = "header",
	 .summary = "thresholds, for C and C++",
	 .write = header_write,
	 .single = true,
	 .unknown = header_unknown,
	 .study = -1},
	{.name = "benchmark",
	 .summary = "google-benchmark's JSON, for its compare.py",
	 .write = benchmark_write,
	 .single = true,
	 .study = -1},
	{.name = "roof",
	 .summary = "memory speed beside its ceiling",
	 .write = roof_write,
	 .study = -1},
	{.name = "roof-html",
	 .summary = "the same, as a page",
	 .write = roof_write,
	 .study = -1,
	 .form = DOC_HTML},
	{.name = "roof-json",
	 .summary = "the same, for programs",
	 .write = roof_json_write,
	 .object = true,
	 .study = -1},
	{.name = "scale",
	 .summary = "how many workers are best",
	 .write = scale_write,
	 .study = -1},
	{.name = "scale-html",
	 .summary = "the same, a page with charts",
	 .write = scale_write,
	 .study = -1,
	 .form = DOC_HTML},
	{.name = "scale-json",
	 .summary = "the same, for programs",
	 .write = scale_json_write,
	 .object = true,
	 .study = -1},
	{.name = NULL},
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

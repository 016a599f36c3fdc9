/* SPDX-License-Identifier: MIT */
#include "report/pages/compare_formats.h"

#include "report/export/export.h"

#include <string.h>

const struct compare_format compare_formats[] = {
	{"table", "for people, in a terminal", DOC_TERMINAL,
	 compare_table_write},
	{"markdown", "the same, for an issue or a page", DOC_MARKDOWN,
	 compare_markdown_write},
	{"html", "the same, as a page in one file", DOC_HTML,
	 compare_html_write},
	{"json", "an array of one object for each, for programs", -1,
	 compare_json_write},
	{NULL, NULL, 0, NULL},
};

const struct compare_format *compare_find_format(const char *name)
{
	for (const struct compare_format *f = compare_formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

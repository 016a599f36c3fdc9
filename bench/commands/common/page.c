/* SPDX-License-Identifier: MIT */
#include "bench/commands/common/page.h"

#include "analysis/analyse.h"
#include "bench/cli/terminal.h"
#include "report/pages/report.h"
#include "results/atomic_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *beside(const char *record_path)
{
	static const char ending[] = ".jsonl";
	size_t length = strlen(record_path);
	char *path;

	if (length > strlen(ending) &&
	    strcmp(record_path + length - strlen(ending), ending) == 0)
		length -= strlen(ending);
	return asprintf(&path, "%.*s.html", (int)length, record_path) < 0
		       ? NULL
		       : path;
}

static int write_page(const struct record *record, const char *path)
{
	struct findings *findings = findings_make(record);
	struct report_style style;
	struct atomic_file file;
	int rc = findings ? atomic_file_begin(&file, path) : -ENOMEM;

	if (rc == 0) {
		terminal_style(&style);
		rc = report_find("html")->write(file.file, record, findings,
						&style);
		if (rc == 0)
			rc = atomic_file_commit(&file);
		else
			atomic_file_discard(&file);
	}
	findings_free(findings);
	return rc;
}

static void tell_address(const char *path)
{
	char *whole = realpath(path, NULL);

	fputs("the page is file://", stderr);
	for (const char *c = whole ? whole : path; *c; c++)
		if (isalnum((unsigned char)*c) || strchr("/._-+~", *c))
			fputc(*c, stderr);
		else
			fprintf(stderr, "%%%02X", (unsigned char)*c);
	fputc('\n', stderr);
	free(whole);
}

int page_write(const struct record *record, const char *record_path,
	       const char *path)
{
	char *ours = path ? strdup(path) : beside(record_path);
	int rc = ours ? write_page(record, ours) : -ENOMEM;

	if (rc == 0)
		tell_address(ours);
	else
		fprintf(stderr,
			"breakeven: the page %s cannot be written: %s\n",
			ours ? ours : "", strerror(-rc));
	free(ours);
	return rc ? 1 : 0;
}

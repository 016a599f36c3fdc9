/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "report/doc/text.h"
#include "report/lessons/class_page.h"
#include "report/pages/report.h"
#include "report/pages/study_page.h"
#include "results/atomic_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exit status: it was written, and not all of its numbers are known. */
enum { UNKNOWN = 3 };

struct report_options {
	int format;	 /* an index of report_formats */
	const char *out; /* NULL: standard output */
	struct cli_files files;
	struct cli_detail detail;
};

static const char *format_name(size_t i)
{
	return report_formats[i].name;
}

#define AT(field) offsetof(struct report_options, field)

static const struct cli_option report_options[] = {
	{NULL, 0, OPT_FILES(1), AT(files), "FILE...",
	 "a record, as in `breakeven report results/runs/FILE.jsonl`"},
	{"format", 'f', OPT_CHOICE_AT(format_name), AT(format), "FORMAT",
	 "Output format (default table)"},
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE",
	 "Output file (default: standard output; written whole, or not at "
	 "all)"},
	CLI_ROW_DETAIL(struct report_options, detail),
	CLI_ROW_END,
};

static const char *check_options(const struct cli_parse *parse, void *data)
{
	const struct report_options *options = data;
	const struct report_format *format = &report_formats[options->format];

	(void)parse;
	if (!format->write && !options->out)
		return "this format makes several files: name a folder for "
		       "them, as in -o charts";
	if (format->single && options->files.count > 1)
		return "this format tells one record only: name one file";
	return NULL;
}

static void put_formats(FILE *out)
{
	fputs("\nFormats:\n", out);
	for (const struct report_format *f = report_formats; f->name; f++)
		fprintf(out, "  %-10s %s\n", f->name, f->summary);
}

static const struct cli_example report_examples[] = {
	{"breakeven report results/runs/*.jsonl", "The tables of all runs."},
	{"breakeven report -f html -o report.html results/runs/*.jsonl",
	 "A page with charts, in one file."},
	{NULL, NULL},
};

/* A record, and where it was. */
struct report_source {
	const char *path;
	struct record *record;
};

static void complain(const char *path, const char *why)
{
	fprintf(stderr, "breakeven report: %s%s%s\n", path, *path ? ": " : "",
		why);
}

/* A study is told whole or not at all. False: told why. */
static bool can_tell(const struct report_source *source)
{
	int rc = source->record->study ? study_check(source->record) : 0;

	if (rc)
		complain(source->path,
			 rc == -ENOMEM
				 ? "out of memory"
				 : "it was cut off before its end, or is of "
				   "another version");
	return rc == 0;
}

/* All that can be told; what cannot is told why. Returns how many. */
static unsigned read_all(const struct report_options *options,
			 struct report_source *sources)
{
	char error[ERROR_TEXT_MAX];
	unsigned count = 0;

	for (int i = 0; i < options->files.count; i++) {
		struct report_source *source = &sources[count];

		source->path = options->files.at[i];
		if (record_read(source->path, &source->record, error))
			complain("", error);
		else if (can_tell(source))
			count++;
		else
			record_free(source->record);
	}
	return count;
}

static int write_run(const struct report_options *options,
		     const struct record *record, FILE *out,
		     const struct report_style *style, size_t *unknown,
		     char error[PLOTS_ERROR_MAX])
{
	const struct report_format *format = &report_formats[options->format];
	struct findings *findings = findings_make(record);
	int rc = -ENOMEM;

	if (findings)
		rc = format->write
			     ? format->write(out, record, findings, style)
			     : format->write_files(options->out, record,
						   findings, style, error);
	if (rc == 0 && format->unknown)
		*unknown += format->unknown(findings);
	findings_free(findings);
	return rc;
}

/* Labs are told side by side: a class. */
static bool is_class(const struct report_source *sources, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!sources[i].record->study ||
		    strcmp(sources[i].record->study, "lab") != 0)
			return false;
	return count > 1;
}

static int write_class(const struct report_source *sources, unsigned count,
		       FILE *out, struct report_style *style)
{
	struct class class = {.count = 0};
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < count; i++)
		rc = class_add(&class, sources[i].record);
	style->count = 1;
	if (rc == 0)
		rc = class_write(&class, out, style);
	class_free(&class);
	return rc;
}

/* One record after the other, to `out` or, where the format has files of its
 * own, to the folder. */
static int write_all(const struct report_options *options,
		     const struct report_source *sources, unsigned count,
		     FILE *out, size_t *unknown, char error[PLOTS_ERROR_MAX])
{
	const struct report_format *format = &report_formats[options->format];
	bool array = format->object && options->files.count > 1;
	struct report_style style;
	int rc = 0;

	terminal_style(&style);
	style.form = (enum doc_form)format->form;
	style.count = count;
	style.detail = cli_detail(&options->detail);
	if (format->study == STUDY_PAGE && is_class(sources, count))
		return write_class(sources, count, out, &style);
	for (; rc == 0 && style.index < count; style.index++) {
		const struct record *record = sources[style.index].record;

		if (array)
			fputs(report_begins(&style) ? "[" : ",", out);
		rc = record->study ? study_write(record,
						 (enum study_form)format->study,
						 out, &style)
				   : write_run(options, record, out, &style,
					       unknown, error);
	}
	if (array)
		fputs("]\n", out);
	return rc;
}

/* Can the format tell of all of them? Told, where it cannot. */
static bool formats_all(const struct report_options *options,
			const struct report_source *sources, unsigned count)
{
	const struct report_format *format = &report_formats[options->format];
	unsigned studies = 0;

	for (unsigned i = 0; i < count; i++) {
		const char *study = sources[i].record->study;

		studies += study != NULL;
		if (!study || format->study >= 0)
			continue;
		fprintf(stderr,
			"breakeven report: %s: a record of `breakeven %s` has "
			"no %s: ask for table, markdown, html, csv or json\n",
			sources[i].path, study, format->name);
		return false;
	}
	if (format->study != STUDY_CSV || studies == 0 || studies == count)
		return true;
	fprintf(stderr, "breakeven report: these records have different "
			"columns: name those of `bench` apart from others\n");
	return false;
}

static int tell_unknown(size_t count)
{
	if (count == 0)
		return 0;
	fprintf(stderr,
		"breakeven report: %zu threshold%s not known (_KNOWN is 0): "
		"measure again with more --budget, and without --rounds\n",
		count, count == 1 ? " is" : "s are");
	return UNKNOWN;
}

/* Nothing is left under the name of a report that lacks what it was asked
 * for. Returns the exit status. */
static int write_report(const struct report_options *options,
			const struct report_source *sources, unsigned count)
{
	char error[PLOTS_ERROR_MAX] = "";
	struct atomic_file out;
	size_t unknown = 0;
	int rc;

	if (!report_formats[options->format].write) {
		rc = write_all(options, sources, count, NULL, &unknown, error);
	} else {
		rc = atomic_file_begin(&out, options->out);
		if (rc == 0) {
			rc = write_all(options, sources, count, out.file,
				       &unknown, error);
			if (rc == 0)
				rc = atomic_file_commit(&out);
			else
				atomic_file_discard(&out);
		}
	}
	if (rc && error[0])
		fprintf(stderr, "breakeven report: %s\n", error);
	else if (rc)
		fprintf(stderr, "breakeven report: %s cannot be written: %s\n",
			options->out ? options->out : "standard output",
			strerror(-rc));
	return rc ? 1 : tell_unknown(unknown);
}

static int tell(const struct report_options *options,
		struct report_source *sources)
{
	unsigned count = read_all(options, sources);
	int status = (int)count < options->files.count, told;

	if (count > 0 && !(status && options->out)) {
		told = formats_all(options, sources, count)
			       ? write_report(options, sources, count)
			       : 2;
		status = told ? told : status;
	}
	for (unsigned i = 0; i < count; i++)
		record_free(sources[i].record);
	return status;
}

static int cmd_report(int argc, char **argv)
{
	struct report_options options = {.out = NULL};
	int status = cli_parse(&command_report, argc, argv, &options);
	struct report_source *sources;

	if (status != CLI_GO)
		return status;
	sources = calloc((size_t)options.files.count, sizeof(*sources));
	if (!sources) {
		complain("", "out of memory");
		return 1;
	}
	status = tell(&options, sources);
	free(sources);
	return status;
}

const struct cli_command command_report = {
	.name = "report",
	.summary = "print the tables of earlier runs",
	.doc = "Print what records say, one after the other. All is computed "
	       "from the record alone. Exit status: 0; 1 when a record cannot "
	       "be read or the report not be written; 2 for wrong use; 3 when "
	       "a header lacks a threshold because it is not known.",
	.options = report_options,
	.examples = report_examples,
	.check = check_options,
	.help = put_formats,
	.run = cmd_report,
};

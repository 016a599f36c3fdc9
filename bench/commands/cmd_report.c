/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "report/doc/text.h"
#include "report/pages/report.h"
#include "results/whole_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exit status: it was written, and not all of its numbers are known. */
enum { UNKNOWN = 3 };

struct report_wishes {
	const struct report_format *format;
	const char *out; /* NULL: standard output */
	char **files;
	int nfiles;
};

static const struct argp_option report_options[] = {
	{"format", 'f', "FORMAT", 0, "How to tell it (default table)", 0},
	{"output", 'o', "FILE", 0,
	 "Where to (default: standard output); it is there whole, or not at "
	 "all",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_format(struct argp_state *state, const char *text,
			    const struct report_format **format)
{
	char names[256];

	*format = report_find(text);
	if (*format)
		return 0;
	report_names(names, sizeof(names));
	argp_error(state, "--format takes one of %s; not '%s'", names, text);
	return EINVAL;
}

static error_t report_parse(int key, char *arg, struct argp_state *state)
{
	struct report_wishes *wishes = state->input;

	switch (key) {
	case 'f':
		return parse_format(state, arg, &wishes->format);
	case 'o':
		wishes->out = arg;
		return 0;
	case ARGP_KEY_ARGS:
		wishes->files = state->argv + state->next;
		wishes->nfiles = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a record, as in `breakeven report "
				  "results/runs/FILE.jsonl`");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Behind the options, the formats. */
static char *report_help(int key, const char *text, void *input)
{
	struct draft_text draft;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return text ? strdup(text) : NULL;
	if (!text_begin(&draft))
		return NULL;
	fputs("Formats:\n", draft.file);
	for (const struct report_format *f = report_formats; f->name; f++)
		fprintf(draft.file, "  %-10s %s\n", f->name, f->summary);
	return text_end(&draft);
}

static const struct argp report_argp = {
	.options = report_options,
	.parser = report_parse,
	.args_doc = "FILE...",
	.doc = "Print what records say, one after the other. All is computed "
	       "from the record alone. Exit status: 0; 1 when a record cannot "
	       "be read or the report not be written; 2 for wrong use; 3 when "
	       "a header lacks a threshold because it is not known.",
	.help_filter = report_help,
};

/* All that can be read; what cannot is told. Returns how many. */
static unsigned read_all(const struct report_wishes *wishes,
			 struct record **records)
{
	char error[RECORD_ERROR_MAX];
	unsigned count = 0;

	for (int i = 0; i < wishes->nfiles; i++)
		if (record_read(wishes->files[i], &records[count], error) == 0)
			count++;
		else
			fprintf(stderr, "breakeven report: %s\n", error);
	return count;
}

/* One record after the other, to `out` or, where the format has files of its
 * own, to the folder. */
static int write_all(const struct report_wishes *wishes,
		     struct record **records, unsigned count, FILE *out,
		     size_t *unknown, char error[PLOTS_ERROR_MAX])
{
	const struct report_format *format = wishes->format;
	struct report_style style;
	int rc = 0;

	terminal_style(&style);
	style.count = count;
	for (; rc == 0 && style.index < count; style.index++) {
		const struct record *record = records[style.index];
		struct findings *findings = findings_make(record);

		rc = -ENOMEM;
		if (findings)
			rc = format->write
				     ? format->write(out, record, findings,
						     &style)
				     : format->write_files(wishes->out, record,
							   findings, &style,
							   error);
		if (rc == 0 && format->unknown)
			*unknown += format->unknown(findings);
		findings_free(findings);
	}
	return rc;
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
static int write_report(const struct report_wishes *wishes,
			struct record **records, unsigned count)
{
	char error[PLOTS_ERROR_MAX] = "";
	struct whole_file out;
	size_t unknown = 0;
	int rc;

	if (!wishes->format->write) {
		rc = write_all(wishes, records, count, NULL, &unknown, error);
	} else {
		rc = whole_begin(&out, wishes->out);
		if (rc == 0) {
			rc = write_all(wishes, records, count, out.file,
				       &unknown, error);
			if (rc == 0)
				rc = whole_end(&out);
			else
				whole_drop(&out);
		}
	}
	if (rc && error[0])
		fprintf(stderr, "breakeven report: %s\n", error);
	else if (rc)
		fprintf(stderr, "breakeven report: %s cannot be written: %s\n",
			wishes->out ? wishes->out : "standard output",
			strerror(-rc));
	return rc ? 1 : tell_unknown(unknown);
}

/* 0, or the exit status. */
static int check_wishes(const struct report_wishes *wishes)
{
	const char *why = NULL;

	if (!wishes->format->write && !wishes->out)
		why = "makes several files: name a folder for them, as in -o "
		      "charts";
	else if (wishes->format->single && wishes->nfiles > 1)
		why = "tells one record only: name one file";
	if (!why)
		return 0;
	fprintf(stderr, "breakeven report: %s %s\n", wishes->format->name, why);
	return 2;
}

int cmd_report(int argc, char **argv)
{
	struct report_wishes wishes = {.format = report_formats};
	int status = usage_parse(&report_argp, argc, argv, &wishes);
	struct record **records;
	unsigned count;

	if (status)
		return usage_status(status);
	status = check_wishes(&wishes);
	if (status)
		return status;
	records = calloc((size_t)wishes.nfiles, sizeof(struct record *));
	if (!records) {
		fprintf(stderr, "breakeven report: out of memory\n");
		return 1;
	}
	count = read_all(&wishes, records);
	status = (int)count < wishes.nfiles;
	if (count > 0 && !(status && wishes.out))
		status |= write_report(&wishes, records, count);
	for (unsigned i = 0; i < count; i++)
		record_free(records[i]);
	free(records);
	return status;
}

/* SPDX-License-Identifier: MIT */
#include "bench/commands.h"
#include "bench/terminal.h"
#include "bench/usage.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report_wishes {
	const char *format;
	char **files;
	int nfiles;
};

static const struct argp_option report_options[] = {
	{"format", 'f', "FORMAT", 0,
	 "table (default), csv, markdown, json; roof and roof-json, of records "
	 "of `breakeven roof`",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t report_parse(int key, char *arg, struct argp_state *state)
{
	struct report_wishes *wishes = state->input;

	switch (key) {
	case 'f':
		wishes->format = arg;
		if (report_find(arg))
			return 0;
		argp_error(state,
			   "--format takes table, csv, markdown, json, roof or "
			   "roof-json, not '%s'",
			   arg);
		return EINVAL;
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

static const struct argp report_argp = {
	.options = report_options,
	.parser = report_parse,
	.args_doc = "FILE...",
	.doc = "Print what records say, one after the other. All is computed "
	       "from the record alone.",
};

static int report_one(const char *path, const struct report_format *format)
{
	char error[RECORD_ERROR_MAX];
	struct findings *findings;
	struct report_style style;
	struct record *record;
	int rc = record_read(path, &record, error);

	if (rc < 0) {
		fprintf(stderr, "breakeven report: %s\n", error);
		return -1;
	}
	findings = findings_of(record);
	terminal_style(&style);
	rc = findings ? format->write(stdout, record, findings, &style)
		      : -ENOMEM;
	findings_free(findings);
	record_free(record);
	/* What cannot be written is told at the end, once. */
	if (rc < 0 && !ferror(stdout))
		fprintf(stderr, "breakeven report: %s: %s\n", path,
			strerror(-rc));
	return rc;
}

int cmd_report(int argc, char **argv)
{
	struct report_wishes wishes = {.format = "table"};
	int status = usage_parse(&report_argp, argc, argv, &wishes);

	if (status)
		return usage_status(status);
	for (int i = 0; i < wishes.nfiles; i++)
		if (report_one(wishes.files[i], report_find(wishes.format)) < 0)
			status = 1;
	if (output_finish("breakeven report"))
		status = 1;
	return status;
}

/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/record_files.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "report/pages/history_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct history_options {
	const char *kernel, *runner;
	int format;
	struct cli_files places; /* folders and files; none: where runs go */
};

#define AT(field) offsetof(struct history_options, field)

static const struct cli_option history_options[] = {
	{NULL, 0, OPT_FILES(0), AT(places), "[FOLDER|FILE...]", NULL},
	{"kernel", 'k', OPT_KERNEL, AT(kernel), "NAME",
	 "Only this kernel, a line for each of its break-even sizes"},
	{"runner", 'r', OPT_RUNNER, AT(runner), "NAME",
	 "Only this runner, likewise"},
	CLI_ROW_FORMAT(struct history_options, format),
	CLI_ROW_END,
};

static const struct cli_example history_examples[] = {
	{"breakeven history", "All runs, the newest first."},
	{"breakeven history -k sum -r fork-pool",
	 "How one break-even size moved from run to run."},
	{NULL, NULL},
};

/* ------------------------------------------------------------- files */

static int find_files(const struct history_options *options, glob_t *files)
{
	int rc = 0;

	if (options->places.count == 0) {
		rc = record_files_match("results/runs/*.jsonl", files);
		return rc ? rc : record_files_match("breakeven-*.jsonl", files);
	}
	for (int i = 0; rc == 0 && i < options->places.count; i++)
		rc = record_files_add(options->places.at[i], files);
	return rc;
}

static const char *time_of(const struct history_run *run)
{
	const char *when =
		json_string_value(json_object_get(run->glance.header, "time"));

	return when ? when : "";
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(time_of(b), time_of(a));
}

/* Returns how many could not be read, each of which is told. */
static size_t read_runs(const glob_t *files, struct history *history)
{
	size_t failed = 0;

	for (; history->count < files->gl_pathc; history->count++) {
		struct history_run *run = &history->runs[history->count];

		run->path = files->gl_pathv[history->count];
		if (record_summary_read(run->path, &run->glance, run->error) ==
		    0)
			continue;
		failed++;
		fprintf(stderr, "breakeven history: %s\n", run->error);
	}
	qsort(history->runs, history->count, sizeof(*history->runs),
	      newest_first);
	return failed;
}

static int tell(const struct history_options *options,
		const struct history *history)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	style.form = (enum doc_form)options->format;
	rc = options->format == CLI_JSON
		     ? history_json(history, stdout)
		     : history_table(history, stdout, &style);
	return output_finish("breakeven history", rc) ? 1 : 0;
}

/* Returns the exit status. */
static int tell_nothing(const struct history *history)
{
	if (history->count == 0) {
		fputs("breakeven history: no record in results/runs or here: "
		      "`make bench` leaves one\n",
		      stderr);
		return 0;
	}
	if (history_says(history))
		return 0;
	fputs("breakeven history: ", stderr);
	history_put_nothing(stderr, history);
	fputc('\n', stderr);
	return 1;
}

static int cmd_history(int argc, char **argv)
{
	struct history_options options = {.kernel = NULL};
	glob_t files = {.gl_pathc = 0};
	struct history history = {.count = 0};
	int status = cli_parse(&command_history, argc, argv, &options);
	size_t failed = 0;

	if (status != CLI_GO)
		return status;
	if (find_files(&options, &files) == 0)
		history.runs =
			calloc(files.gl_pathc + 1, sizeof(*history.runs));
	if (!history.runs) {
		fputs("breakeven history: out of memory\n", stderr);
		globfree(&files);
		return 1;
	}
	history.kernel = options.kernel;
	history.runner = options.runner;
	failed = read_runs(&files, &history);
	status = tell(&options, &history);
	status |= tell_nothing(&history);
	for (size_t i = 0; i < history.count; i++)
		record_summary_free(&history.runs[i].glance);
	free(history.runs);
	globfree(&files);
	return status || failed ? 1 : 0;
}

const struct cli_command command_history = {
	.name = "history",
	.summary = "runs so far, and what they concluded",
	.doc = "List runs, the newest first, with what they concluded: by "
	       "default those in results/runs, and breakeven-*.jsonl here. "
	       "Conclusions are the runs' own; `breakeven report` computes "
	       "them anew.",
	.options = history_options,
	.examples = history_examples,
	.run = cmd_history,
};

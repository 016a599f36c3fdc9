/* SPDX-License-Identifier: MIT */
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "report/pages/history_page.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct history_args {
	const char *kernel, *runner;
	bool json;
	char **places; /* folders and files; NULL: where runs go */
	int nplaces;
};

static const struct argp_option history_options[] = {
	{"kernel", 'k', "NAME", 0,
	 "Only this kernel, a line for each of its break-even sizes", 0},
	{"runner", 'r', "NAME", 0, "Only this runner, likewise", 0},
	{"format", 'f', "FORMAT", 0, "table (default) or json", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t history_parse(int key, char *arg, struct argp_state *state)
{
	struct history_args *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernel = arg;
		return 0;
	case 'r':
		wishes->runner = arg;
		return 0;
	case 'f':
		return usage_format(state, arg, &wishes->json);
	case ARGP_KEY_ARGS:
		wishes->places = state->argv + state->next;
		wishes->nplaces = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp history_argp = {
	.options = history_options,
	.parser = history_parse,
	.args_doc = "[FOLDER|FILE...]",
	.doc = "List runs, the newest first, with what they concluded: by "
	       "default those in results/runs, and breakeven-*.jsonl here. "
	       "Conclusions are the runs' own; `breakeven report` computes "
	       "them "
	       "anew.",
};

/* ------------------------------------------------------------- files */

static int add_pattern(const char *pattern, glob_t *files)
{
	int rc = glob(pattern, files->gl_pathc ? GLOB_APPEND : 0, NULL, files);

	return rc == GLOB_NOSPACE ? -ENOMEM : 0;
}

static bool is_folder(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* A folder's records, or the file: whether it is there is told when it is
 * read. */
static int add_place(const char *place, glob_t *files)
{
	char *pattern;
	int rc;

	if (!is_folder(place)) {
		rc = glob(place,
			  GLOB_NOMAGIC | GLOB_NOCHECK |
				  (files->gl_pathc ? GLOB_APPEND : 0),
			  NULL, files);
		return rc ? -ENOMEM : 0;
	}
	if (asprintf(&pattern, "%s/*.jsonl", place) < 0)
		return -ENOMEM;
	rc = add_pattern(pattern, files);
	free(pattern);
	return rc;
}

static int find_files(const struct history_args *wishes, glob_t *files)
{
	int rc = 0;

	if (wishes->nplaces == 0) {
		rc = add_pattern("results/runs/*.jsonl", files);
		return rc ? rc : add_pattern("breakeven-*.jsonl", files);
	}
	for (int i = 0; rc == 0 && i < wishes->nplaces; i++)
		rc = add_place(wishes->places[i], files);
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

static int tell(const struct history_args *wishes,
		const struct history *history)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	rc = wishes->json ? history_json(history, stdout)
			  : history_table(history, stdout, &style);
	if (rc < 0)
		fprintf(stderr, "breakeven history: %s\n", strerror(-rc));
	return output_finish("breakeven history") || rc < 0 ? 1 : 0;
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

int cmd_history(int argc, char **argv)
{
	struct history_args wishes = {.kernel = NULL};
	glob_t files = {.gl_pathc = 0};
	struct history history = {.count = 0};
	int status = usage_parse(&history_argp, argc, argv, &wishes);
	size_t failed = 0;

	if (status)
		return usage_status(status);
	if (find_files(&wishes, &files) == 0)
		history.runs =
			calloc(files.gl_pathc + 1, sizeof(*history.runs));
	if (!history.runs) {
		fputs("breakeven history: out of memory\n", stderr);
		globfree(&files);
		return 1;
	}
	history.kernel = wishes.kernel;
	history.runner = wishes.runner;
	failed = read_runs(&files, &history);
	status = tell(&wishes, &history);
	status |= tell_nothing(&history);
	for (size_t i = 0; i < history.count; i++)
		record_summary_free(&history.runs[i].glance);
	free(history.runs);
	globfree(&files);
	return status || failed ? 1 : 0;
}

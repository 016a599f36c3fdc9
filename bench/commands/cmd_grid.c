/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/commands/run.h"
#include "bench/session/gbench.h"
#include "bench/session/grid.h"
#include "bench/session/session.h"
#include "report/doc/words.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3 };

static const struct argp grid_argp = {
	.options = session_options,
	.parser = session_parse,
	.doc = "Measure a fixed grid of cells under google-benchmark, in six "
	       "generations of fresh processes, and report as it does.\v"
	       "Every --benchmark_... option is google-benchmark's own, as "
	       "--benchmark_filter=REGEX, --benchmark_out=FILE, "
	       "--benchmark_format=json. Times are those of a call, as the "
	       "measured process saw them.",
};

/* Arguments of google-benchmark's, and those of ours. */
struct arguments {
	int ours, theirs;
	char **our_argv, **their_argv;
};

static int part_arguments(int argc, char **argv, char *no_colour,
			  struct arguments *parted)
{
	struct report_style style;

	terminal_style(&style);
	parted->our_argv = calloc((size_t)argc + 1, sizeof(char *));
	parted->their_argv = calloc((size_t)argc + 2, sizeof(char *));
	if (!parted->our_argv || !parted->their_argv)
		return -1;
	parted->their_argv[parted->theirs++] = argv[0];
	/* It does not know NO_COLOR. First, so that the user has the last
	 * word. */
	if (!style.colour)
		parted->their_argv[parted->theirs++] = no_colour;
	for (int i = 0; i < argc; i++) {
		if (i > 0 && gbench_owns(argv[i]))
			parted->their_argv[parted->theirs++] = argv[i];
		else
			parted->our_argv[parted->ours++] = argv[i];
	}
	return 0;
}

static void free_arguments(struct arguments *parted)
{
	free(parted->our_argv);
	free(parted->their_argv);
}

/* google-benchmark does not say when its file could not be written: read it. */
static int check_output(const struct arguments *parted)
{
	const char out[] = "--benchmark_out=";
	const char format[] = "--benchmark_out_format=";
	const char *path = NULL;
	json_t *document;

	for (int i = 1; i < parted->theirs; i++) {
		const char *flag = parted->their_argv[i];

		if (strncmp(flag, out, sizeof(out) - 1) == 0)
			path = flag + sizeof(out) - 1;
		if (strncmp(flag, format, sizeof(format) - 1) == 0 &&
		    strcmp(flag + sizeof(format) - 1, "json") != 0)
			return 0;
	}
	if (!path || !*path)
		return 0;
	document = json_load_file(path, 0, NULL);
	if (document) {
		json_decref(document);
		return 0;
	}
	fprintf(stderr,
		"breakeven grid: %s was not written whole: is there room, and "
		"may it be written?\n",
		path);
	return -1;
}

/* On standard error: standard output is google-benchmark's. */
static void tell_controls(const struct findings *findings)
{
	struct report_style style;

	terminal_style(&style);
	for (size_t i = 0; i < findings->ncontrols; i++) {
		words_control(stderr, &findings->controls[i], &style);
		fputc('\n', stderr);
	}
}

/* Returns the exit status. */
static int conclude(const struct session *session, int status)
{
	struct findings *findings = findings_make(session->engine.record);

	if (!findings)
		return status ? status : 1;
	tell_controls(findings);
	status = run_judge(session, findings, status);
	findings_free(findings);
	return status;
}

/* A benchmark is reported once in each generation, under the same name. */
static void tell_generations(unsigned generations)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "%u of fresh processes; each benchmark's name stands once in "
		 "each",
		 generations);
	gbench_context("generations", text);
}

static int run(struct session *session, const struct arguments *parted)
{
	struct grid grid = {
		.engine = &session->engine,
		.sizes = session->sizes,
		.first = 1,
		.generations = session->generations,
		.rounds = session->rounds,
		.progress = &session->progress,
	};
	char error[ERROR_TEXT_MAX] = "";
	size_t cells = 0;
	int rc, status;

	/* A grid is measured whole; the budget only sized it. */
	session->engine.deadline = 0;
	session->progress.end = 0;
	progress_clear(&session->progress);
	tell_generations(session->generations);
	if (session->engine.memory != MEMORY_SHARED)
		gbench_context("arena", memory_names[session->engine.memory]);
	rc = grid_run(&grid, &cells, error);
	status = session_close(session, rc, error);
	status = conclude(session, status);
	if (status == 0 && cells == 0) {
		fprintf(stderr, "breakeven grid: no cell matches "
				"--benchmark_filter; `breakeven grid "
				"--benchmark_list_tests` lists them\n");
		status = 2;
	}
	if (status == 0 && check_output(parted) < 0)
		status = 1;
	if (output_finish("breakeven grid") && status == 0)
		status = 1;
	return status;
}

static int grid_main(int argc, char **argv, const struct arguments *parted)
{
	struct session session = {
		.command = "grid",
		.argc = argc,
		.argv = argv,
		.rounds = ROUNDS,
		.wishes = {.pin = PIN_CORE},
	};
	int status = usage_parse(&grid_argp, parted->ours, parted->our_argv,
				 &session.wishes);
	const char *wrong;

	if (status)
		return usage_status(status);
	wrong = gbench_configure(parted->theirs, parted->their_argv);
	if (wrong) {
		fprintf(stderr, "breakeven grid: %s\n", wrong);
		return 2;
	}
	status = session_open(&session);
	if (status == 0)
		status = run(&session, parted);
	else
		engine_close(&session.engine);
	session_free(&session);
	return status;
}

int cmd_grid(int argc, char **argv)
{
	struct arguments parted = {.ours = 0};
	char no_colour[] = "--benchmark_color=false";
	int status = 1;

	if (part_arguments(argc, argv, no_colour, &parted) == 0)
		status = grid_main(argc, argv, &parted);
	free_arguments(&parted);
	return status;
}

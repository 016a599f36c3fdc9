/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/run.h"
#include "bench/session/gbench.h"
#include "bench/session/grid.h"
#include "bench/session/session.h"
#include "report/doc/doc.h"
#include "report/doc/words.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3 };

/* google-benchmark's arguments, to be freed; NULL: out of memory. */
static char **take_theirs(char **argv, int argc, char *no_colour, int *count)
{
	char **theirs = calloc((size_t)argc + 2, sizeof(*theirs));
	struct report_style style;

	if (!theirs)
		return NULL;
	terminal_style(&style);
	theirs[(*count)++] = argv[0];
	/* It does not know NO_COLOR. First, so that the user has the last
	 * word. */
	if (!style.colour)
		theirs[(*count)++] = no_colour;
	for (int i = 1; i < argc; i++)
		if (gbench_owns(argv[i]))
			theirs[(*count)++] = argv[i];
	return theirs;
}

/* google-benchmark does not say when its file could not be written: read it. */
static int check_output(char **argv)
{
	const char out[] = "--benchmark_out=";
	const char format[] = "--benchmark_out_format=";
	const char *path = NULL;
	json_t *document;

	for (; *argv; argv++) {
		const char *flag = *argv;

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

static int build_controls(struct doc *doc, const void *data)
{
	const struct findings *findings = data;

	for (size_t i = 0; i < findings->ncontrols; i++)
		words_control(doc_paragraph(doc), &findings->controls[i]);
	return 0;
}

/* On standard error: standard output is google-benchmark's. */
static void tell_controls(const struct findings *findings)
{
	struct report_style style;

	terminal_style(&style);
	doc_print(build_controls, findings, stderr, &style);
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

static int run(struct session *session)
{
	struct grid grid = {
		.engine = &session->engine,
		.sizes = session->plan.sizes,
		.first = 1,
		.generations = session->plan.generations,
		.rounds = session->plan.rounds,
		.progress = &session->progress,
	};
	size_t cells = 0;
	int rc, status;

	/* A grid is measured whole; the budget only sized it. */
	session->engine.deadline = 0;
	session->progress.end = 0;
	progress_clear(&session->progress);
	tell_generations(session->plan.generations);
	if (session->engine.memory != MEMORY_SHARED)
		gbench_context("arena", memory_names[session->engine.memory]);
	rc = grid_run(&grid, &cells);
	status = session_close(session, rc);
	status = conclude(session, status);
	if (status == 0 && cells == 0) {
		fprintf(stderr, "breakeven grid: no cell matches "
				"--benchmark_filter; `breakeven grid "
				"--benchmark_list_tests` lists them\n");
		status = 2;
	}
	if (status == 0 && check_output(session->plan.argv) < 0)
		status = 1;
	if (output_finish("breakeven grid", 0) && status == 0)
		status = 1;
	return status;
}

static int cmd_grid(int argc, char **argv)
{
	struct session session = {
		.plan.command = "grid",
		.plan.argc = argc,
		.plan.argv = argv,
		.plan.rounds = ROUNDS,
		.plan.options = session_defaults,
	};
	int status =
		cli_parse(&command_grid, argc, argv, &session.plan.options);
	char no_colour[] = "--benchmark_color=false", **flags;
	const char *wrong;
	int nflags = 0;

	if (status != CLI_GO)
		return status;
	flags = take_theirs(argv, argc, no_colour, &nflags);
	wrong = flags ? gbench_configure(nflags, flags) : "out of memory";
	if (wrong) {
		free(flags);
		return cli_wrong(argv[0], wrong);
	}
	status = session_open(&session);
	if (status == 0)
		status = run(&session);
	else
		engine_close(&session.engine);
	session_free(&session);
	free(flags);
	return status;
}

static const struct cli_example grid_examples[] = {
	{"breakeven grid -k sum -r fork-pool,openmp -n 16..64Ki",
	 "One kernel, two backends, seven sizes."},
	{"breakeven grid -k sum -r openmp -n 1Ki --benchmark_out=sum.json",
	 "The same for one size, and google-benchmark's JSON."},
	{NULL, NULL},
};

const struct cli_command command_grid = {
	.name = "grid",
	.summary = "measure a fixed grid under google-benchmark",
	.doc = "Measure a fixed grid of cells under google-benchmark, in six "
	       "generations of fresh processes, and report as it does. Times "
	       "are those of a call, as the measured process saw them. Every "
	       "--benchmark_... option is google-benchmark's own, as "
	       "--benchmark_filter=REGEX, --benchmark_out=FILE, "
	       "--benchmark_format=json.",
	.skips = gbench_owns,
	.options = session_table,
	.examples = grid_examples,
	.run = cmd_grid,
	.measures = true,
};

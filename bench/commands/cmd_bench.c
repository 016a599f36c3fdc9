/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "analysis/verdicts.h"
#include "bench/cli/list.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/commands/page.h"
#include "bench/commands/run.h"
#include "bench/engine/generation.h"
#include "bench/session/search.h"
#include "bench/session/splits.h"
#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of the first pass in each generation: six times three is enough for
 * an interval that a whole table shares its error rate with. */
enum { ROUNDS = 3, REPEATS = 4 };

/* What was asked for beside the run itself. */
struct bench_wishes {
	struct wishes *run;
	bool page;
	const char *page_path; /* NULL: beside the record */
	const char *resume;    /* NULL: a run of its own */
};

enum { BENCH_HTML = 'H' << 8, BENCH_RESUME };

static const struct argp_option bench_options[] = {
	{"html", BENCH_HTML, "FILE", OPTION_ARG_OPTIONAL,
	 "Also measure where the time of a call goes, and write a page with "
	 "charts (default: beside the record)",
	 0},
	{"resume", BENCH_RESUME, "FILE.jsonl", 0,
	 "Go on with the interrupted run of this record, as it was asked for "
	 "(with its budget again, or --budget)",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

/* NOLINTNEXTLINE(readability-non-const-parameter): argp's own type */
static error_t bench_parse(int key, char *arg, struct argp_state *state)
{
	struct bench_wishes *wishes = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = wishes->run;
		return 0;
	case BENCH_HTML:
		wishes->page = true;
		wishes->page_path = arg;
		return 0;
	case BENCH_RESUME:
		wishes->resume = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp session_argp = {
	.options = session_options,
	.parser = session_parse,
};

static const struct argp_child bench_children[] = {
	{&session_argp, 0, NULL, 0},
	{NULL, 0, NULL, 0},
};

static const struct argp bench_argp = {
	.options = bench_options,
	.parser = bench_parse,
	.children = bench_children,
	.doc = "Measure kernels under runners, search for the size from which "
	       "each pays, and print the tables.",
};

/* Of the budget. */
static double time_left(const struct session *session)
{
	return (session->engine.deadline - now_s()) / session->engine.budget_s;
}

/* Where the CPUs stood otherwise in some of the generations, those do not count
 * for the commoner placement: so many more make them six. */
static unsigned missing_generations(const struct session *session)
{
	struct findings *findings = findings_make(session->engine.record);
	unsigned most = 0;

	if (!findings)
		return 0;
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (strcmp(cell->pair.placement, findings->placements[0]) ==
			    0 &&
		    cell->generations > most)
			most = cell->generations;
	}
	findings_free(findings);
	return most > 0 && most < ENGINE_GENERATIONS ? ENGINE_GENERATIONS - most
						     : 0;
}

/* ------------------------------------------------------------- resuming */

static unsigned last_generation(const struct record *record)
{
	unsigned last = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		if (record->blocks[b].generation > last)
			last = record->blocks[b].generation;
	return last;
}

/* Whatever follows the first pass is of generations that the record has not
 * seen; where nothing of that pass was missing, there are no hosts yet. */
static int catch_up(struct session *session, char error[ERROR_TEXT_MAX])
{
	struct engine *engine = &session->engine;
	unsigned last = last_generation(engine->record);

	if (engine->generation > 0 && engine->generation >= last)
		return 0;
	return engine_start_generation(engine, last + 1, error);
}

/* All that would make it another run. */
static bool asks_for_more(const struct wishes *wishes)
{
	return wishes->kernels || wishes->runners || wishes->workers ||
	       wishes->sizes || wishes->out || wishes->have_seed ||
	       wishes_counted(wishes) || wishes->oversubscribe ||
	       wishes->precision > 0 || wishes->epoch_ns > 0 ||
	       wishes->pin != PIN_CORE || wishes->memory != MEMORY_SHARED;
}

/* The command line of the run, as the record has it, to be freed by
 * list_free(); NULL: there is none, or out of memory. */
static char **old_command(const json_t *header, size_t *count)
{
	const json_t *command = json_object_get(header, "command");
	const char *name = json_string_value(json_array_get(command, 1));
	char **argv = calloc(json_array_size(command) + 1, sizeof(*argv));

	*count = 0;
	if (!argv || !name || strcmp(name, "bench") != 0)
		goto none;
	for (size_t i = 1; i < json_array_size(command); i++) {
		const char *word =
			json_string_value(json_array_get(command, i));

		argv[*count] = strdup(i == 1 ? "breakeven bench"
				      : word ? word
					     : "");
		if (!argv[(*count)++])
			goto none;
	}
	return argv;
none:
	list_free(argv, *count);
	return NULL;
}

/* What the run was asked for, and what of it is ours to say. */
static void take_wishes(struct session *session, struct bench_wishes *wishes,
			const struct bench_wishes *old)
{
	const json_t *header = session->engine.record->header;
	struct wishes *run = old->run;

	run->budget =
		session->wishes.budget > 0
			? session->wishes.budget
			: json_number_value(json_object_get(
				  json_object_get(header, "plan"), "budget_s"));
	run->quiet = session->wishes.quiet;
	run->out = NULL;
	run->seed =
		(uint64_t)json_integer_value(json_object_get(header, "seed"));
	run->have_seed = true;
	session->wishes = *run;
	if (!wishes->page) {
		wishes->page = old->page;
		wishes->page_path = old->page_path;
	}
}

/* Take up the run of the record. *argv, of *count words, is to outlive it. 0,
 * or the exit status with the reason told. */
static int take_up(struct session *session, struct bench_wishes *wishes,
		   char ***argv, size_t *count)
{
	struct wishes run = {.pin = PIN_CORE};
	struct bench_wishes old = {.run = &run};
	char error[RECORD_ERROR_MAX];

	if (asks_for_more(&session->wishes)) {
		fputs("breakeven bench: --resume goes on with a run as it was "
		      "asked for: beside it there can be --budget, --html and "
		      "--quiet\n",
		      stderr);
		return 2;
	}
	if (record_resume(wishes->resume, &session->engine.record, error) < 0) {
		fprintf(stderr, "breakeven bench: --resume: %s\n", error);
		return 1;
	}
	session->resume = wishes->resume;
	session->out = strdup(wishes->resume);
	*argv = old_command(session->engine.record->header, count);
	if (!*argv || !session->out) {
		fprintf(stderr,
			"breakeven bench: --resume: %s is no record of "
			"`bench`\n",
			wishes->resume);
		return 2;
	}
	if (usage_parse(&bench_argp, (int)*count, *argv, &old) != USAGE_GO)
		return 2;
	take_wishes(session, wishes, &old);
	return 0;
}

/* ------------------------------------------------------------- measuring */

/* The first pass, over the grid, and what the rest of the budget can add. */
static int measure(struct session *session, bool splits,
		   char error[ERROR_TEXT_MAX])
{
	int rc = run_grid(session, error);
	bool counted = wishes_counted(&session->wishes);
	unsigned missing;

	if (rc == 0 && session->resume)
		rc = catch_up(session, error);
	for (int i = 0;
	     rc == 0 && !counted && i < REPEATS && time_left(session) > 0.5 &&
	     (missing = missing_generations(session)) > 0;
	     i++)
		rc = run_more(session, missing, error);
	if (rc == 0 && !counted)
		rc = search_run(&session->engine, &session->progress, error);
	if (rc == ERROR_LATE)
		rc = 0;
	return rc || !splits ? rc : splits_take(session);
}

int cmd_bench(int argc, char **argv)
{
	struct session session = {
		.command = "bench",
		.argc = argc,
		.argv = argv,
		.wishes = {.pin = PIN_CORE},
		.rounds = ROUNDS,
		.proof = true,
	};
	struct bench_wishes wishes = {.run = &session.wishes};
	char error[ERROR_TEXT_MAX] = "";
	int status = usage_parse(&bench_argp, argc, argv, &wishes);
	char **old_argv = NULL;
	size_t old_argc = 0;
	int rc = 0;

	if (status)
		return usage_status(status);
	if (wishes.resume)
		status = take_up(&session, &wishes, &old_argv, &old_argc);
	if (status == 0)
		status = session_open(&session);
	if (status == 0) {
		rc = measure(&session, wishes.page, error);
		if (rc == 0 && verdicts_put(session.engine.record) < 0) {
			snprintf(error, sizeof(error),
				 "the record %s cannot be written whole",
				 session.out);
			rc = ERROR_FAILED;
		}
		status = run_end(&session, rc, error, "table");
		if (wishes.page && !session.empty &&
		    page_write(session.engine.record, session.out,
			       wishes.page_path) &&
		    status == 0)
			status = 1;
	} else {
		engine_close(&session.engine);
	}
	session_free(&session);
	list_free(old_argv, old_argc);
	return status;
}

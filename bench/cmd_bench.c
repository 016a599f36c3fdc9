/* SPDX-License-Identifier: MIT */
#include "bench/commands.h"
#include "bench/page.h"
#include "bench/round.h"
#include "bench/run.h"
#include "bench/search.h"
#include "bench/splits.h"
#include "bench/usage.h"
#include "report/findings.h"
#include "report/json_value.h"

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
};

enum { BENCH_HTML = 'H' << 8 };

static const struct argp_option bench_options[] = {
	{"html", BENCH_HTML, "FILE", OPTION_ARG_OPTIONAL,
	 "Also measure where the time of a call goes, and write a page with "
	 "charts (default: beside the record)",
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
	return (session->engine.deadline - engine_now()) /
	       session->engine.budget_s;
}

/* Where the CPUs stood otherwise in some of the generations, those do not count
 * for the commoner placement: so many more make them six. */
static unsigned missing_generations(const struct session *session)
{
	struct findings *findings = findings_of(session->engine.record);
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

/* The first pass, over the grid, and what the rest of the budget can add. */
static int measure(struct session *session, bool splits,
		   char error[REMOTE_ERROR_MAX])
{
	int rc = run_grid(session, ROUNDS, error);
	unsigned missing;

	for (int i = 0; rc == 0 && i < REPEATS && time_left(session) > 0.5 &&
			(missing = missing_generations(session)) > 0;
	     i++)
		rc = run_more(session, ROUNDS, missing, error);
	progress_show(&session->progress, "looking at what the harness adds");
	if (rc == 0)
		rc = engine_harness(&session->engine);
	if (rc == 0)
		rc = search_run(&session->engine, &session->progress, error);
	return rc || !splits ? rc : splits_take(session);
}

/* What we conclude, at the end of the record: for those who only look. Reports
 * compute it anew. */
static int put_verdicts(const struct session *session)
{
	struct findings *findings = findings_of(session->engine.record);
	int rc = findings ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];
		const struct pair *pair = &crossing->pair;
		const struct breakeven *at = &crossing->at;

		rc = record_put_verdict(
			session->engine.record,
			json_pack("{s:s,s:s,s:s,s:i,s:s,s:s,s:o,s:o,s:o}",
				  "kernel", pair->kernel, "runner",
				  pair->runner, "base", pair->base, "workers",
				  (int)pair->workers, "placement",
				  pair->placement, "verdict",
				  breakeven_verdict_names[at->verdict],
				  "n_star", json_number(at->n_star), "n_lo",
				  json_number(at->n_lo), "n_hi",
				  json_number(at->n_hi)));
	}
	if (rc == 0)
		rc = record_put_verdict(
			session->engine.record,
			json_pack("{s:b}", "trusted", (int)findings->trusted));
	findings_free(findings);
	return rc;
}

int cmd_bench(int argc, char **argv)
{
	struct session session = {
		.command = "bench",
		.argc = argc,
		.argv = argv,
		.wishes = {.pin = PIN_CORE},
		.proof = true,
	};
	struct bench_wishes wishes = {.run = &session.wishes};
	char error[REMOTE_ERROR_MAX] = "";
	int status = usage_parse(&bench_argp, argc, argv, &wishes);
	int rc = 0;

	if (status)
		return usage_status(status);
	status = session_open(&session, ROUNDS);
	if (status == 0) {
		rc = measure(&session, wishes.page, error);
		if (rc == 0 && put_verdicts(&session) < 0) {
			snprintf(error, sizeof(error),
				 "the record %s cannot be written whole",
				 session.out);
			rc = REMOTE_FAILED;
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
	return status;
}

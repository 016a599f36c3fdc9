/* SPDX-License-Identifier: MIT */
#include "bench/cli/list.h"
#include "bench/cli/options.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/page.h"
#include "bench/commands/common/run.h"
#include "bench/engine/worker_count.h"
#include "bench/session/splits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rounds in each generation of a plan that is counted, if none are named. */
enum { ROUNDS = 3 };

struct bench_options {
	struct session_options run;
	const char *page;   /* "": beside the record; NULL: none */
	const char *resume; /* NULL: a run of its own */
	struct cli_detail detail;
};

#define AT(field) offsetof(struct bench_options, field)

static const struct cli_option bench_table[] = {
	{NULL, 0, OPT_TABLE(session_table), AT(run), NULL, NULL},
	{"html", 0, OPT_LONE_OUTPUT, AT(page), "FILE",
	 "Also measure where the time of a call goes, and write a page with "
	 "charts (default: beside the record)"},
	CLI_ROW_DETAIL(struct bench_options, detail),
	{"resume", 0, OPT_FILE, AT(resume), "FILE.jsonl",
	 "Go on with the interrupted run of this record, as it was asked for "
	 "(with its budget again, or --budget)"},
	CLI_ROW_END,
};

/* All else would make it another run. */
static const char *check_options(const struct cli_parse *parse, void *data)
{
	const struct bench_options *options = data;

	return options->resume && cli_given_beside(parse, ",resume,budget,html,"
							  "quiet,require-trust,"
							  "brief,all,no-lock,"
							  "wait-for-quiet,")
		       ? "--resume goes on with a run as it was asked for: "
			 "beside it there can be --budget, --html, --quiet, "
			 "--require-trust, --brief, --all, --no-lock and "
			 "--wait-for-quiet"
		       : NULL;
}

static const struct cli_example bench_examples[] = {
	{"breakeven bench",
	 "Five kernels under five backends, in two and a half minutes."},
	{"breakeven bench -k sum -r openmp,fork-pool:wait=spin",
	 "One kernel, two backends, one of them with an option."},
	{"breakeven bench -k dot -r pthread-pool --rounds 3 -o dot.jsonl",
	 "The same work on every machine; the record is dot.jsonl."},
	{NULL, NULL},
};

/* ------------------------------------------------------------- resuming */

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
static void take_options(struct session *session, struct bench_options *ours,
			 const struct bench_options *old)
{
	const json_t *header = session->engine.record->header;
	double budget = json_number_value(
		json_object_get(json_object_get(header, "plan"), "budget_s"));

	session->plan.options = old->run;
	session->plan.options.budget =
		ours->run.budget > 0 ? ours->run.budget : budget;
	session->plan.options.quiet = ours->run.quiet;
	session->plan.options.turn = ours->run.turn;
	session->plan.options.require_trust = ours->run.require_trust;
	session->plan.options.out = NULL;
	session->plan.options.seed =
		(uint64_t)json_integer_value(json_object_get(header, "seed"));
	if (!ours->page)
		ours->page = old->page;
}

/* Take up the run of the record. *argv, of *count words, is to outlive it. 0,
 * or the exit status with the reason told. */
static int take_up(struct session *session, struct bench_options *options,
		   char ***argv, size_t *count)
{
	struct bench_options old = {.run = session_defaults};
	char error[ERROR_TEXT_MAX];

	if (record_resume(options->resume, &session->engine.record, error) <
	    0) {
		fprintf(stderr, "breakeven bench: --resume: %s\n", error);
		return 1;
	}
	session->resume = options->resume;
	session->out = strdup(options->resume);
	*argv = old_command(session->engine.record->header, count);
	if (!*argv || !session->out) {
		fprintf(stderr,
			"breakeven bench: --resume: %s is no record of "
			"`bench`\n",
			options->resume);
		return 2;
	}
	if (cli_parse(&command_bench, (int)*count, *argv, &old) != CLI_GO)
		return 2;
	take_options(session, options, &old);
	return 0;
}

/* ------------------------------------------------------------- measuring */

static int measure(struct session *session, bool splits)
{
	int rc = run_whole(session);

	return rc || !splits ? rc : splits_take(session);
}

/* Measure, and tell what was found. Returns the exit status. */
static int run(struct session *session, const char *page,
	       enum report_detail detail)
{
	const struct run_print print = {.format = "table", .detail = detail};
	int rc = measure(session, page != NULL), status;

	status = run_end(session, rc, &print);
	if (page && !session->empty &&
	    page_write(session->engine.record, session->out,
		       *page ? page : NULL) &&
	    status == 0)
		status = 1;
	return status;
}

static int cmd_bench(int argc, char **argv)
{
	struct session session = {
		.plan.command = "bench",
		.plan.argc = argc,
		.plan.argv = argv,
		.plan.rounds = ROUNDS,
		.plan.worker_rule = worker_count_few,
		.plan.looks = true,
		.plan.proof = true,
	};
	struct bench_options options = {.run = session_defaults};
	int status = cli_parse(&command_bench, argc, argv, &options);
	char **old_argv = NULL;
	size_t old_argc = 0;

	if (status != CLI_GO)
		return status;
	session.plan.options = options.run;
	status = options.resume
			 ? take_up(&session, &options, &old_argv, &old_argc)
			 : 0;
	if (status == 0)
		status = session_open(&session);
	if (status == 0)
		status = run(&session, options.page,
			     cli_detail(&options.detail));
	else
		engine_close(&session.engine);
	session_free(&session);
	list_free(old_argv, old_argc);
	return status;
}

const struct cli_command command_bench = {
	.name = "bench",
	.summary = "measure, search for break-even, print the tables",
	.doc = "Measure kernels under runners, search for the size from which "
	       "each pays, and print the tables.",
	.options = bench_table,
	.examples = bench_examples,
	.check = check_options,
	.run = cmd_bench,
	.measures = true,
};

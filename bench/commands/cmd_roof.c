/* SPDX-License-Identifier: MIT */
#include "bench/cli/list.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/commands/run.h"
#include "core/spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CEILINGS	"copy,fill"
#define DEFAULT_KERNELS "square_map,square_map_f64,triad,sum,dot,minmax"

enum { ROUNDS = 2, BUDGET = 240, SETS_MAX = 16 };

struct roof_wishes {
	struct wishes wishes; /* first: session_parse() takes it */
	const char *format;   /* as report_find() knows it */
	uint64_t sets[SETS_MAX];
	size_t nsets;
};

static const struct argp_option roof_options[] = {
	{"kernels", 'k', "LIST", 0,
	 "What to hold against " CEILINGS " (default " DEFAULT_KERNELS ")", 0},
	{"sizes", 'n', "LIST", 0,
	 "Bytes of all arrays together (default 32Ki,1Mi,64Mi,1Gi)", 0},
	{"workers", 'w', "N", 0,
	 "Number of workers beside one (default: one per CPU that we may use)",
	 0},
	{"format", 'f', "FORMAT", 0, "table (default) or json", 0},
	{"budget", SESSION_BUDGET, "SECONDS", 0,
	 "Time to spend at most (default 240)", 0},
	{"rounds", SESSION_ROUNDS, "N", 0,
	 "Of each cell in each generation (default 2)", 0},
	{"generations", SESSION_GENERATIONS, "G", 0,
	 "Sets of fresh processes (default 6)", 0},
	{"epoch", SESSION_EPOCH, "US", 0,
	 "Microseconds of calls back to back that make one sample (default "
	 "1000)",
	 0},
	{"pin", SESSION_PIN, "POLICY", 0,
	 "core (default), compact, scatter or none: who runs where", 0},
	{"arena", SESSION_ARENA, "KIND", 0,
	 "shared (default), private or huge: where data lies", 0},
	{"seed", SESSION_SEED, "N", 0, "Seed of the order of rounds", 0},
	{"out", 'o', "FILE.jsonl", 0,
	 "The record (default: a new one in results/runs, or here)", 0},
	{"quiet", SESSION_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_set(struct argp_state *state, const char *text,
			 struct roof_wishes *wishes)
{
	char error[SPEC_ERROR_MAX];
	uint64_t lo, hi;

	if (list_sizes(text, &lo, &hi, error, sizeof(error)) == 0 && lo == hi &&
	    wishes->nsets < SETS_MAX) {
		wishes->sets[wishes->nsets++] = lo;
		return 0;
	}
	argp_error(state,
		   "--sizes takes up to %d numbers of bytes, as 32Ki,1Mi, not "
		   "'%s'",
		   SETS_MAX, text);
	return EINVAL;
}

static error_t parse_sets(struct argp_state *state, const char *text,
			  struct roof_wishes *wishes)
{
	char **items = NULL;
	size_t count = 0;
	error_t rc = 0;

	wishes->nsets = 0;
	if (list_split(text, &items, &count) < 0)
		return parse_set(state, text, wishes);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = parse_set(state, items[i], wishes);
	list_free(items, count);
	return rc;
}

static error_t roof_parse(int key, char *arg, struct argp_state *state)
{
	struct roof_wishes *wishes = state->input;
	bool json = false;
	error_t rc;

	switch (key) {
	case 'n':
		return parse_sets(state, arg, wishes);
	case 'f':
		rc = usage_format(state, arg, &json);
		wishes->format = json ? "roof-json" : "roof";
		return rc;
	case 'w':
		if (strchr(arg, ',')) {
			argp_error(state, "--workers takes one number here");
			return EINVAL;
		}
		return session_parse(key, arg, state);
	default:
		return session_parse(key, arg, state);
	}
}

static const struct argp roof_argp = {
	.options = roof_options,
	.parser = roof_parse,
	.doc = "Measure the memory speed of kernels beside what memcpy and "
	       "memset reach, by one worker and by all.",
};

static int run(struct session *session, const char *format)
{
	char error[ERROR_TEXT_MAX] = "";
	int rc = run_grid(session, error);

	return run_end(session, rc == ERROR_LATE ? 0 : rc, error, format);
}

/* The ceilings come first, so that they are there if the budget ends. */
static char *with_ceilings(const char *kernels)
{
	char *all;

	if (asprintf(&all, "%s,%s", CEILINGS,
		     kernels ? kernels : DEFAULT_KERNELS) < 0)
		return NULL;
	return all;
}

int cmd_roof(int argc, char **argv)
{
	struct roof_wishes wishes = {
		.wishes = {.pin = PIN_CORE,
			   .runners = "pthread-pool",
			   .budget = BUDGET},
		.format = "roof",
		.sets = {32 << 10, 1 << 20, 64 << 20, 1 << 30},
		.nsets = 4,
	};
	struct session session = {.command = "roof",
				  .argc = argc,
				  .argv = argv,
				  .rounds = ROUNDS,
				  .sets = wishes.sets};
	int status = usage_parse(&roof_argp, argc, argv, &wishes);
	char *kernels;

	if (status)
		return usage_status(status);
	kernels = with_ceilings(wishes.wishes.kernels);
	session.wishes = wishes.wishes;
	session.wishes.kernels = kernels;
	session.nsets = wishes.nsets;
	status = kernels ? session_open(&session) : 1;
	if (status == 0)
		status = run(&session, wishes.format);
	else
		engine_close(&session.engine);
	session_free(&session);
	free(kernels);
	return status;
}

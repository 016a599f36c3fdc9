/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/engine/worker_count.h"
#include "bench/studies/tracing.h"
#include "report/export/export.h"
#include "report/pages/split_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATIONS = 3 };

#define DEFAULT_KERNEL	"sum"
#define DEFAULT_RUNNERS "fork,pthread,fork-pool,pthread-pool,openmp"
#define DEFAULT_ITEMS	(256 << 10)

struct trace_wishes {
	char *kernel;
	const char *runners, *out; /* out NULL: no trace is written */
	unsigned workers;	   /* 0: one per CPU */
	unsigned rounds;	   /* in each generation */
	uint64_t n;
	bool json, quiet;
};

enum { KEY_FORMAT = 256, KEY_QUIET, KEY_ROUNDS };

static const struct argp_option trace_options[] = {
	{"kernel", 'k', "KERNEL", 0,
	 "What to compute (default " DEFAULT_KERNEL "); also a file of yours, "
	 "as ./mine.so",
	 0},
	{"items", 'n', "ITEMS", 0, "How many, as 1000 or 4Ki (default 256Ki)",
	 0},
	{"runners", 'r', "LIST", 0,
	 "Who computes it (default " DEFAULT_RUNNERS ")", 0},
	{"workers", 'w', "N", 0,
	 "Workers, the caller among them (default: one per CPU); may be more "
	 "than CPUs",
	 0},
	{"out", 'o', "FILE.json", 0,
	 "Also write one call of each runner in the Chrome trace-event format, "
	 "for ui.perfetto.dev",
	 0},
	{"rounds", KEY_ROUNDS, "N", 0,
	 "Rounds in each of three generations of processes, up to 7 (default "
	 "7)",
	 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_items(struct argp_state *state, const char *text,
			   uint64_t *n)
{
	char error[256] = "";
	uint64_t hi = 0;

	if (list_sizes(text, n, &hi, error, sizeof(error)) == 0 && hi == *n)
		return 0;
	argp_error(state, "--items takes one number of items, not '%s'%s%s",
		   text, error[0] ? ": " : "", error);
	return EINVAL;
}

static error_t trace_parse(int key, char *arg, struct argp_state *state)
{
	struct trace_wishes *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernel = arg;
		return 0;
	case 'n':
		return parse_items(state, arg, &wishes->n);
	case 'r':
		wishes->runners = arg;
		return 0;
	case 'w':
		return usage_count(state, "workers", arg, 1,
				   TRACING_WORKERS_MAX, &wishes->workers);
	case 'o':
		wishes->out = arg;
		return 0;
	case KEY_ROUNDS:
		return usage_count(state, "rounds", arg, 1,
				   TRACING_ROUNDS_MAX / GENERATIONS,
				   &wishes->rounds);
	case KEY_FORMAT:
		return usage_format(state, arg, &wishes->json);
	case KEY_QUIET:
		wishes->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp trace_argp = {
	.options = trace_options,
	.parser = trace_parse,
	.doc = "Where the time of a call goes: creating workers, handing out, "
	       "computing, waiting for the slowest, coming back. From time "
	       "stamps that the workers write, and what those cost.",
};

/* ------------------------------------------------------------- telling */

static int write_trace(const struct split *split, const char *path)
{
	FILE *out = fopen(path, "w");
	int rc = out ? split_trace(split, out) : -errno;

	if (out && fclose(out) != 0 && rc == 0)
		rc = -errno;
	if (rc == 0)
		return 0;
	fprintf(stderr, "breakeven trace: %s cannot be written: %s\n", path,
		strerror(-rc));
	return 1;
}

static int tell(const struct split *split, const struct trace_wishes *wishes)
{
	struct report_style style;
	int rc;

	if (wishes->out && write_trace(split, wishes->out))
		return 1;
	terminal_style(&style);
	rc = wishes->json ? split_json(split, stdout)
			  : split_table(split, stdout, &style);
	if (output_finish("breakeven trace") || rc < 0)
		return 1;
	return split_is_whole(split) ? 0 : 1;
}

/* ------------------------------------------------------------- the command */

static void show_round(struct tracing *tracing, size_t round)
{
	struct progress *progress = tracing->data;

	progress_part(progress, (double)round / (double)tracing->split.rounds);
	progress_show(progress, "round %zu of %zu", round + 1,
		      tracing->split.rounds);
}

/* 0, or an enum error_kind with the reason in tracing->error. */
static int measure(struct tracing *tracing, const struct trace_wishes *wishes)
{
	struct progress progress;
	int rc;

	tracing->data = &progress;
	if (!tracing->split.workers)
		tracing->split.workers = worker_count_default(tracing->topology,
							      progress_notice);
	progress_init(&progress, wishes->quiet, 0);
	rc = tracing_run(tracing);
	progress_clear(&progress);
	return rc;
}

static int complain(const char *error)
{
	fprintf(stderr, "breakeven trace: %s\n", error);
	return 1;
}

static int run(struct trace_wishes *wishes, char **runners, size_t nrunners,
	       struct topology *topology)
{
	struct tracing tracing = {
		.topology = topology,
		.pin = PIN_CORE,
		.kernel = wishes->kernel,
		.runners = runners,
		.nrunners = nrunners,
		.rounds = wishes->rounds,
		.interrupt_fd = interrupt_open(),
		.notice = progress_notice,
		.show = show_round,
		.split = {.n = wishes->n,
			  .workers = wishes->workers,
			  .generations = GENERATIONS},
	};
	int rc = measure(&tracing, wishes), status;

	if (rc == 0)
		status = tell(&tracing.split, wishes);
	else if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(tracing.interrupt_fd);
	else
		status = complain(tracing.error[0] ? tracing.error
						   : "out of memory") *
			 (rc == ERROR_USAGE ? 2 : 1);
	tracing_free(&tracing);
	return status;
}

int cmd_trace(int argc, char **argv)
{
	char kernel[] = DEFAULT_KERNEL, error[ERROR_TEXT_MAX];
	struct trace_wishes wishes = {
		.kernel = kernel,
		.runners = DEFAULT_RUNNERS,
		.n = DEFAULT_ITEMS,
		.rounds = TRACING_ROUNDS_MAX / GENERATIONS,
	};
	struct topology *topology = NULL;
	char **runners;
	size_t nrunners;
	int status = usage_parse(&trace_argp, argc, argv, &wishes);

	if (status)
		return usage_status(status);
	if (list_split(wishes.runners, &runners, &nrunners) < 0) {
		complain("the list of runners is empty, or an item of it is");
		return 2;
	}
	status = topology_load(NULL, &topology, error, sizeof(error)) < 0
			 ? complain(error)
			 : run(&wishes, runners, nrunners, topology);
	topology_free(topology);
	list_free(runners, nrunners);
	return status;
}

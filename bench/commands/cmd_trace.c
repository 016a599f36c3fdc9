/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/list.h"
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/study_run.h"
#include "bench/engine/worker_count.h"
#include "bench/studies/tracing.h"
#include "report/export/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATIONS = 3 };

#define DEFAULT_KERNEL	"sum"
#define DEFAULT_RUNNERS "fork,pthread,fork-pool,pthread-pool,openmp"
#define DEFAULT_ITEMS	(256 << 10)

struct trace_options {
	const char *kernel, *runners;
	const char *out;    /* NULL: no trace is written */
	const char *record; /* NULL: a new one */
	unsigned workers;   /* 0: one per CPU */
	unsigned rounds;    /* in each generation */
	uint64_t n;
	int format;
	struct turn_options turn;
	bool quiet;
};

#define AT(field) offsetof(struct trace_options, field)

static const struct cli_option trace_options[] = {
	{"kernel", 'k', OPT_KERNEL, AT(kernel), "KERNEL",
	 "Kernel (default " DEFAULT_KERNEL "); also a file of yours, as "
	 "./mine.so"},
	{"items", 'n', OPT_SIZE(1), AT(n), "ITEMS",
	 "Number of items, as 1000 or 4Ki (default 256Ki)"},
	{"runners", 'r', OPT_RUNNERS, AT(runners), "LIST",
	 "Runners (default " DEFAULT_RUNNERS ")"},
	{"workers", 'w', OPT_COUNT(1, TRACING_WORKERS_MAX), AT(workers), "N",
	 "Workers, the caller among them (default: one per CPU); may be more "
	 "than CPUs"},
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE.json",
	 "Also write one call of each runner in the Chrome trace-event format, "
	 "for ui.perfetto.dev"},
	{"rounds", 0, OPT_COUNT(1, TRACING_ROUNDS_MAX / GENERATIONS),
	 AT(rounds), "N",
	 "Rounds in each of three generations of processes, up to 7 (default "
	 "7)"},
	STUDY_ROW_RECORD("record", 0, struct trace_options, record),
	CLI_ROW_FORMAT(struct trace_options, format),
	CLI_ROW_TURN(struct trace_options, turn),
	CLI_ROW_QUIET(struct trace_options, quiet),
	CLI_ROW_END,
};

static const struct cli_example trace_examples[] = {
	{"breakeven trace -k sum -n 1Mi -r fork,pthread",
	 "Where a call of two runners spends its time."},
	{"breakeven trace -k sum -n 1Mi -r fork,pthread -o trace.json",
	 "The same, and one call of each for ui.perfetto.dev."},
	{NULL, NULL},
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

/* Returns the exit status. */
static int tell(const struct split *split, const struct trace_options *options,
		struct study_run *study)
{
	int lost = options->out ? write_trace(split, options->out) : 0;
	int status = study_run_tell(study, split_object(split), true,
				    options->format);

	return lost || !split_is_whole(split) ? 1 : status;
}

/* ------------------------------------------------------------- the command */

static void show_round(struct tracing *tracing, size_t round)
{
	struct progress *progress = tracing->data;

	progress_part(progress, (double)round / (double)tracing->split.rounds);
	progress_show(progress, "round %zu of %zu", round + 1,
		      tracing->split.rounds);
}

/* 0, or an enum error_kind with the reason in the engine's error. */
static int run_tracing(struct tracing *tracing,
		       const struct trace_options *options)
{
	struct progress progress;
	int rc;

	tracing->data = &progress;
	if (!tracing->split.workers)
		tracing->split.workers = worker_count_default(tracing->topology,
							      progress_notice);
	progress_init(&progress, options->quiet, 0);
	rc = tracing_run(tracing);
	progress_clear(&progress);
	return rc;
}

static int complain(const char *error)
{
	fprintf(stderr, "breakeven trace: %s\n", error);
	return 1;
}

/* A command with its list of runners. */
struct trace_command {
	struct trace_options options;
	char **runners;
	size_t nrunners;
};

/* Returns the exit status. */
static int measure_trace(void *data, const struct topology *topology,
			 struct study_run *study)
{
	const struct trace_command *command = data;
	const struct trace_options *options = &command->options;
	struct tracing tracing = {
		.topology = topology,
		.pin = PIN_CORE,
		.kernel = strdup(options->kernel),
		.runners = command->runners,
		.nrunners = command->nrunners,
		.rounds = options->rounds,
		.interrupt_fd = interrupt_open(),
		.turn = &options->turn,
		.notice = progress_notice,
		.show = show_round,
		.split = {.n = options->n,
			  .workers = options->workers,
			  .generations = GENERATIONS},
	};
	int rc = tracing.kernel ? run_tracing(&tracing, options) : ERROR_FAILED;
	int status;

	if (rc == 0)
		status = tell(&tracing.split, options, study);
	else if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(tracing.interrupt_fd);
	else
		status = complain(error_text(&tracing.engine.error)) *
			 (rc == ERROR_USAGE ? 2 : 1);
	tracing_free(&tracing);
	free(tracing.kernel);
	return status;
}

static int cmd_trace(int argc, char **argv)
{
	struct trace_command command = {
		.options = {.kernel = DEFAULT_KERNEL,
			    .runners = DEFAULT_RUNNERS,
			    .n = DEFAULT_ITEMS,
			    .rounds = TRACING_ROUNDS_MAX / GENERATIONS},
	};
	struct trace_options *options = &command.options;
	int status = cli_parse(&command_trace, argc, argv, options);

	if (status != CLI_GO)
		return status;
	if (list_split(options->runners, &command.runners, &command.nrunners) <
	    0) {
		complain("the list of runners is empty, or an item of it is");
		return 2;
	}
	status = study_run("trace", argc, argv, options->record, measure_trace,
			   &command);
	list_free(command.runners, command.nrunners);
	return status;
}

const struct cli_command command_trace = {
	.name = "trace",
	.summary = "where the time of a call goes",
	.doc = "Where the time of a call goes: creating workers, handing out, "
	       "computing, waiting for the slowest, coming back. From time "
	       "stamps that the workers write, and what those cost.",
	.options = trace_options,
	.examples = trace_examples,
	.run = cmd_trace,
	.measures = true,
};

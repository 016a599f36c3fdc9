/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/study_run.h"
#include "bench/studies/dispatch.h"
#include "runners/pool/plan.h"

#include <stdio.h>

enum { GAP_MAX_US = 1000000 };

#define DEFAULT_RUNNERS                                                        \
	"pthread-pool:wait=spin,fork-pool:wait=spin,pthread-pool,fork-pool,"   \
	"pthread-pool:wait=block,fork-pool:wait=block,openmp,"                 \
	"openmp:wait=active,openmp:wait=passive,openmp-llvm,"                  \
	"openmp-llvm:wait=active,pthreadpool,tbb,glib"

struct dispatch_command {
	struct dispatch_options run;
	int format;
	const char *out; /* NULL: a new record */
};

#define AT(field) offsetof(struct dispatch_command, field)

static const struct cli_option dispatch_options[] = {
	{"runners", 'r', OPT_RUNNERS, AT(run.runners), "LIST",
	 "Runners (default: the pools, with each way to wait, and all peers "
	 "that were built)"},
	{"workers", 'w', OPT_COUNT(1, DISPATCH_WORKERS_MAX), AT(run.workers),
	 "N",
	 "Workers, the caller among them (default: one per CPU); may be more "
	 "than CPUs"},
	{"tiles", 't', OPT_COUNT(1, PLAN_TILES_MAX), AT(run.tiles), "N",
	 "Hand out N empty tiles a call, and no rendezvous (default: one per "
	 "worker)"},
	{"gaps", 0, OPT_COUNTS(0, GAP_MAX_US), AT(run.gaps), "LIST",
	 "Microseconds that the caller is busy before a call (default "
	 "0,100,1000,5000)"},
	{"rounds", 0, OPT_COUNT(1, DISPATCH_ROUNDS_MAX / DISPATCH_GENERATIONS),
	 AT(run.rounds), "N",
	 "Rounds in each of three generations of processes (default 4)"},
	{"memory", 0, OPT_FLAG, AT(run.memory), NULL,
	 "Also tell what memory is held"},
	CLI_ROW_FORMAT(struct dispatch_command, format),
	STUDY_ROW_RECORD("output", 'o', struct dispatch_command, out),
	CLI_ROW_TURN(struct dispatch_command, run.turn),
	CLI_ROW_QUIET(struct dispatch_command, run.quiet),
	CLI_ROW_END,
};

static const struct cli_example dispatch_examples[] = {
	{"breakeven dispatch -r pthread-pool,fork-pool --gaps 0",
	 "Two pools, back to back."},
	{"breakeven dispatch -w 128 --memory",
	 "What 128 workers cost, and what they hold in memory."},
	{NULL, NULL},
};

/* Returns the exit status. */
static int tell_error(const struct dispatch_run *run, int rc)
{
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(run->engine.interrupt_fd);
	fprintf(stderr, "breakeven dispatch: %s\n",
		error_text(&run->engine.error));
	return rc == ERROR_USAGE ? 2 : 1;
}

/* Returns the exit status. */
static int measure_dispatch(void *data, const struct topology *topology,
			    struct study_run *study)
{
	const struct dispatch_command *options = data;
	struct dispatch_run run;
	int rc = dispatch_run(&run, topology, &options->run), status;

	if (rc)
		status = tell_error(&run, rc);
	else
		status = study_run_tell(study, dispatch_object(&run.dispatch),
					true, options->format);
	if (status == 0 && !dispatch_is_whole(&run.dispatch))
		status = 1;
	dispatch_run_free(&run);
	return status;
}

static int cmd_dispatch(int argc, char **argv)
{
	struct dispatch_command options = {
		.run = {.runners = DEFAULT_RUNNERS,
			.gaps = {4, {0, 100, 1000, 5000}},
			.rounds = 4},
	};
	int status = cli_parse(&command_dispatch, argc, argv, &options);

	return status == CLI_GO ? study_run("dispatch", argc, argv, options.out,
					    measure_dispatch, &options)
				: status;
}

const struct cli_command command_dispatch = {
	.name = "dispatch",
	.summary = "what a fork-join costs each runner",
	.doc = "Time fork-joins of jobs that do nothing: back to back and "
	       "after gaps, in wall time and CPU time, beside the trip of a "
	       "cache line that no fork-join can beat.",
	.options = dispatch_options,
	.examples = dispatch_examples,
	.run = cmd_dispatch,
	.measures = true,
};

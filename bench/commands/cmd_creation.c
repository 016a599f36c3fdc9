/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/study_run.h"
#include "bench/studies/creation.h"
#include "core/error.h"

#include <stdio.h>

#define DEFAULT_MAX (UINT64_C(4) << 30)

enum { DEFAULT_RUNS = 15, RUNS_MIN = 3, RUNS_MAX = 1000 };

struct creation_options {
	uint64_t max;
	unsigned runs;
	const char *out;
	int format;
	struct turn_options turn;
	bool quiet;
};

#define AT(field) offsetof(struct creation_options, field)

static const struct cli_option creation_options[] = {
	{"max", 0, OPT_SIZE(1 << 20), AT(max), "BYTES",
	 "Memory of the largest parent, as 256Mi (default 4Gi, or half of what "
	 "is available)"},
	{"runs", 0, OPT_COUNT(RUNS_MIN, RUNS_MAX), AT(runs), "N",
	 "Repetitions of each, 3 to 1000 (default 15; six give an interval)"},
	CLI_ROW_FORMAT(struct creation_options, format),
	STUDY_ROW_RECORD("output", 'o', struct creation_options, out),
	CLI_ROW_TURN(struct creation_options, turn),
	CLI_ROW_QUIET(struct creation_options, quiet),
	CLI_ROW_END,
};

static const struct cli_example creation_examples[] = {
	{"breakeven creation --max 256Mi",
	 "Parents of up to 256 MiB: half a minute."},
	{NULL, NULL},
};

static int complain(const char *what)
{
	fprintf(stderr, "breakeven creation: %s\n", what);
	return 1;
}

/* Measure, and write what was found. Returns the exit status. */
static int measure_creation(void *data, const struct topology *topology,
			    struct study_run *study)
{
	const struct creation_options *options = data;
	struct creation found = {.runs = 0};
	struct progress progress;
	const struct creation_plan wishes = {
		.max = options->max,
		.runs = options->runs,
		.interrupt_fd = interrupt_open(),
		.topology = topology,
		.progress = &progress,
	};
	int rc, status = 1;

	rc = turn_wait(&options->turn, wishes.interrupt_fd);
	progress_init(&progress, options->quiet, 0);
	if (rc == 0)
		rc = creation_measure(&wishes, &found);
	progress_clear(&progress);
	if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(wishes.interrupt_fd);
	else if (rc)
		complain("out of memory");
	else
		status = study_run_tell(study, creation_object(&found), true,
					options->format);
	if (rc == 0 && status == 0 && found.nrows == 0)
		status = complain("nothing was measured: everything is left "
				  "out, see above");
	creation_free(&found);
	return status;
}

static int cmd_creation(int argc, char **argv)
{
	struct creation_options options = {.max = DEFAULT_MAX,
					   .runs = DEFAULT_RUNS};
	int status = cli_parse(&command_creation, argc, argv, &options);

	return status == CLI_GO ? study_run("creation", argc, argv, options.out,
					    measure_creation, &options)
				: status;
}

const struct cli_command command_creation = {
	.name = "creation",
	.summary = "what threads, processes and pools cost to create",
	.doc = "Time the creation of threads, processes and pools, in C and in "
	       "Python, by the memory of the parent in small and in huge "
	       "pages; and the faults of pages that are touched or copied.",
	.options = creation_options,
	.examples = creation_examples,
	.run = cmd_creation,
	.measures = true,
};

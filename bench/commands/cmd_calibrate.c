/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/options.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/study_run.h"
#include "bench/studies/calibrate.h"

#include <stdio.h>

enum { RUNS = 200, RUNS_MAX = 100000, HALF_THE_RUNS = RUNS_MAX + 1 };

struct calibrate_command {
	struct calibration_options run;
	int format;
	const char *out; /* NULL: a new record */
};

#define AT(field) offsetof(struct calibrate_command, field)

static const struct cli_option calibrate_options[] = {
	{"runs", 0, OPT_COUNT(0, RUNS_MAX), AT(run.runs), "N",
	 "Planted runs, quiet and with bursts each (default 200)"},
	{"tables", 0, OPT_COUNT(0, RUNS_MAX), AT(run.tables), "N",
	 "Tables of serial against itself (default: half the runs)"},
	{"budget", 0, OPT_REAL(0.5, 1e4), AT(run.budget_s), "SECONDS",
	 "Budget of each run (default 4)"},
	{"seed", 0, OPT_WHOLE, AT(run.seed), "N",
	 "Seed of what is planted (default 1)"},
	{"generations", 0, OPT_COUNT(1, 1e6), AT(run.generations), "G",
	 "Generations of each run, instead of a budget"},
	CLI_ROW_FORMAT(struct calibrate_command, format),
	STUDY_ROW_RECORD("output", 'o', struct calibrate_command, out),
	CLI_ROW_TURN(struct calibrate_command, run.turn),
	CLI_ROW_QUIET(struct calibrate_command, run.quiet),
	CLI_ROW_END,
};

static const char *check_options(const struct cli_parse *parse, void *options)
{
	struct calibration_options *run =
		&((struct calibrate_command *)options)->run;

	(void)parse;
	if (run->tables == HALF_THE_RUNS)
		run->tables = (run->runs + 1) / 2;
	return run->runs + run->tables > 0
		       ? NULL
		       : "nothing to do: name --runs or --tables from 1 on";
}

static const struct cli_example calibrate_examples[] = {
	{"breakeven calibrate --runs 10",
	 "Ten sizes that are known, quiet and with bursts: two minutes."},
	{NULL, NULL},
};

/* Interrupted, it tells of the runs that it has. Returns the exit status. */
static int measure_calibration(void *data, const struct topology *topology,
			       struct study_run *study)
{
	const struct calibrate_command *options = data;
	struct calibration_study calibration;
	const struct calibration_result *found = &calibration.found;
	char error[512];
	int status;

	if (calibration_run(&calibration, topology, &options->run, error)) {
		fprintf(stderr, "breakeven calibrate: %s\n", error);
		status = 1;
	} else {
		bool cut = calibration_is_interrupted(&calibration);

		status = study_run_tell(study, calibration_object(found), !cut,
					options->format);
		if (status == 0 && cut)
			status = interrupt_status(calibration.interrupt_fd);
		else if (found->tallies[TALLY_QUIET].failed +
			 found->tallies[TALLY_BURST].failed)
			status = 1;
	}
	calibration_free(&calibration.found);
	return status;
}

static int cmd_calibrate(int argc, char **argv)
{
	struct calibrate_command options = {
		.run = {.runs = RUNS,
			.tables = HALF_THE_RUNS,
			.budget_s = 4,
			.seed = 1},
	};
	int status = cli_parse(&command_calibrate, argc, argv, &options);

	return status == CLI_GO
		       ? study_run("calibrate", argc, argv, options.out,
				   measure_calibration, &options)
		       : status;
}

const struct cli_command command_calibrate = {
	.name = "calibrate",
	.summary = "how often bench is right",
	.doc = "Measure what is known beforehand, many times, and count how "
	       "often `bench` is right. Takes the runs times 2.5 times their "
	       "budget: half an hour and more.",
	.options = calibrate_options,
	.examples = calibrate_examples,
	.check = check_options,
	.run = cmd_calibrate,
	.measures = true,
};

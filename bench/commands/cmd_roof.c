/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/run.h"
#include "core/spec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CEILINGS	"copy,fill"
#define DEFAULT_KERNELS "square_map,square_map_f64,triad,sum,dot,minmax"

enum { ROUNDS = 2, BUDGET = 240, COUNT_MAX = 1000 };

struct roof_options {
	struct session_options run;
	int format;
	unsigned workers; /* 0: one per CPU */
	struct cli_sizes sets;
};

#define AT(field) offsetof(struct roof_options, field)

static const struct cli_option roof_table[] = {
	{"kernels", 'k', OPT_KERNELS, AT(run.kernels), "LIST",
	 "Kernels to compare with " CEILINGS " (default " DEFAULT_KERNELS ")"},
	{"bytes", 0, OPT_SIZES, AT(sets), "LIST",
	 "Bytes of all arrays together (default 32Ki,1Mi,64Mi,1Gi)"},
	{"sizes", 'n', OPT_ALIAS("bytes"), 0, NULL, NULL},
	{"workers", 'w', OPT_COUNT(1, 4096), AT(workers), "N",
	 "Number of workers beside one (default: one per CPU that we may "
	 "use)"},
	CLI_ROW_FORMAT(struct roof_options, format),
	{"budget", 0, OPT_REAL(0.1, 1e6), AT(run.budget), "SECONDS",
	 "Time to spend at most (default 240)"},
	{"rounds", 0, OPT_COUNT(1, COUNT_MAX), AT(run.rounds), "N",
	 "Of each cell in each generation (default 2)"},
	{"generations", 0, OPT_COUNT(1, COUNT_MAX), AT(run.generations), "G",
	 "Sets of fresh processes (default 6)"},
	{NULL, 0, OPT_TABLE(session_common_table), AT(run), NULL, NULL},
	CLI_ROW_END,
};

static const struct cli_example roof_examples[] = {
	{"breakeven roof -k triad,dot --bytes 32Ki,1Mi,64Mi",
	 "GB/s of two kernels beside memcpy and memset, in 5 s."},
	{NULL, NULL},
};

static int run(struct session *session, int format)
{
	const bool json = format == CLI_JSON;
	const struct run_print print = {
		.format = json ? "roof-json" : "roof",
		.form = json ? DOC_TERMINAL : (enum doc_form)format,
		.detail = STYLE_ALL,
	};
	int rc = run_grid(session);

	return run_end(session, rc == ERROR_LATE ? 0 : rc, &print);
}

/* The ceilings come first, so that they are there if the budget ends. */
static char *with_ceilings(const char *kernels)
{
	char *all;

	return asprintf(&all, "%s,%s", CEILINGS, kernels) < 0 ? NULL : all;
}

static int cmd_roof(int argc, char **argv)
{
	struct roof_options options = {
		.run = session_defaults,
		.sets = {4, {32 << 10, 1 << 20, 64 << 20, 1 << 30}},
	};
	struct session session = {.plan.command = "roof",
				  .plan.argc = argc,
				  .plan.argv = argv,
				  .plan.rounds = ROUNDS,
				  .plan.sets = options.sets.at};
	char *kernels;
	int status;

	options.run.kernels = DEFAULT_KERNELS;
	options.run.runners = "pthread-pool";
	options.run.budget = BUDGET;
	status = cli_parse(&command_roof, argc, argv, &options);
	if (status != CLI_GO)
		return status;
	kernels = with_ceilings(options.run.kernels);
	session.plan.options = options.run;
	session.plan.options.kernels = kernels;
	if (options.workers)
		session.plan.options.workers =
			(struct cli_counts){1, {options.workers}};
	session.plan.nsets = options.sets.count;
	status = kernels ? session_open(&session) : 1;
	if (status == 0)
		status = run(&session, options.format);
	else
		engine_close(&session.engine);
	session_free(&session);
	free(kernels);
	return status;
}

const struct cli_command command_roof = {
	.name = "roof",
	.summary = "memory speed of kernels beside its ceiling",
	.doc = "Measure the memory speed of kernels beside what memcpy and "
	       "memset reach, by one worker and by all.",
	.options = roof_table,
	.examples = roof_examples,
	.run = cmd_roof,
	.measures = true,
};

/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/run.h"
#include "bench/engine/worker_count.h"

enum { ROUNDS = 2 };

#define LONGEST_S 300

struct scale_options {
	struct session_options run;
	int format;
};

#define AT(field) offsetof(struct scale_options, field)

static const struct cli_option scale_table[] = {
	CLI_ROW_FORMAT(struct scale_options, format),
	{NULL, 0, OPT_TABLE(session_table), AT(run), NULL, NULL},
	CLI_ROW_END,
};

static const struct cli_example scale_examples[] = {
	{"breakeven scale -k sum -r pthread-pool,fork-pool",
	 "Two pools at each number of workers at which this machine changes."},
	{"breakeven scale -w 2,4,8,16 -k dot -n 1Ki..64Mi",
	 "Four numbers of workers of your choice."},
	{NULL, NULL},
};

static int run(struct session *session, int format)
{
	const bool json = format == CLI_JSON;
	const struct run_print print = {
		.format = json ? "scale-json" : "scale",
		.form = json ? DOC_TERMINAL : (enum doc_form)format,
		.detail = STYLE_ALL,
	};

	return run_end(session, run_whole(session), &print);
}

static int cmd_scale(int argc, char **argv)
{
	struct scale_options options = {.run = session_defaults};
	struct session session = {
		.plan.command = "scale",
		.plan.argc = argc,
		.plan.argv = argv,
		.plan.rounds = ROUNDS,
		.plan.looks = true,
		.plan.proof = true,
		.plan.worker_rule = worker_count_many,
		.plan.longest_s = LONGEST_S,
	};
	int status = cli_parse(&command_scale, argc, argv, &options);

	if (status != CLI_GO)
		return status;
	session.plan.options = options.run;
	status = session_open(&session);
	if (status == 0)
		status = run(&session, options.format);
	else
		engine_close(&session.engine);
	session_free(&session);
	return status;
}

const struct cli_command command_scale = {
	.name = "scale",
	.summary = "how many workers: break-even and speed-up by their number",
	.doc = "Measure kernels under runners at each number of workers at "
	       "which the machine changes, and print from which size on how "
	       "many of them pay, how speed-ups grow, and what is best at each "
	       "size.",
	.options = scale_table,
	.examples = scale_examples,
	.run = cmd_scale,
	.measures = true,
};

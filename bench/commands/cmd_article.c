/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/host/build_facts.h"
#include "bench/machine/machine.h"
#include "bench/studies/article.h"
#include "core/error.h"

#include <errno.h>
#include <stdio.h>

enum { DEFAULT_RUNS = 15, RUNS_MIN = 1, RUNS_MAX = 1000 };

struct article_options {
	unsigned runs;
	bool json, quiet;
};

enum { KEY_FORMAT = 256, KEY_RUNS, KEY_QUIET };

static const struct argp_option article_options[] = {
	{"runs", KEY_RUNS, "N", 0,
	 "Rounds, 1 to 1000 (default 15; six give an interval)", 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t article_parse(int key, char *arg, struct argp_state *state)
{
	struct article_options *options = state->input;

	switch (key) {
	case KEY_RUNS:
		return usage_count(state, "runs", arg, RUNS_MIN, RUNS_MAX,
				   &options->runs);
	case KEY_FORMAT:
		return usage_format(state, arg, &options->json);
	case KEY_QUIET:
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp article_argp = {
	.options = article_options,
	.parser = article_parse,
	.doc = "Do what an article on Python's multiprocessing does, in Python "
	       "and in C, in one run: five processes, a pool of four, and maps "
	       "over processes, threads and neither; then hold its claims "
	       "against the numbers.",
};

static int complain(const char *what)
{
	fprintf(stderr, "breakeven article: %s\n", what);
	return 1;
}

static int tell(const struct article *found, bool json)
{
	struct report_style style;
	int rc;

	terminal_style(&style);
	rc = json ? article_json(found, stdout)
		  : article_table(found, stdout, &style);
	if (rc < 0 || output_finish("breakeven article"))
		return 1;
	if (found->nrows == 0)
		return complain("nothing was measured: everything is left out");
	return 0;
}

static int run(const struct article_options *options,
	       const struct topology *topology, struct article *found)
{
	char error[ERROR_TEXT_MAX];
	struct progress progress;
	const struct article_plan wishes = {
		.runs = options->runs,
		.interrupt_fd = interrupt_open(),
		.topology = topology,
		.progress = &progress,
		.notice = progress_notice,
	};
	int rc;

	progress_init(&progress, options->quiet, 0);
	rc = article_measure(&wishes, found, error);
	progress_clear(&progress);
	if (rc == ERROR_INTERRUPTED)
		return interrupt_status(wishes.interrupt_fd);
	return rc ? complain(error) : tell(found, options->json);
}

int cmd_article(int argc, char **argv)
{
	struct article_options options = {.runs = DEFAULT_RUNS};
	struct article found = {.runs = 0};
	struct topology *topology;
	struct machine_facts facts;
	char error[256] = "";
	int status = usage_parse(&article_argp, argc, argv, &options);

	if (status)
		return usage_status(status);
	if (topology_load(NULL, &topology, error, sizeof(error)) < 0)
		return complain(error);
	machine_collect(topology, &facts);
	found.machine = machine_json(&facts);
	found.build = build_json();
	status = run(&options, topology, &found);
	json_decref(found.machine);
	json_decref(found.build);
	article_free(&found);
	topology_free(topology);
	return status;
}

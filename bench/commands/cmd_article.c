/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/study_run.h"
#include "bench/studies/article.h"
#include "core/error.h"

#include <stdio.h>

enum { DEFAULT_RUNS = 15, RUNS_MIN = 1, RUNS_MAX = 1000 };

struct article_options {
	unsigned runs;
	int format;
	const char *out; /* NULL: a new record */
	struct turn_options turn;
	bool quiet;
};

#define AT(field) offsetof(struct article_options, field)

static const struct cli_option article_options[] = {
	{"runs", 0, OPT_COUNT(RUNS_MIN, RUNS_MAX), AT(runs), "N",
	 "Rounds, 1 to 1000 (default 15; six give an interval)"},
	CLI_ROW_FORMAT(struct article_options, format),
	STUDY_ROW_RECORD("output", 'o', struct article_options, out),
	CLI_ROW_TURN(struct article_options, turn),
	CLI_ROW_QUIET(struct article_options, quiet),
	CLI_ROW_END,
};

static const struct cli_example article_examples[] = {
	{"breakeven article --runs 3",
	 "The article's numbers beside those of this machine, roughly."},
	{NULL, NULL},
};

static int complain(const char *what)
{
	fprintf(stderr, "breakeven article: %s\n", what);
	return 1;
}

/* Returns the exit status. */
static int measure_article(void *data, const struct topology *topology,
			   struct study_run *study)
{
	const struct article_options *options = data;
	struct article found = {.runs = 0};
	struct error error = {.text = ""};
	struct progress progress;
	const struct article_plan wishes = {
		.runs = options->runs,
		.interrupt_fd = interrupt_open(),
		.topology = topology,
		.progress = &progress,
		.notice = progress_notice,
	};
	int rc, status = 1;

	rc = turn_wait(&options->turn, wishes.interrupt_fd);
	progress_init(&progress, options->quiet, 0);
	if (rc == 0)
		rc = article_measure(&wishes, &found, &error);
	progress_clear(&progress);
	if (rc == ERROR_INTERRUPTED)
		status = interrupt_status(wishes.interrupt_fd);
	else if (rc)
		complain(error_text(&error));
	else
		status = study_run_tell(study, article_object(&found), true,
					options->format);
	if (rc == 0 && status == 0 && found.nrows == 0)
		status = complain("nothing was measured: everything is left "
				  "out");
	article_free(&found);
	return status;
}

static int cmd_article(int argc, char **argv)
{
	struct article_options options = {.runs = DEFAULT_RUNS};
	int status = cli_parse(&command_article, argc, argv, &options);

	return status == CLI_GO ? study_run("article", argc, argv, options.out,
					    measure_article, &options)
				: status;
}

const struct cli_command command_article = {
	.name = "article",
	.summary = "an article's claims on processes, in C and in Python",
	.doc = "Do what an article on Python's multiprocessing does, in Python "
	       "and in C, in one run: five processes, a pool of four, and maps "
	       "over processes, threads and neither; then hold its claims "
	       "against the numbers.",
	.options = article_options,
	.examples = article_examples,
	.run = cmd_article,
	.measures = true,
};

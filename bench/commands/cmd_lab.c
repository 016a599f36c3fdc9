/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/lab/lab.h"
#include "bench/session/session.h"
#include "system/topology.h"

#include <unistd.h>

#define LAB "breakeven lab"

struct lab_options {
	const char *folder;
	uint64_t seed;
	bool no_pause, answers;
	int format;
	struct turn_options turn;
	struct cli_files lessons;
};

#define AT(field) offsetof(struct lab_options, field)

static const struct cli_option lab_options[] = {
	{NULL, 0, OPT_FILES(0), AT(lessons), "[LESSON...]", NULL},
	{"no-pause", 0, OPT_FLAG, AT(no_pause), NULL,
	 "Ask nothing, and wait for nobody: run all through"},
	{"answers", 0, OPT_FLAG, AT(answers), NULL,
	 "Also what teachers are told"},
	{"seed", 0, OPT_WHOLE, AT(seed), "N",
	 "What changes from one student to the next (default: drawn)"},
	{"lessons", 0, OPT_FILE, AT(folder), "FOLDER",
	 "Also the lessons there, NAME.md each"},
	CLI_ROW_PAGE(struct lab_options, format),
	CLI_ROW_TURN(struct lab_options, turn),
	CLI_ROW_END,
};

static const struct cli_example lab_examples[] = {
	{"breakeven lab", "All lessons: say what you expect, then see."},
	{"breakeven lab creation false_sharing", "Two of them."},
	{"breakeven lab --no-pause -f html >course.html",
	 "The course as a page, with the numbers of this machine."},
	{NULL, NULL},
};

static int teach(struct lab *lab, const struct report_style *style)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < lab->count; i++)
		rc = lab_teach(lab, i, style);
	if (rc == ERROR_USAGE) {
		for (size_t i = 0; i < lab->count; i++)
			if (lab->results[i].outcome == LESSON_SKIPPED)
				fprintf(stderr, LAB ": %s: %s\n",
					lab->lessons[i].name,
					lab->results[i].why);
		return 2;
	}
	if (rc)
		return 130;
	if (style->form != DOC_TERMINAL)
		rc = lab_write(lab, stdout, style);
	return output_finish(LAB, rc) ? 1 : 0;
}

static int run(struct lab *lab, const struct lab_options *options)
{
	struct report_style style;
	struct topology *topology;
	struct error error;

	if (topology_load(NULL, &topology, &error)) {
		fprintf(stderr, LAB ": %s\n", error_text(&error));
		return 1;
	}
	lab_choose(lab, topology);
	topology_free(topology);
	if (turn_wait(&options->turn, -1))
		return 130;
	terminal_style(&style);
	style.count = 1;
	style.form = (enum doc_form)options->format;
	return teach(lab, &style);
}

static int cmd_lab(int argc, char **argv)
{
	struct lab_options options = {.folder = NULL};
	int status = cli_parse(&command_lab, argc, argv, &options);
	struct lab lab = {.count = 0};
	struct error error;

	if (status != CLI_GO)
		return status;
	lab.folder = options.folder;
	lab.names = options.lessons.at;
	lab.nnames = options.lessons.count;
	lab.pause = !options.no_pause && isatty(STDIN_FILENO);
	lab.teacher = options.answers;
	lab.seed = options.seed ? options.seed : session_draw_number();
	status = lab_open(&lab, &error) ? cli_wrong(LAB, error_text(&error))
					: run(&lab, &options);
	lab_free(&lab);
	return status;
}

const struct cli_command command_lab = {
	.name = "lab",
	.summary = "lessons: predict, measure here, compare",
	.doc = "Lessons on processes and threads. Each shows a claim and a few "
	       "lines of C, asks what you expect, measures on this machine, "
	       "and says what follows from what was measured. Exit status: 0; "
	       "1 when something cannot be written; 2 for a lesson that there "
	       "is not.",
	.options = lab_options,
	.examples = lab_examples,
	.run = cmd_lab,
	.measures = true,
};

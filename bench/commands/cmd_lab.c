/* SPDX-License-Identifier: MIT */
#include "bench/cli/interrupt.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/cli/turn.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/class_run.h"
#include "bench/commands/common/study_run.h"
#include "bench/lab/lab.h"
#include "bench/session/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LAB "breakeven lab"

enum { SEAT_MAX = 32 };

struct lab_options {
	const char *folder, *seat;
	const char *out, *resume; /* NULL: a new record */
	uint64_t seed;
	bool no_pause, answers;
	int format;
	struct turn_options turn;
	struct cli_files lessons;
};

static bool take_seat(const char *text, void *field)
{
	size_t characters = 0;

	for (const char *c = text; *c; c++)
		characters += (*c & 0xc0) != 0x80; /* UTF-8 */
	if (characters == 0 || characters > SEAT_MAX)
		return false;
	*(const char **)field = text;
	return true;
}

#define AT(field) offsetof(struct lab_options, field)

static const struct cli_option lab_options[] = {
	{NULL, 0, OPT_FILES(0), AT(lessons), "[LESSON...]",
	 "lessons by name; or `collect`, and files or folders of the records "
	 "of a class, for one page of them all"},
	{"no-pause", 0, OPT_FLAG, AT(no_pause), NULL,
	 "Ask nothing, and wait for nobody: run all through"},
	{"answers", 0, OPT_FLAG, AT(answers), NULL,
	 "Also what teachers are told"},
	{"seat", 0, OPT_HOOK(take_seat, "a name of at most 32 characters"),
	 AT(seat), "NAME",
	 "Your name on the record, for the page of the class (default: none)"},
	{"seed", 0, OPT_WHOLE, AT(seed), "N",
	 "What changes from one student to the next (default: drawn)"},
	{"lessons", 0, OPT_FILE, AT(folder), "FOLDER",
	 "Also the lessons there, NAME.md each"},
	{"resume", 0, OPT_FILE, AT(resume), "FILE.jsonl",
	 "Go on with a lab that was interrupted, from its record"},
	CLI_ROW_FORMAT(struct lab_options, format),
	STUDY_ROW_RECORD("output", 'o', struct lab_options, out),
	CLI_ROW_TURN(struct lab_options, turn),
	CLI_ROW_END,
};

static const char *check_options(const struct cli_parse *parse, void *data)
{
	const struct lab_options *options = data;
	static const char beside_resume[] =
		",resume,format,no-pause,answers,lessons,no-lock,"
		"wait-for-quiet,";
	bool collects = options->lessons.count &&
			strcmp(options->lessons.at[0], "collect") == 0;

	if (collects && options->lessons.count == 1)
		return "name the records of the class, or a folder of them, as "
		       "in `breakeven lab collect records/`";
	if (!collects && options->format == CLI_JSON)
		return "-f json is of records: `breakeven report -f json FILE`";
	return options->resume && (options->lessons.count ||
				   cli_given_beside(parse, beside_resume))
		       ? "--resume goes on with a lab as it was begun: no "
			 "lessons, --seat, --seed or --output beside it"
		       : NULL;
}

static const struct cli_example lab_examples[] = {
	{"breakeven lab", "All lessons: say what you expect, then see."},
	{"breakeven lab creation false_sharing", "Two of them."},
	{"breakeven lab --no-pause -f html >course.html",
	 "The course as a page, with the numbers of this machine."},
	{"breakeven lab collect -f html records/ >class.html",
	 "The predictions and results of a class, as a page."},
	{NULL, NULL},
};

/* A lab, and the record that it leaves. */
struct lab_run {
	const struct lab_options *options;
	struct study_run *study;
	struct lab lab;
	bool begun; /* the record has the lab */
};

/* ------------------------------------------------------------- the record */

static void keep_answer(void *data, const struct lab_answer *answer)
{
	struct lab_run *run = data;

	if (run->begun)
		study_run_add(run->study, "lessons", lab_answer_json(answer));
	else
		study_run_put(run->study, lab_object(&run->lab));
	run->begun = true;
}

static void tell_resume(const struct lab_run *run)
{
	const char *path = study_run_path(run->study);

	if (path)
		fprintf(stderr,
			"\n" LAB ": what was predicted and measured is kept; "
			"go on with: breakeven lab --resume %s\n",
			path);
}

static void tell_score(const struct lab_run *run)
{
	const char *path = study_run_path(run->study);
	size_t predicted = 0, right = 0;

	for (size_t i = 0; i < run->lab.count; i++) {
		const struct lab_answer *answer = &run->lab.results[i].answer;

		predicted += lab_is_judged(answer);
		right += lab_is_right(answer);
	}
	if (predicted)
		printf("\n%zu of %zu predictions were right.\n", right,
		       predicted);
	if (path)
		printf("\nRecord: %s\n", path);
}

/* ------------------------------------------------------------- teaching */

static int tell_unusable(const struct lab *lab)
{
	for (size_t i = 0; i < lab->count; i++)
		if (lab->results[i].answer.state == LAB_SKIPPED)
			fprintf(stderr, LAB ": %s: %s\n", lab->lessons[i].name,
				lab->results[i].answer.why);
	return 2;
}

static int teach(struct lab_run *run)
{
	struct lab *lab = &run->lab;
	struct report_style style;
	int rc = 0, status;

	terminal_style(&style);
	style.count = 1;
	style.form = (enum doc_form)run->options->format;
	for (size_t i = 0; rc == 0 && i < lab->count; i++)
		rc = lab_teach(lab, i, &style);
	status = study_run_close(run->study, rc == 0);
	if (rc == ERROR_USAGE)
		return tell_unusable(lab);
	if (rc) {
		tell_resume(run);
		return interrupt_status(lab->interrupt_fd);
	}
	if (style.form == DOC_TERMINAL)
		tell_score(run);
	else
		rc = lab_write(lab, stdout, &style);
	return output_finish(LAB, rc) ? 1 : status;
}

static int open_and_teach(struct lab_run *run, const struct topology *topology,
			  const struct lab_result *found)
{
	struct lab *lab = &run->lab;
	struct error error;
	int status;

	if (lab_open(lab, &error)) {
		status = cli_wrong(LAB, error_text(&error));
	} else {
		lab_choose(lab, topology);
		if (found)
			lab_restore(lab, found);
		status = teach(run);
	}
	lab_free(lab);
	return status;
}

static int begin_lab(void *data, const struct topology *topology,
		     struct study_run *study)
{
	struct lab_run *run = data;
	const struct lab_options *options = run->options;

	run->study = study;
	run->lab.names = (const char *const *)options->lessons.at;
	run->lab.nnames = options->lessons.count;
	run->lab.folder = options->folder;
	run->lab.seat = options->seat;
	run->lab.seed = options->seed ? options->seed : session_draw_number();
	return open_and_teach(run, topology, NULL);
}

/* The lessons that it began with. */
static int resume_found(struct lab_run *run, const struct topology *topology,
			const struct lab_result *found)
{
	const struct lab_options *options = run->options;
	const char **names = calloc(found->count + 1, sizeof(*names));
	int status;

	if (!names)
		return 1;
	for (size_t i = 0; i < found->count; i++)
		names[i] = found->answers[i].lesson;
	run->begun = true;
	run->lab.names = names;
	run->lab.nnames = (int)found->count;
	run->lab.folder = options->folder ? options->folder : found->folder;
	run->lab.seat = found->seat;
	run->lab.seed = found->seed;
	status = open_and_teach(run, topology, found);
	free(names);
	return status;
}

static int resume_lab(void *data, const struct topology *topology,
		      struct study_run *study)
{
	struct lab_run *run = data;
	json_t *object = study_run_object(study);
	struct lab_result found;
	int status = 2;

	run->study = study;
	if (lab_result_read(object, &found) || found.count == 0)
		fprintf(stderr,
			LAB ": --resume: %s was cut off before its first "
			    "lesson, or is of another version\n",
			study_run_path(study));
	else
		status = resume_found(run, topology, &found);
	lab_result_free(&found);
	json_decref(object);
	return status;
}

/* ------------------------------------------------------------- the command */

static int run_lab(int argc, char **argv, const struct lab_options *options)
{
	struct lab_run run = {
		.options = options,
		.lab = {.pause = !options->no_pause && isatty(STDIN_FILENO),
			.teacher = options->answers,
			.turn = &options->turn,
			.interrupt_fd = interrupt_open(),
			.keep = keep_answer,
			.data = &run},
	};

	/* So that poll() sees all that was typed. */
	setvbuf(stdin, NULL, _IONBF, 0);
	if (options->resume)
		return study_resume("lab", options->resume, resume_lab, &run);
	return study_run("lab", argc, argv, options->out, begin_lab, &run);
}

static int cmd_lab(int argc, char **argv)
{
	struct lab_options options = {.folder = NULL};
	int status = cli_parse(&command_lab, argc, argv, &options);

	if (status != CLI_GO)
		return status;
	if (options.lessons.count &&
	    strcmp(options.lessons.at[0], "collect") == 0)
		return class_run(LAB, options.lessons.at + 1,
				 options.lessons.count - 1, options.format);
	return run_lab(argc, argv, &options);
}

const struct cli_command command_lab = {
	.name = "lab",
	.summary = "lessons: predict, measure here, compare",
	.doc = "Lessons on processes and threads. Each shows a claim and a few "
	       "lines of C, asks what you expect, measures on this machine, "
	       "and says what follows from what was measured. All is kept in a "
	       "record. Exit status: 0; 1 when something cannot be written; 2 "
	       "for a lesson that there is not; 130 for Ctrl-C.",
	.options = lab_options,
	.examples = lab_examples,
	.check = check_options,
	.run = cmd_lab,
	.measures = true,
};

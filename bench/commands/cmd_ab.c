/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/compare/compare.h"
#include "analysis/verdicts.h"
#include "bench/cli/options.h"
#include "bench/cli/outfile.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/fail_on.h"
#include "bench/engine/describe.h"
#include "bench/host/registry.h"
#include "bench/session/turns.h"
#include "report/pages/compare_formats.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_END ".jsonl"
#define SIDE_A	   "-a"

/* A pair of rounds in each generation: one in each order. */
enum { ROUNDS = 2, STATUS_BEYOND = 1, STATUS_NO_ANSWER = 3 };

struct ab_options {
	struct session_options run;
	struct compare_limits limits;
	int format; /* an index of compare_formats */
	struct cli_files sides;
};

/* One of the two. */
struct ab_side {
	const char *kernel;	/* a spec; NULL: it is a build */
	char program[PATH_MAX]; /* of a build */
	json_t *build;		/* what that was built from */
	char *out;		/* the record */
};

#define AT(field) offsetof(struct ab_options, field)

static const struct cli_option ab_options[] = {
	{NULL, 0, OPT_FILES(2), AT(sides), "A B",
	 "two kernels, as in `breakeven ab ./old.so ./new.so`, or two builds, "
	 "each a `breakeven` or the folder that holds it"},
	{NULL, 0, OPT_TABLE(session_work_table), AT(run), NULL, NULL},
	CLI_ROW_FAIL_ON(struct ab_options, limits),
	CLI_ROW_FORMAT(struct ab_options, format),
	{NULL, 0, OPT_TABLE(session_common_table), AT(run), NULL, NULL},
	CLI_ROW_END,
};

static const struct cli_example ab_examples[] = {
	{"breakeven ab ./old.so ./new.so -r pthread-pool --fail-on slower=5%",
	 "Two versions of a kernel; status 1 if the new one is slower by more "
	 "than 5 %."},
	{"breakeven ab old/build new/build -k sum -r fork-pool,openmp",
	 "Two builds of breakeven: a kernel and two runners of each."},
	{"breakeven ab spin:ops=100 spin:ops=101",
	 "One kernel with two options."},
	{NULL, NULL},
};

static int ab_complain(const char *what, const char *why)
{
	fprintf(stderr, "breakeven ab: %s: %s\n", what, why);
	return 2;
}

/* ------------------------------------------------------------- sides */

static bool ab_is_program(const char *path)
{
	const char *end = strrchr(path, '.');
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) &&
	       access(path, X_OK) == 0 && !(end && strcmp(end, ".so") == 0);
}

/* The program of a build, or of the folder that it lies in. */
static bool ab_find_program(const char *text, char program[PATH_MAX])
{
	char inside[PATH_MAX];

	snprintf(inside, sizeof(inside), "%s/breakeven", text);
	if (ab_is_program(inside))
		return realpath(inside, program) != NULL;
	return strchr(text, '/') && ab_is_program(text) &&
	       realpath(text, program);
}

/* Is it one of ours, whatever folders there are? */
static bool ab_is_kernel(const char *text)
{
	const struct kernel *const *kernels = registry_kernels();
	size_t length = strcspn(text, ":");

	while (*kernels && (strlen((*kernels)->name) != length ||
			    strncmp((*kernels)->name, text, length) != 0))
		kernels++;
	return *kernels != NULL;
}

static bool ab_is_folder(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* 0, or the exit status with the reason told. */
static int ab_take_side(const char *text, struct ab_side *side)
{
	struct error error;

	if (!*text || strchr(text, ','))
		return ab_complain(*text ? text : "an empty side",
				   "name one kernel, or one build, for a side");
	if (ab_is_kernel(text) || !ab_find_program(text, side->program))
		side->kernel = text;
	if (side->kernel && !ab_is_kernel(text) && ab_is_folder(text))
		return ab_complain(text, "there is no `breakeven` in this "
					 "folder: build it, or name the folder "
					 "of a build");
	if (side->kernel)
		return 0;
	return describe_build(side->program, &side->build, &error)
		       ? ab_complain(text, error.text)
		       : 0;
}

/* Likewise. */
static int ab_take_sides(const struct ab_options *options,
			 struct ab_side sides[TURNS_SIDES])
{
	const char *out = options->run.out;
	int status = 0;

	if (options->sides.count > TURNS_SIDES)
		return ab_complain(options->sides.at[TURNS_SIDES],
				   "name two sides, A and B");
	for (size_t s = 0; status == 0 && s < TURNS_SIDES; s++)
		status = ab_take_side(options->sides.at[s], &sides[s]);
	if (status)
		return status;
	if (!sides[0].kernel != !sides[1].kernel)
		return ab_complain(options->sides.at[sides[0].kernel != NULL],
				   "is a build, and the other side is a "
				   "kernel: name two of one kind");
	if (sides[0].kernel && options->run.kernels)
		return ab_complain("--kernels", "the sides are kernels");
	if (out && (!*out || out[strlen(out) - 1] == '/'))
		return ab_complain("--output", "name a file, as x.jsonl, of "
					       "which the sides' records are "
					       "x-a.jsonl and x-b.jsonl");
	return 0;
}

/* "x.jsonl" to "x-a.jsonl" and "x-b.jsonl". */
static bool ab_name_records(const char *wanted,
			    struct ab_side sides[TURNS_SIDES])
{
	char *path = wanted ? strdup(wanted) : outfile_new("ab-", SIDE_A);
	const char *ending = wanted ? RECORD_END : SIDE_A RECORD_END;
	size_t length = path ? strlen(path) : 0, end = strlen(ending);
	bool good = path != NULL;

	if (length > end && strcmp(path + length - end, ending) == 0)
		length -= end;
	for (size_t s = 0; good && s < TURNS_SIDES; s++)
		good = asprintf(&sides[s].out, "%.*s-%c" RECORD_END,
				(int)length, path, "ab"[s]) >= 0;
	free(path);
	return good;
}

/* ------------------------------------------------------------- answer */

/* What of a run that was not `whole` is missing needs no reason. */
static int ab_write(const struct ab_options *options,
		    const struct compare_side sides[TURNS_SIDES], bool whole)
{
	const struct compare_wishes wishes = {.of = TIMINGS_TIME};
	struct comparison comparison;
	struct report_style style;
	int status = STATUS_NO_ANSWER;
	int rc = compare_init(&comparison, &sides[0], &sides[1], &wishes);

	terminal_style(&style);
	style.count = 1;
	if (rc == 0)
		rc = compare_formats[options->format].write(
			stdout, &comparison, &options->limits, &style);
	if (rc == 0 && comparison.comparisons + comparison.few > 0)
		status = compare_is_beyond(&comparison, &options->limits)
				 ? STATUS_BEYOND
				 : 0;
	else if (rc == 0 && whole)
		ab_complain("no answer", "no cell was measured on both sides: "
					 "give it more --budget");
	compare_free(&comparison);
	return output_finish("breakeven ab", rc) ? STATUS_NO_ANSWER : status;
}

static int ab_tell(const struct ab_options *options,
		   const struct session sessions[TURNS_SIDES], bool whole)
{
	struct findings *findings[TURNS_SIDES];
	struct compare_side sides[TURNS_SIDES];
	int status = STATUS_NO_ANSWER;

	for (size_t s = 0; s < TURNS_SIDES; s++) {
		findings[s] = findings_make(sessions[s].engine.record);
		sides[s] = (struct compare_side){sessions[s].out,
						 sessions[s].engine.record,
						 findings[s]};
	}
	if (findings[0] && findings[1])
		status = ab_write(options, sides, whole);
	else
		ab_complain("the comparison", "out of memory");
	for (size_t s = 0; s < TURNS_SIDES; s++)
		findings_free(findings[s]);
	fprintf(stderr, "the records are %s and %s\n", sessions[0].out,
		sessions[1].out);
	return status;
}

/* ------------------------------------------------------------- running */

static struct session ab_make_session(const struct ab_options *options,
				      const struct ab_side *side, int argc,
				      char **argv)
{
	struct session session = {
		.plan.command = "ab",
		.plan.argc = argc,
		.plan.argv = argv,
		.plan.rounds = ROUNDS,
		.plan.options = options->run,
		.engine.program = side->kernel ? NULL : side->program,
		.engine.build = side->build,
	};

	session.plan.options.out = side->out;
	if (side->kernel)
		session.plan.options.kernels = side->kernel;
	else if (!options->run.kernels)
		session.plan.options.kernels = session_defaults.kernels;
	return session;
}

/* End both; the error is that of the side `failed`. Returns the exit status. */
static int ab_close(struct session sessions[TURNS_SIDES], int rc, size_t failed)
{
	int status[TURNS_SIDES];

	for (size_t s = TURNS_SIDES; s-- > 0;) {
		bool other = rc && s != failed;

		status[s] =
			session_close(&sessions[s], other ? ERROR_LATE : rc);
	}
	return rc ? status[failed] : status[0] ? status[0] : status[1];
}

/* Status 1 is an answer here: what failed is none. */
static int ab_get_status(int status)
{
	return status == 1 ? STATUS_NO_ANSWER : status;
}

/* A side has no record, since nothing was measured, nor noted why. */
static int ab_tell_nothing(const struct session sessions[TURNS_SIDES])
{
	const struct session *noted = &sessions[sessions[0].empty];

	if (noted->empty)
		fprintf(stderr, "breakeven ab: nothing was measured within the "
				"budget: give it more --budget\n");
	else
		fprintf(stderr,
			"breakeven ab: nothing was measured on both sides: "
			"`breakeven report %s` says why\n",
			noted->out);
	return STATUS_NO_ANSWER;
}

static int ab_run(const struct ab_options *options,
		  struct session sessions[TURNS_SIDES])
{
	size_t failed = 0;
	int rc, status = turns_open(sessions);

	if (status) {
		engine_close(&sessions[1].engine);
		engine_close(&sessions[0].engine);
		return ab_get_status(status);
	}
	rc = turns_measure(sessions, &failed);
	compare_join(sessions[0].engine.record, sessions[1].engine.record);
	for (size_t s = 0; rc == 0 && s < TURNS_SIDES; s++) {
		if (verdicts_put(sessions[s].engine.record) == 0)
			continue;
		failed = s;
		rc = error_set(&sessions[s].engine.error, ERROR_FAILED,
			       "the record %s cannot be written whole",
			       sessions[s].out);
	}
	status = ab_close(sessions, rc, failed);
	if (sessions[0].empty || sessions[1].empty)
		return ab_tell_nothing(sessions);
	rc = ab_tell(options, sessions, status == 0);
	return status ? ab_get_status(status) : rc;
}

static int ab_run_sides(const struct ab_options *options,
			struct ab_side sides[TURNS_SIDES], int argc,
			char **argv)
{
	struct session sessions[TURNS_SIDES];
	int status = STATUS_NO_ANSWER;

	if (ab_name_records(options->run.out, sides)) {
		for (size_t s = 0; s < TURNS_SIDES; s++)
			sessions[s] =
				ab_make_session(options, &sides[s], argc, argv);
		status = ab_run(options, sessions);
		turns_free(sessions);
	} else {
		ab_complain("the records", "out of memory");
	}
	for (size_t s = 0; s < TURNS_SIDES; s++)
		free(sides[s].out);
	return status;
}

static void ab_forget_builds(const struct ab_side sides[TURNS_SIDES])
{
	for (size_t s = 0; s < TURNS_SIDES; s++)
		json_decref(sides[s].build);
}

static int cmd_ab(int argc, char **argv)
{
	struct ab_options options = {.run = session_defaults,
				     .limits = {NAN, NAN, NAN}};
	struct ab_side sides[TURNS_SIDES] = {{.kernel = NULL}};
	int status;

	options.run.kernels = NULL; /* named, or not? */
	status = cli_parse(&command_ab, argc, argv, &options);
	if (status != CLI_GO)
		return status;
	status = ab_take_sides(&options, sides);
	if (status == 0)
		status = ab_run_sides(&options, sides, argc, argv);
	ab_forget_builds(sides);
	return status;
}

const struct cli_command command_ab = {
	.name = "ab",
	.summary = "measure two kernels, or two builds, against each other",
	.doc = "Measure two kernels, or two builds of breakeven, by turns in "
	       "one run, so that what the machine does meets both, and "
	       "compare them: the honest test for a regression. Each side "
	       "leaves a record, FILE-a.jsonl and FILE-b.jsonl, of which "
	       "`breakeven compare` says the same "
	       "again. Exit status: 0; 1 when something is beyond a limit of "
	       "--fail-on; 2 for a usage error; 3 when there is no answer.",
	.options = ab_options,
	.examples = ab_examples,
	.run = cmd_ab,
	.measures = true,
};

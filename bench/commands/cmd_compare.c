/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/compare/compare.h"
#include "bench/cli/list.h"
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/commands/common/fail_on.h"
#include "bench/commands/common/study_compare_run.h"
#include "report/pages/compare_formats.h"
#include "results/atomic_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What could not be compared must not look like a result. */
enum { STATUS_BEYOND = 1, STATUS_WRONG = 2, STATUS_NO_ANSWER = 3 };

struct compare_options {
	int format;	 /* an index of compare_formats */
	const char *out; /* NULL: standard output */
	const char *kernels, *runners;
	int of; /* an enum timings_of; -1: as the CPUs have it */
	struct compare_limits limits;
	struct cli_files files;
};

static const char *format_name(size_t i)
{
	return compare_formats[i].name;
}

static const char *const subjects[] = {
	[TIMINGS_TIME] = "time", [TIMINGS_SPEEDUP] = "speedup", NULL};

#define AT(field) offsetof(struct compare_options, field)

static const struct cli_option compare_options[] = {
	{NULL, 0, OPT_FILES(2), AT(files), "A B...",
	 "two records, as in `breakeven compare before.jsonl after.jsonl`; a "
	 "record may be compared with itself, with -k or -r"},
	{"kernels", 'k', OPT_KERNELS, AT(kernels), "NAME,OLD=NEW,...",
	 "Only these kernels; OLD of the first record with NEW of the others"},
	{"runners", 'r', OPT_RUNNERS, AT(runners), "NAME,OLD=NEW,...",
	 "Only these runners, likewise"},
	{"of", 0, OPT_CHOICE(subjects), AT(of), "WHAT",
	 "Compare time, of a call, or speedup, over serial (default: time, of "
	 "records of different CPUs speedup)"},
	{NULL, 'c', OPT_ALIAS("of"), 0, NULL, NULL},
	CLI_ROW_FAIL_ON(struct compare_options, limits),
	{"format", 'f', OPT_CHOICE_AT(format_name), AT(format), "FORMAT",
	 "Output format: table (default), markdown or json"},
	{"output", 'o', OPT_OUTPUT, AT(out), "FILE",
	 "Output file (default: standard output; written whole, or not at "
	 "all)"},
	CLI_ROW_END,
};

static const struct cli_example compare_examples[] = {
	{"breakeven bench -k sum -r pthread-pool -o before.jsonl", "A record."},
	{"breakeven bench -k sum -r pthread-pool -o after.jsonl",
	 "Another one, after a change."},
	{"breakeven compare before.jsonl after.jsonl",
	 "What has become slower or faster, with intervals."},
	{"breakeven compare --fail-on slower=5% before.jsonl after.jsonl",
	 "The same, for scripts: status 1 if something is slower by more "
	 "than 5 %."},
	{NULL, NULL},
};

/* ------------------------------------------------------------- records */

struct side {
	struct record *record; /* NULL: it is that of the first */
	bool same;	       /* as the first */
	struct findings *findings;
	struct compare_side side;
};

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int read_side(const char *path, struct side *side, struct side *first)
{
	char error[ERROR_TEXT_MAX];

	/* It has no path where it could not be read. */
	if (side != first && first->side.path &&
	    same_file(path, first->side.path)) {
		side->same = true;
		side->side.path = path;
		return 0;
	}
	if (record_read(path, &side->record, error)) {
		fprintf(stderr, "breakeven compare: %s\n", error);
		return -1;
	}
	side->side.path = path;
	side->side.record = side->record;
	if (side != first && first->record)
		compare_join(first->record, side->record);
	return 0;
}

static int judge_side(struct side *side)
{
	if (!side->record)
		return 0;
	side->findings = findings_make(side->record);
	side->side.findings = side->findings;
	if (side->findings)
		return 0;
	fprintf(stderr, "breakeven compare: out of memory\n");
	return -1;
}

static void free_sides(struct side *sides, size_t count)
{
	for (size_t i = 0; sides && i < count; i++) {
		findings_free(sides[i].findings);
		record_free(sides[i].record);
	}
	free(sides);
}

/* All of them, or NULL when it has been told why not. */
static struct side *read_sides(const struct compare_options *options)
{
	struct side *sides =
		calloc((size_t)options->files.count, sizeof(*sides));
	bool bad = false;

	if (!sides) {
		fprintf(stderr, "breakeven compare: out of memory\n");
		return NULL;
	}
	for (int i = 0; i < options->files.count; i++)
		bad |= read_side(options->files.at[i], &sides[i], sides) < 0;
	for (int i = 0; !bad && i < options->files.count; i++)
		bad = judge_side(&sides[i]) < 0;
	for (int i = 0; !bad && i < options->files.count; i++)
		if (sides[i].same) {
			sides[i].side.record = sides[0].record;
			sides[i].side.findings = sides[0].findings;
		}
	if (!bad)
		return sides;
	free_sides(sides, (size_t)options->files.count);
	return NULL;
}

/* ------------------------------------------------------------- names */

/* What a record has of kernels, or of runners. */
struct known {
	const char **names;
	size_t count;
};

static int known_of(const struct record *record, bool kernels,
		    struct known *known)
{
	known->count = kernels ? record->nkernels : record->nrunners;
	known->names = calloc(known->count + 1, sizeof(*known->names));
	if (!known->names)
		return -ENOMEM;
	for (size_t i = 0; i < known->count; i++)
		known->names[i] =
			kernels ? record->kernels[i] : record->runners[i].spec;
	return 0;
}

static void tell_known(const char *path, const struct known *known)
{
	fprintf(stderr, "  %s has", path);
	for (size_t i = 0; i < known->count; i++)
		fprintf(stderr, "%s %s", i ? "," : "", known->names[i]);
	fputc('\n', stderr);
}

static int find_names(char **items, size_t count, const struct known known[2],
		      const struct side *a, const struct side *b, bool kernels,
		      struct compare_names *names)
{
	for (size_t i = 0; i < count; i++) {
		if (compare_find_names(items[i], known[0].names, known[0].count,
				       known[1].names, known[1].count,
				       &names[i]))
			continue;
		fprintf(stderr,
			"breakeven compare: -%c '%s' is no %s of both records, "
			"and no OLD=NEW of theirs\n",
			kernels ? 'k' : 'r', items[i],
			kernels ? "kernel" : "runner");
		tell_known(a->side.path, &known[0]);
		tell_known(b->side.path, &known[1]);
		return -EINVAL;
	}
	return 0;
}

/* The list that was given, as names of the two records; without one, none. 0,
 * -EINVAL when it has been told what is wrong, or -ENOMEM. */
static int settle_names(const char *text, bool kernels, const struct side *a,
			const struct side *b, struct compare_names **names,
			size_t *count)
{
	struct known known[2] = {{NULL, 0}, {NULL, 0}};
	char **items = NULL;
	int rc;

	*names = NULL;
	*count = 0;
	if (!text)
		return 0;
	rc = list_split(text, &items, count);
	if (rc == -EINVAL)
		fprintf(stderr,
			"breakeven compare: a name is missing in -%c '%s'\n",
			kernels ? 'k' : 'r', text);
	if (rc == 0)
		rc = known_of(a->side.record, kernels, &known[0]);
	if (rc == 0)
		rc = known_of(b->side.record, kernels, &known[1]);
	if (rc == 0) {
		*names = calloc(*count + 1, sizeof(**names));
		rc = *names ? find_names(items, *count, known, a, b, kernels,
					 *names)
			    : -ENOMEM;
	}
	list_free(items, *count);
	free(known[0].names);
	free(known[1].names);
	return rc;
}

/* ------------------------------------------------------------- telling */

/* What the exit status depends on, of all records that were compared. */
struct outcome {
	bool beyond, common;
};

static void judge(const struct comparison *comparison,
		  const struct compare_limits *limits, struct outcome *outcome)
{
	outcome->common |= comparison->comparisons + comparison->few > 0;
	outcome->beyond |= compare_is_beyond(comparison, limits);
}

static enum timings_of settle_of(const struct compare_options *options,
				 const struct side *a, const struct side *b)
{
	if (options->of >= 0)
		return (enum timings_of)options->of;
	return compare_other_cpu(a->side.record, b->side.record)
		       ? TIMINGS_SPEEDUP
		       : TIMINGS_TIME;
}

static bool is_study(const struct side *side)
{
	return side->side.record && side->side.record->study;
}

/* Records of a study have neither kernels nor break-even sizes. */
static int write_study(const struct compare_options *options,
		       const struct side *a, const struct side *b, FILE *out,
		       const struct report_style *style,
		       struct outcome *outcome)
{
	const struct compare_limits *limits = &options->limits;
	int form = compare_formats[options->format].form;
	const struct study_compare_request request = {
		.path_a = a->side.path,
		.path_b = b->side.path,
		.a = a->side.record,
		.b = b->side.record,
		.json = form < 0,
		.slower = limits->slower,
		.faster = limits->faster,
	};
	struct report_style own = *style;
	struct study_outcome found = {.common = false};
	int rc;

	if (options->kernels || options->runners || options->of >= 0 ||
	    !isnan(limits->breakeven)) {
		fprintf(stderr, "breakeven compare: -k, -r, --of and --fail-on "
				"breakeven= are for records of `bench`: leave "
				"them out\n");
		return -EINVAL;
	}
	own.form = form < 0 ? DOC_TERMINAL : (enum doc_form)form;
	rc = study_compare_run(&request, out, &own, &found);
	if (rc == 0 && !found.known &&
	    !(isnan(limits->slower) && isnan(limits->faster)))
		fprintf(stderr, "breakeven compare: --fail-on found nothing: "
				"no number has an interval\n");
	outcome->common |= found.common;
	outcome->beyond |= found.slower || found.faster;
	return rc;
}

static int write_one(const struct compare_options *options,
		     const struct side *a, const struct side *b, FILE *out,
		     const struct report_style *style, struct outcome *outcome)
{
	struct compare_wishes asked = {.of = settle_of(options, a, b)};
	struct comparison comparison;
	int rc;

	if (is_study(a) || is_study(b))
		return write_study(options, a, b, out, style, outcome);
	rc = settle_names(options->kernels, true, a, b, &asked.kernels,
			  &asked.nkernels);
	if (rc == 0)
		rc = settle_names(options->runners, false, a, b, &asked.runners,
				  &asked.nrunners);
	if (rc == 0) {
		rc = compare_init(&comparison, &a->side, &b->side, &asked);
		if (rc == 0)
			judge(&comparison, &options->limits, outcome);
		if (rc == 0)
			rc = compare_formats[options->format].write(
				out, &comparison, &options->limits, style);
		compare_free(&comparison);
	}
	free(asked.kernels);
	free(asked.runners);
	return rc;
}

static int write_all(const struct compare_options *options,
		     const struct side *sides, struct atomic_file *out,
		     struct outcome *outcome)
{
	struct report_style style;
	int rc = 0;

	terminal_style(&style);
	style.count = (unsigned)options->files.count - 1;
	for (; rc == 0 && style.index < style.count; style.index++)
		rc = write_one(options, sides, &sides[style.index + 1],
			       out->file, &style, outcome);
	if (rc == 0)
		return atomic_file_commit(out);
	atomic_file_discard(out);
	return rc;
}

static int write_answer(const struct compare_options *options,
			const struct side *sides)
{
	struct outcome outcome = {false, false};
	struct atomic_file out;
	int rc = atomic_file_begin(&out, options->out);

	if (rc == 0)
		rc = write_all(options, sides, &out, &outcome);
	if (rc == -EINVAL)
		return STATUS_WRONG;
	if (rc == -ENODATA)
		return STATUS_NO_ANSWER;
	if (rc) {
		fprintf(stderr, "breakeven compare: %s cannot be written: %s\n",
			options->out ? options->out : "standard output",
			strerror(-rc));
		return STATUS_NO_ANSWER;
	}
	if (!outcome.common) {
		fprintf(stderr,
			"breakeven compare: nothing is in both records\n");
		return STATUS_NO_ANSWER;
	}
	return outcome.beyond ? STATUS_BEYOND : 0;
}

static int cmd_compare(int argc, char **argv)
{
	struct compare_options options = {.of = -1, .limits = {NAN, NAN, NAN}};
	int status = cli_parse(&command_compare, argc, argv, &options);
	struct side *sides;

	if (status != CLI_GO)
		return status;
	sides = read_sides(&options);
	if (!sides)
		return STATUS_NO_ANSWER;
	status = write_answer(&options, sides);
	free_sides(sides, (size_t)options.files.count);
	return status;
}

const struct cli_command command_compare = {
	.name = "compare",
	.summary = "hold records against one another",
	.doc = "Hold records against the first one: two machines, two builds, "
	       "before and after; verdicts with intervals, from the records "
	       "alone. Exit status: 0; 1 when something is beyond a limit of "
	       "--fail-on; 2 for a usage error; 3 when there is no answer: a "
	       "record cannot be read, nothing is in both, or the output "
	       "cannot be written.",
	.options = compare_options,
	.examples = compare_examples,
	.run = cmd_compare,
};

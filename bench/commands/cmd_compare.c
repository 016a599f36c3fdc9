/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/compare.h"
#include "bench/cli/list.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "report/pages/compare_formats.h"
#include "results/whole_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What could not be compared must not look like a result. */
enum { STATUS_BEYOND = 1, STATUS_WRONG = 2, STATUS_NO_ANSWER = 3 };

struct compare_args {
	const struct compare_format *format;
	const char *out; /* NULL: standard output */
	const char *kernels, *runners;
	const char *of; /* NULL: as the CPUs have it */
	struct compare_limits limits;
	char **files;
	int nfiles;
};

static const struct argp_option compare_options[] = {
	{"kernels", 'k', "NAME,OLD=NEW,...", 0,
	 "Only these kernels; OLD of the first record with NEW of the others",
	 0},
	{"runners", 'r', "NAME,OLD=NEW,...", 0, "Only these runners, likewise",
	 0},
	{"of", 'c', "WHAT", 0,
	 "Compare time, of a call, or speedup, over serial (default: time, of "
	 "records of different CPUs speedup)",
	 0},
	{"fail-on", 'F', "LIMIT=PERCENT", 0,
	 "End with status 1 where it is proven that a cell is slower, or "
	 "faster, or a break-even size larger (breakeven) by more than that: "
	 "slower=5%; may be given several times",
	 0},
	{"format", 'f', "FORMAT", 0, "table (default), markdown or json", 0},
	{"output", 'o', "FILE", 0,
	 "Where to (default: standard output); it is there whole, or not at "
	 "all",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

/* "slower=5%"; the sign may be missing. */
static error_t parse_limit(struct argp_state *state, const char *text,
			   struct compare_limits *limits)
{
	double *const places[] = {
		[LIMIT_SLOWER] = &limits->slower,
		[LIMIT_FASTER] = &limits->faster,
		[LIMIT_BREAKEVEN] = &limits->breakeven,
	};

	for (int kind = 0; kind < LIMIT_KINDS; kind++) {
		size_t length = strlen(limit_names[kind]);
		double percent;
		char *end;

		if (strncmp(text, limit_names[kind], length) != 0 ||
		    text[length] != '=')
			continue;
		percent = strtod(text + length + 1, &end);
		if (end == text + length + 1 || (*end == '%' && end[1]) ||
		    (*end && *end != '%') || !(percent >= 0 && percent <= 1e6))
			break;
		*places[kind] = log1p(percent / 100);
		return 0;
	}
	argp_error(state,
		   "--fail-on takes slower=, faster= or breakeven= and a per "
		   "cent from 0 on, as slower=5%%; not '%s'",
		   text);
	return EINVAL;
}

static error_t parse_format(struct argp_state *state, const char *text,
			    struct compare_args *wishes)
{
	wishes->format = compare_find_format(text);
	if (wishes->format)
		return 0;
	argp_error(state, "--format takes table, markdown or json, not '%s'",
		   text);
	return EINVAL;
}

static error_t parse_files(struct argp_state *state,
			   struct compare_args *wishes)
{
	wishes->files = state->argv + state->next;
	wishes->nfiles = state->argc - state->next;
	if (wishes->nfiles > 1)
		return 0;
	argp_error(state, "name two records, as in `breakeven compare "
			  "before.jsonl after.jsonl`; a record may be compared "
			  "with itself, with -k or -r");
	return EINVAL;
}

static error_t parse_of(struct argp_state *state, const char *text,
			struct compare_args *wishes)
{
	wishes->of = text;
	if (strcmp(text, "time") == 0 || strcmp(text, "speedup") == 0)
		return 0;
	argp_error(state, "--of takes time or speedup, not '%s'", text);
	return EINVAL;
}

static error_t compare_parse(int key, char *arg, struct argp_state *state)
{
	struct compare_args *wishes = state->input;

	switch (key) {
	case 'k':
		wishes->kernels = arg;
		return 0;
	case 'r':
		wishes->runners = arg;
		return 0;
	case 'c':
		return parse_of(state, arg, wishes);
	case 'F':
		return parse_limit(state, arg, &wishes->limits);
	case 'f':
		return parse_format(state, arg, wishes);
	case 'o':
		wishes->out = arg;
		return 0;
	case ARGP_KEY_ARGS:
		return parse_files(state, wishes);
	case ARGP_KEY_NO_ARGS:
		state->next = state->argc;
		return parse_files(state, wishes);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp compare_argp = {
	.options = compare_options,
	.parser = compare_parse,
	.args_doc = "A B...",
	.doc = "Hold records against the first one: two machines, two builds, "
	       "before and after; verdicts with intervals, from the records "
	       "alone. Exit status: 0; 1 when something is beyond a limit of "
	       "--fail-on; 2 for a usage error; 3 when there is no answer: a "
	       "record cannot be read, nothing is in both, or the output "
	       "cannot be written.",
};

/* ------------------------------------------------------------- records */

struct side {
	struct record *record; /* NULL: it is that of the first */
	struct findings *findings;
	struct compare_side side;
};

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int read_side(const char *path, struct side *side,
		     const struct side *first)
{
	char error[RECORD_ERROR_MAX];

	/* It has no path where it could not be read. */
	if (side != first && first->side.path &&
	    same_file(path, first->side.path)) {
		side->side = first->side;
		side->side.path = path;
		return 0;
	}
	if (record_read(path, &side->record, error)) {
		fprintf(stderr, "breakeven compare: %s\n", error);
		return -1;
	}
	side->findings = findings_make(side->record);
	side->side = (struct compare_side){path, side->record, side->findings};
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
static struct side *read_sides(const struct compare_args *wishes)
{
	struct side *sides = calloc((size_t)wishes->nfiles, sizeof(*sides));
	bool bad = false;

	if (!sides) {
		fprintf(stderr, "breakeven compare: out of memory\n");
		return NULL;
	}
	for (int i = 0; i < wishes->nfiles; i++)
		bad |= read_side(wishes->files[i], &sides[i], sides) < 0;
	if (!bad)
		return sides;
	free_sides(sides, (size_t)wishes->nfiles);
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
	for (int kind = 0; kind < LIMIT_KINDS; kind++) {
		double limit = compare_limit(limits, (enum limit_kind)kind);

		if (!isnan(limit))
			outcome->beyond |=
				compare_judge(comparison, (enum limit_kind)kind,
					      limit)
					.caught > 0;
	}
}

static enum timings_of settle_of(const struct compare_args *wishes,
				 const struct side *a, const struct side *b)
{
	if (wishes->of)
		return strcmp(wishes->of, "time") == 0 ? TIMINGS_TIME
						       : TIMINGS_SPEEDUP;
	return compare_other_cpu(a->side.record, b->side.record)
		       ? TIMINGS_SPEEDUP
		       : TIMINGS_TIME;
}

static int write_one(const struct compare_args *wishes, const struct side *a,
		     const struct side *b, FILE *out,
		     const struct report_style *style, struct outcome *outcome)
{
	struct compare_wishes asked = {.of = settle_of(wishes, a, b)};
	struct comparison comparison;
	int rc = settle_names(wishes->kernels, true, a, b, &asked.kernels,
			      &asked.nkernels);

	if (rc == 0)
		rc = settle_names(wishes->runners, false, a, b, &asked.runners,
				  &asked.nrunners);
	if (rc == 0) {
		rc = compare_init(&comparison, &a->side, &b->side, &asked);
		if (rc == 0)
			judge(&comparison, &wishes->limits, outcome);
		if (rc == 0)
			rc = wishes->format->write(out, &comparison,
						   &wishes->limits, style);
		compare_free(&comparison);
	}
	free(asked.kernels);
	free(asked.runners);
	return rc;
}

static int write_all(const struct compare_args *wishes,
		     const struct side *sides, struct whole_file *out,
		     struct outcome *outcome)
{
	struct report_style style;
	int rc = 0;

	terminal_style(&style);
	style.count = (unsigned)wishes->nfiles - 1;
	for (; rc == 0 && style.index < style.count; style.index++)
		rc = write_one(wishes, sides, &sides[style.index + 1],
			       out->file, &style, outcome);
	if (rc == 0)
		return whole_end(out);
	whole_drop(out);
	return rc;
}

static int write_answer(const struct compare_args *wishes,
			const struct side *sides)
{
	struct outcome outcome = {false, false};
	struct whole_file out;
	int rc = whole_begin(&out, wishes->out);

	if (rc == 0)
		rc = write_all(wishes, sides, &out, &outcome);
	if (rc == -EINVAL)
		return STATUS_WRONG;
	if (rc) {
		fprintf(stderr, "breakeven compare: %s cannot be written: %s\n",
			wishes->out ? wishes->out : "standard output",
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

int cmd_compare(int argc, char **argv)
{
	struct compare_args wishes = {.format = compare_formats,
				      .limits = {NAN, NAN, NAN}};
	int status = usage_parse(&compare_argp, argc, argv, &wishes);
	struct side *sides;

	if (status)
		return usage_status(status);
	sides = read_sides(&wishes);
	if (!sides)
		return STATUS_NO_ANSWER;
	status = write_answer(&wishes, sides);
	free_sides(sides, (size_t)wishes.nfiles);
	return status;
}

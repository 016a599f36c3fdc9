/* SPDX-License-Identifier: MIT */
#include "report/pages/advise_text.h"

#include "report/doc/sheet.h"
#include "report/doc/words.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct letter {
	FILE *out;
	const struct advice *advice;
	const char *path;
	const struct report_style *style;
};

/* A sentence; nothing where it has nothing to say. */
typedef void sentence_fn(FILE *out, const struct letter *letter);

/* ------------------------------------------------------------- parts */

static void put_name(FILE *out, const struct advise_option *option,
		     const struct report_style *style)
{
	unsigned workers = option->crossing->pair.workers;

	text_clean(out, option->crossing->pair.runner, style->utf8);
	fprintf(out, " with %u worker%s", workers, workers == 1 ? "" : "s");
}

static void put_gain(FILE *out, const struct advise_option *option,
		     const struct report_style *style)
{
	fprintf(out, "%s %s %s", text_ratio(exp(option->log_ratio), false).s,
		style->utf8 ? "\u00d7" : "x",
		text_interval(option->interval.lo, option->interval.hi, false)
			.s);
}

/* What is best in a set: the runner with its gain, or serial. */
static void put_choice(FILE *out, const struct advise_set *set,
		       const struct report_style *style)
{
	if (!set->chosen) {
		fputs("serial", out);
		return;
	}
	put_name(out, set->chosen, style);
	fputs(", ", out);
	put_gain(out, set->chosen, style);
}

/* The fastest of those that are not proven to be slower, or equal. */
static const struct advise_option *find_perhaps(const struct advise_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->options[i].known &&
		    set->options[i].verdict == CELL_UNRESOLVED)
			return &set->options[i];
	return NULL;
}

static bool is_beyond(const struct advice *advice)
{
	return advice->question.n != advice->here.n;
}

/* The fastest; NULL: nothing is known. */
static const struct advise_option *first_known(const struct advise_set *set)
{
	return set->count > 0 && set->options[0].known ? set->options : NULL;
}

/* ------------------------------------------------------------- answer */

static void say_trust(FILE *out, const struct letter *letter)
{
	const struct findings *findings = letter->advice->findings;

	if (findings->trusted)
		return;
	fputs("Warning: the record is NOT TRUSTED", out);
	for (size_t i = 0; i < findings->nreasons; i++)
		fprintf(out, "%s %s", i ? ";" : ":", findings->reasons[i]);
}

static void say_source(FILE *out, const struct letter *letter)
{
	const json_t *header = letter->advice->record->header;
	const char *time = json_string_value(json_object_get(header, "time"));
	const char *model = json_string_value(
		json_object_get(json_object_get(header, "machine"), "model"));

	text_clean(out, letter->advice->question.kernel, letter->style->utf8);
	fprintf(out, " of %s items on ",
		text_size(letter->advice->question.n).s);
	text_clean(out, model ? model : "a machine without a name",
		   letter->style->utf8);
	fputs(", says ", out);
	text_clean(out, letter->path, letter->style->utf8);
	fputs(" of ", out);
	text_clean(out, time ? time : "an unknown date", letter->style->utf8);
}

static void say_range(FILE *out, const struct letter *letter)
{
	const struct advice *advice = letter->advice;
	uint64_t n = advice->question.n;

	if (!is_beyond(advice))
		return;
	fprintf(out,
		"BEYOND what was measured, %s to %s items: what follows is "
		"known of %s items, and may not hold %s",
		text_size(advice->n_min).s, text_size(advice->n_max).s,
		text_size(advice->here.n).s,
		n > advice->here.n ? "above" : "below");
}

static void say_chosen(FILE *out, const struct letter *letter)
{
	const struct advise_set *set = &letter->advice->here;
	bool utf8 = letter->style->utf8;

	fputs("Use ", out);
	put_name(out, set->chosen, letter->style);
	fputs(": ", out);
	put_gain(out, set->chosen, letter->style);
	fputs(" over serial, ", out);
	if (is_beyond(letter->advice))
		fprintf(out, "at %s items ", text_size(set->n).s);
	fprintf(out, "%s a call instead of",
		text_time(set->chosen->call_ns, utf8).s);
	fprintf(out, " %s", text_time(set->serial_ns, utf8).s);
}

static void say_answer(FILE *out, const struct letter *letter)
{
	const struct advise_set *set = &letter->advice->here;
	const struct advise_option *perhaps = find_perhaps(set);

	if (set->chosen) {
		say_chosen(out, letter);
		return;
	}
	fputs("Use serial: ", out);
	if (!first_known(set)) {
		fputs("no other backend whose data lies so was measured there",
		      out);
		return;
	}
	if (!perhaps) {
		fputs("every other backend is proven to be slower, or equal",
		      out);
		return;
	}
	fputs("no other backend is proven to be faster", out);
	fputs(perhaps->log_ratio > 0 ? "; " : ", or was seen to be: ", out);
	put_name(out, perhaps, letter->style);
	fputs(perhaps->log_ratio > 0 ? " may be, it cannot be told: " : " has ",
	      out);
	put_gain(out, perhaps, letter->style);
}

static void say_ties(FILE *out, const struct letter *letter)
{
	const struct advise_set *set = &letter->advice->here;
	const char *separator = "";

	for (size_t i = 0; i < set->count; i++) {
		const struct advise_option *option = &set->options[i];

		if (!option->tie || option == set->chosen)
			continue;
		fputs(separator, out);
		separator = ", ";
		put_name(out, option, letter->style);
		fputs(" (", out);
		put_gain(out, option, letter->style);
		fputc(')', out);
	}
	if (*separator)
		fputs(" cannot be told apart from it: of ties, this takes "
		      "threads before processes, and fewer workers before more",
		      out);
}

static void say_between(FILE *out, const struct letter *letter)
{
	const struct advise_set *set = &letter->advice->here;
	const struct advise_option *option = set->chosen;

	if (!option)
		option = first_known(set);
	if (option && option->between)
		fprintf(out,
			"%s items were not measured: values are taken as "
			"straight over log n between the sizes beside it",
			text_size(set->n).s);
}

/* ------------------------------------------------------------- changes */

static void say_size(FILE *out, const struct letter *letter,
		     const struct advise_set *set, const char *which)
{
	if (set->n == 0)
		return;
	fprintf(out,
		"The nearest %s size that is proven to have another "
		"answer: %s items, ",
		which, text_size(set->n).s);
	put_choice(out, set, letter->style);
}

static void say_smaller(FILE *out, const struct letter *letter)
{
	say_size(out, letter, &letter->advice->smaller, "smaller");
}

static void say_larger(FILE *out, const struct letter *letter)
{
	say_size(out, letter, &letter->advice->larger, "larger");
}

static void say_always(FILE *out, const struct letter *letter)
{
	const struct advice *advice = letter->advice;

	if (advice->smaller.n == 0 && advice->larger.n == 0 &&
	    first_known(&advice->here))
		fprintf(out,
			"No size from %s to %s items is known to have another "
			"answer",
			text_size(advice->n_min).s, text_size(advice->n_max).s);
}

/* The chosen pool, or that which would be chosen if it was there. */
static void say_calls(FILE *out, const struct letter *letter)
{
	const struct advice *advice = letter->advice;
	const struct advise_set *here = &advice->here;
	const struct advise_option *pool = here->chosen;
	double than_ns = here->serial_ns, calls;
	const struct advise_option *than = NULL;

	if (!pool || isnan(pool->open_ns)) {
		than = pool;
		pool = advice->many_calls.chosen;
	}
	if (than)
		than_ns = than->call_ns;
	if (!pool)
		return;
	calls = advise_calls(pool, than_ns);
	if (isnan(calls))
		return;
	put_name(out, pool, letter->style);
	fprintf(out, " takes %s to create, ",
		text_time(pool->open_ns, letter->style->utf8).s);
	if (isfinite(advice->question.calls))
		fprintf(out, "spread over %s call%s here: it wins over ",
			text_count(advice->question.calls).s,
			advice->question.calls == 1 ? "" : "s");
	else
		fputs("which is not counted here: where it has to be, it wins "
		      "over ",
		      out);
	if (than)
		put_name(out, than, letter->style);
	else
		fputs("serial", out);
	fprintf(out, " from %s call%s on", text_count(calls).s,
		calls == 1 ? "" : "s");
}

static void say_placement(FILE *out, const struct letter *letter)
{
	const struct advice *advice = letter->advice;
	const char *other = advice->findings->nplacements > 1
				    ? advice->findings->placements[1]
				    : "";

	if (!first_known(&advice->other_placement))
		return;
	fprintf(out,
		"All this is of CPUs that are %s one another, as they were "
		"mostly. Where they are %s: ",
		strcmp(advice->placement, "near") == 0 ? "near to" : "far from",
		other);
	put_choice(out, &advice->other_placement, letter->style);
}

static void say_data(FILE *out, const struct letter *letter)
{
	const struct advice *advice = letter->advice;
	const struct advise_option *fastest = first_known(&advice->other_data);

	fputs(advice->question.shipped
		      ? "If workers reached the data where it is"
		      : "If the data had to be shipped to the workers",
	      out);
	if (!fastest) {
		fputs(": no such backend was measured there", out);
		return;
	}
	fputs(": ", out);
	put_choice(out, &advice->other_data, letter->style);
	if (advice->other_data.chosen)
		return;
	fputs("; the fastest, ", out);
	put_name(out, fastest, letter->style);
	fputs(", has ", out);
	put_gain(out, fastest, letter->style);
}

/* ------------------------------------------------------------- table */

/* What is slower than this has no interval, for want of space. */
#define SLOW 0.0995

enum { COLUMN_TIME, COLUMN_GAIN, COLUMN_OPEN, COLUMN_CALLS, COLUMNS };

static void fill_row(struct field *fields, const struct advise_set *set,
		     const struct advise_option *option, bool utf8)
{
	double calls = advise_calls(option, set->serial_ns);

	fields[COLUMN_GAIN].mark = words_marks[option->verdict];
	if (!option->known) {
		snprintf(fields[COLUMN_GAIN].value.s, sizeof(struct text),
			 "not measured there");
		fields[COLUMN_GAIN].mark = '\0';
		return;
	}
	fields[COLUMN_TIME].value = text_time(option->call_ns, utf8);
	fields[COLUMN_GAIN].value = text_ratio(exp(option->log_ratio), false);
	/* As in the tables of a report. */
	if (exp(option->interval.hi) >= SLOW)
		fields[COLUMN_GAIN].range = text_interval(
			option->interval.lo, option->interval.hi, false);
	if (!isnan(option->open_ns))
		fields[COLUMN_OPEN].value = text_time(option->open_ns, utf8);
	if (!isnan(calls))
		fields[COLUMN_CALLS].value = text_count(calls);
}

static void fill_label(struct text *label, const struct advise_option *option)
{
	snprintf(label->s, sizeof(label->s), "%.36s with %u",
		 option->crossing->pair.runner, option->crossing->pair.workers);
}

static int print_table(const struct letter *letter)
{
	static const char *const heads[COLUMNS] = {
		[COLUMN_TIME] = "a call",
		[COLUMN_GAIN] = "over serial",
		[COLUMN_OPEN] = "created in",
		[COLUMN_CALLS] = "pays from calls",
	};
	const struct advise_set *set = &letter->advice->here;
	bool utf8 = letter->style->utf8;
	struct sheet sheet;
	int rc = sheet_init(&sheet, set->count + 1, COLUMNS, false);

	sheet.corner = "";
	for (size_t c = 0; rc == 0 && c < COLUMNS; c++)
		head_add(&sheet.heads[c], heads[c]);
	if (rc == 0) {
		snprintf(sheet.labels[0].s, sizeof(struct text), "serial");
		if (set->serial_ns > 0)
			sheet.roomy[COLUMN_TIME].value =
				text_time(set->serial_ns, utf8);
	}
	for (size_t i = 0; rc == 0 && i < set->count; i++) {
		fill_label(&sheet.labels[i + 1], &set->options[i]);
		fill_row(&sheet.roomy[(i + 1) * COLUMNS], set, &set->options[i],
			 utf8);
	}
	if (rc == 0) {
		fputc('\n', letter->out);
		if (is_beyond(letter->advice))
			fprintf(letter->out, "At %s items:\n",
				text_size(set->n).s);
		sheet_print(letter->out, &sheet, letter->style);
	}
	sheet_free(&sheet);
	return rc;
}

/* ------------------------------------------------------------- all */

static int say(const struct letter *letter, sentence_fn *sentence)
{
	struct draft_text draft;
	char *text;

	if (!text_begin(&draft))
		return -ENOMEM;
	sentence(draft.file, letter);
	fputc('.', draft.file);
	text = text_end(&draft);
	if (!text)
		return -ENOMEM;
	if (strcmp(text, ".") != 0)
		text_paragraph(letter->out, text, letter->style->columns, 2);
	free(text);
	return 0;
}

int advise_write(FILE *out, const struct advice *advice, const char *path,
		 const struct report_style *style)
{
	static sentence_fn *const sentences[] = {
		say_trust,  say_source,	 say_range,	say_answer,
		say_ties,   say_between, say_smaller,	say_larger,
		say_always, say_calls,	 say_placement, say_data,
	};
	const struct letter letter = {out, advice, path, style};
	int rc = 0;

	for (size_t i = 0;
	     rc == 0 && i < sizeof(sentences) / sizeof(*sentences); i++)
		rc = say(&letter, sentences[i]);
	if (rc == 0)
		rc = print_table(&letter);
	if (rc)
		return rc;
	fputc('\n', out);
	text_paragraph(out, words_legend, style->columns, 2);
	return report_flush(out);
}

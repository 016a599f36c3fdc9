/* SPDX-License-Identifier: MIT */
#include "report/pages/advise_text.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct letter {
	const struct advice *advice;
	const char *path;
};

/* A sentence; nothing where it has nothing to say. */
typedef void sentence_fn(FILE *out, const struct letter *letter);

/* ------------------------------------------------------------- parts */

static void put_name(FILE *out, const struct advise_option *option)
{
	unsigned workers = option->crossing->pair.workers;

	fputs(option->crossing->pair.runner, out);
	fprintf(out, " with %u worker%s", workers, workers == 1 ? "" : "s");
}

static void put_gain(FILE *out, const struct advise_option *option)
{
	fprintf(out, "%s %s %s", text_ratio(exp(option->log_ratio), false).s,
		"\u00d7",
		text_interval(option->interval.lo, option->interval.hi, false)
			.s);
}

/* What is best in a set: the runner with its gain, or serial. */
static void put_choice(FILE *out, const struct advise_set *set)
{
	if (!set->chosen) {
		fputs("serial", out);
		return;
	}
	put_name(out, set->chosen);
	fputs(", ", out);
	put_gain(out, set->chosen);
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

	fputs(letter->advice->question.kernel, out);
	fprintf(out, " of %s items on ",
		text_size(letter->advice->question.n).s);
	fputs(model ? model : "a machine without a name", out);
	fputs(", says ", out);
	fputs(letter->path, out);
	fputs(" of ", out);
	fputs(time ? time : "an unknown date", out);
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
	const struct advise_option *perhaps = find_perhaps(set);

	fputs("Use ", out);
	put_name(out, set->chosen);
	fputs(": ", out);
	put_gain(out, set->chosen);
	fputs(" over serial, ", out);
	if (is_beyond(letter->advice))
		fprintf(out, "at %s items ", text_size(set->n).s);
	fprintf(out, "%s a call instead of", text_time(set->chosen->call_ns).s);
	fprintf(out, " %s", text_time(set->serial_ns).s);
	if (!perhaps || !(perhaps->log_ratio > set->chosen->log_ratio))
		return;
	fputs("; ", out);
	put_name(out, perhaps);
	fputs(" may be faster still, it cannot be told: ", out);
	put_gain(out, perhaps);
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
	put_name(out, perhaps);
	fputs(perhaps->log_ratio > 0 ? " may be, it cannot be told: " : " has ",
	      out);
	put_gain(out, perhaps);
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
		put_name(out, option);
		fputs(" (", out);
		put_gain(out, option);
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

static void say_size(FILE *out, const struct advise_set *set, const char *which)
{
	if (set->n == 0)
		return;
	fprintf(out,
		"The nearest %s size that is proven to have another "
		"answer: %s items, ",
		which, text_size(set->n).s);
	put_choice(out, set);
}

static void say_smaller(FILE *out, const struct letter *letter)
{
	say_size(out, &letter->advice->smaller, "smaller");
}

static void say_larger(FILE *out, const struct letter *letter)
{
	say_size(out, &letter->advice->larger, "larger");
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
	put_name(out, pool);
	fprintf(out, " takes %s to create, ", text_time(pool->open_ns).s);
	if (isfinite(advice->question.calls))
		fprintf(out, "spread over %s call%s here: it wins over ",
			text_count(advice->question.calls).s,
			advice->question.calls == 1 ? "" : "s");
	else
		fputs("which is not counted here: where it has to be, it wins "
		      "over ",
		      out);
	if (than)
		put_name(out, than);
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
	put_choice(out, &advice->other_placement);
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
	put_choice(out, &advice->other_data);
	if (advice->other_data.chosen)
		return;
	fputs("; the fastest, ", out);
	put_name(out, fastest);
	fputs(", has ", out);
	put_gain(out, fastest);
}

/* ------------------------------------------------------------- table */

static void put_option(struct doc *doc, const struct advise_set *set,
		       const struct advise_option *option)
{
	const struct pair *pair = &option->crossing->pair;
	double calls = advise_calls(option, set->serial_ns);

	fprintf(doc_row(doc), "%s with %u", pair->runner, pair->workers);
	doc_time(doc, option->known ? option->call_ns : NAN);
	if (!option->known) {
		fputs("not measured there", doc_cell(doc));
		return;
	}
	doc_cell(doc);
	doc_ratio(doc, option->log_ratio, option->interval);
	doc_mark(doc, words_marks[option->verdict],
		 cell_verdict_names[option->verdict]);
	doc_time(doc, option->open_ns);
	if (!isnan(calls)) {
		fputs(text_count(calls).s, doc_cell(doc));
		doc_number(doc, calls);
	}
}

static void put_options(struct doc *doc, const struct letter *letter)
{
	const struct advise_set *set = &letter->advice->here;
	FILE *out = doc_table(doc);

	if (is_beyond(letter->advice))
		fprintf(out, "At %s items", text_size(set->n).s);
	doc_column(doc, DOC_LEFT);
	fputs("a call", doc_column(doc, DOC_RIGHT));
	fputs("over serial", doc_column(doc, DOC_LEFT));
	fputs("created in", doc_column(doc, DOC_RIGHT));
	fputs("pays from calls", doc_column(doc, DOC_RIGHT));
	fputs("serial", doc_row(doc));
	doc_time(doc, set->serial_ns > 0 ? set->serial_ns : NAN);
	for (size_t i = 0; i < set->count; i++)
		put_option(doc, set, &set->options[i]);
}

/* ------------------------------------------------------------- all */

static void put_sentence(struct doc *doc, const struct letter *letter,
			 sentence_fn *sentence)
{
	FILE *out = doc_paragraph(doc);
	long begin = ftell(out);

	sentence(out, letter);
	if (ftell(out) > begin)
		fputc('.', out);
}

static int build_advice(struct doc *doc, const void *data)
{
	static sentence_fn *const sentences[] = {
		say_trust,  say_source,	 say_range,	say_answer,
		say_ties,   say_between, say_smaller,	say_larger,
		say_always, say_calls,	 say_placement, say_data,
	};
	const struct letter *letter = data;

	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		put_sentence(doc, letter, sentences[i]);
	put_options(doc, letter);
	fputs(words_legend, doc_paragraph(doc));
	return 0;
}

int advise_write(FILE *out, const struct advice *advice, const char *path,
		 const struct report_style *style)
{
	const struct letter letter = {advice, path};

	return doc_print(build_advice, &letter, out, style);
}

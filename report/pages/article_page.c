/* SPDX-License-Identifier: MIT */
#include "report/pages/article_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/pages/skipped_items.h"
#include "results/json_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 7 };

/* ------------------------------------------------------------- the table */

static const struct {
	const char *what, *before, *after; /* of n */
	const char *base; /* what the others are held against */
} blocks[] = {
	{ARTICLE_START, "Start and join ", " workers that do nothing",
	 ARTICLE_PYTHON_PROCESSES},
	{ARTICLE_POOL, "Create a pool of ", ", and tear it down",
	 ARTICLE_PYTHON_PROCESSES},
	{ARTICLE_SQUARE, "Map square over ", " numbers", ARTICLE_PYTHON_LIST},
	{ARTICLE_COMPUTE, "Map collatz over ", " numbers", ARTICLE_PYTHON_LIST},
};

static void put_row(struct doc *doc, const struct article *article, size_t b,
		    const struct article_row *row)
{
	const struct article_row *base =
		article_row(article, row->what, row->n, blocks[b].base);
	FILE *out;

	fputs(row->system, doc_row(doc));
	doc_time(doc, row->ms * 1e6);
	out = doc_cell(doc);
	if (isfinite(row->lo) && isfinite(row->hi))
		fprintf(out, "%s to %s", text_time(row->lo * 1e6).s,
			text_time(row->hi * 1e6).s);
	out = doc_cell(doc);
	if (base)
		fputs(text_ratio(base->ms / row->ms, true).s, out);
}

/* Is row i the first of its task and size? */
static bool is_first(const struct article *article, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (article->rows[j].n == article->rows[i].n &&
		    strcmp(article->rows[j].what, article->rows[i].what) == 0)
			return false;
	return true;
}

static void put_block(struct doc *doc, const struct article *article, size_t b,
		      uint64_t n)
{
	static const char *const heads[] = {"median", "interval", "x Python"};

	fprintf(doc_table(doc), "%s%s%s", blocks[b].before,
		text_count((double)n).s, blocks[b].after);
	doc_column(doc, DOC_LEFT);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < article->nrows; i++)
		if (article->rows[i].n == n &&
		    strcmp(article->rows[i].what, blocks[b].what) == 0)
			put_row(doc, article, b, &article->rows[i]);
}

static void put_blocks(struct doc *doc, const struct article *article)
{
	for (size_t i = 0; i < article->nrows; i++)
		for (size_t b = 0; b < sizeof(blocks) / sizeof(*blocks); b++)
			if (is_first(article, i) &&
			    strcmp(article->rows[i].what, blocks[b].what) == 0)
				put_block(doc, article, b, article->rows[i].n);
}

/* ------------------------------------------------------------- sentences */

static void put_opening(struct doc *doc, const struct article *article)
{
	fputs("The article's sentences, measured", doc_heading(doc, 1));
	fprintf(doc_paragraph(doc),
		"The article's programs in C and in Python%s%.16s, %u workers "
		"to a map: medians of %zu round%s, in which all take turns. "
		"C's workers are bound to CPUs, Python's run where they like. "
		"x Python: times as fast as Python's list comprehension, or "
		"its processes.",
		article->python ? " " : "",
		article->python ? article->python : "", article->workers,
		article->runs, article->runs == 1 ? "" : "s");
}

/* The answer to a claim, to be freed; NULL: out of memory. */
static char *answer_to(const struct article *article,
		       const struct article_claim *claim, json_t *numbers)
{
	struct draft_text draft;
	char *text;

	if (!text_begin(&draft))
		return NULL;
	claim->answer(article, draft.file, numbers);
	text = text_end(&draft);
	for (size_t end = text ? strlen(text) : 0; end && text[end - 1] == ' ';
	     end--)
		text[end - 1] = '\0';
	return text;
}

static void put_claims(struct doc *doc, const struct article *article)
{
	for (const struct article_claim *c = article_claims; c->claim; c++) {
		json_t *numbers = json_object();

		fprintf(doc_heading(doc, 3), "\"%s\"", c->claim);
		c->answer(article, doc_paragraph(doc), numbers);
		json_decref(numbers);
	}
}

static void put_races(struct doc *doc, const struct article *article)
{
	if (!article->python)
		return;
	fputs("Python takes", doc_heading(doc, 3));
	for (const struct article_race *r = article_races; r->name; r++) {
		double times = article_race(article, r);

		if (isfinite(times))
			fprintf(doc_item(doc), "%s times as long: %s",
				text_ratio(times, true).s, r->name);
	}
}

static int build_article(struct doc *doc, const void *data)
{
	const struct article *article = data;

	put_opening(doc, article);
	put_blocks(doc, article);
	put_races(doc, article);
	put_claims(doc, article);
	skipped_put(doc, &article->skipped);
	return 0;
}

int article_table(const struct article *article, FILE *out,
		  const struct report_style *style)
{
	return doc_print(build_article, article, out, style);
}

/* ------------------------------------------------------------- JSON */

static json_t *claims_json(const struct article *article)
{
	json_t *claims = json_array();

	for (size_t i = 0; article_claims[i].claim; i++) {
		json_t *numbers = json_object();
		char *answer = answer_to(article, &article_claims[i], numbers);

		json_array_append_new(
			claims, json_pack("{s:s,s:s?,s:o}", "claim",
					  article_claims[i].claim, "answer",
					  answer, "numbers", numbers));
		free(answer);
	}
	return claims;
}

static json_t *races_json(const struct article *article)
{
	json_t *races = json_array();

	for (const struct article_race *race = article_races; race->name;
	     race++)
		json_array_append_new(
			races,
			json_pack("{s:s,s:s,s:I,s:s,s:s,s:o}", "name",
				  race->name, "what", race->what, "n",
				  (json_int_t)race->n, "python", race->python,
				  "c", race->c, "times",
				  json_number(article_race(article, race))));
	return races;
}

int article_json(const struct article *article, FILE *out)
{
	json_t *root = json_pack(
		"{s:o,s:o,s:o,s:I,s:i,s:s?,s:o,s:O?,s:O?}", "rows",
		article_rows_json(article), "claims", claims_json(article),
		"ratios", races_json(article), "runs",
		(json_int_t)article->runs, "workers", (int)article->workers,
		"python", article->python, "left_out",
		skipped_json(&article->skipped, false, "what"), "machine",
		article->machine, "build", article->build);

	return json_put(out, root, DIGITS);
}

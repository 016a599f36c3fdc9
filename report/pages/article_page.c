/* SPDX-License-Identifier: MIT */
#include "report/pages/article_page.h"

#include "report/doc/left_out_text.h"
#include "report/doc/text.h"
#include "results/json_value.h"

#include <errno.h>
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

static void time_cell(FILE *out, double ms, int width, bool utf8)
{
	struct text time = {"-"};

	if (isfinite(ms))
		time = text_time(ms * 1e6, utf8);
	fprintf(out, "%*s%s", width - (int)text_width(time.s), "", time.s);
}

static void print_row(const struct article *article, size_t b,
		      const struct article_row *row, FILE *out, bool utf8)
{
	const struct article_row *base =
		article_row(article, row->what, row->n, blocks[b].base);

	fprintf(out, "  %-18s", row->system);
	time_cell(out, row->ms, 10, utf8);
	time_cell(out, row->lo, 12, utf8);
	fputs(" to", out);
	time_cell(out, row->hi, 9, utf8);
	fprintf(out, "%12s\n",
		base ? text_ratio(base->ms / row->ms, true).s : "-");
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

static void print_block(const struct article *article, size_t b, uint64_t n,
			FILE *out, bool utf8)
{
	fprintf(out, "\n%s%s%s", blocks[b].before, text_count((double)n).s,
		blocks[b].after);
	fprintf(out, "\n  %-18s%10s%17s%19s\n", "", "median", "interval",
		"x Python");
	for (size_t i = 0; i < article->nrows; i++)
		if (article->rows[i].n == n &&
		    strcmp(article->rows[i].what, blocks[b].what) == 0)
			print_row(article, b, &article->rows[i], out, utf8);
}

static void print_blocks(const struct article *article, FILE *out, bool utf8)
{
	for (size_t i = 0; i < article->nrows; i++)
		for (size_t b = 0; b < sizeof(blocks) / sizeof(*blocks); b++)
			if (is_first(article, i) &&
			    strcmp(article->rows[i].what, blocks[b].what) == 0)
				print_block(article, b, article->rows[i].n, out,
					    utf8);
}

/* ------------------------------------------------------------- sentences */

static int print_opening(const struct article *article, FILE *out,
			 const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	fprintf(draft.file,
		"The article's programs in C and in Python%s%.16s, %u workers "
		"to a map: medians of %zu round%s, in which all take turns. "
		"C's "
		"workers are bound to CPUs, Python's run where they like. x "
		"Python: times as fast as Python's list comprehension, or its "
		"processes.",
		article->python ? " " : "",
		article->python ? article->python : "", article->workers,
		article->runs, article->runs == 1 ? "" : "s");
	return text_end_paragraph(out, &draft, style->columns, 0);
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

static int print_claim(const struct article *article,
		       const struct article_claim *claim, FILE *out,
		       const struct report_style *style)
{
	json_t *numbers = json_object();
	char *answer = answer_to(article, claim, numbers);

	json_decref(numbers);
	if (!answer)
		return -ENOMEM;
	fprintf(out, "\n\"%s\"\n  ", claim->claim);
	text_paragraph(out, answer, style->columns - 2, 2);
	free(answer);
	return 0;
}

static void print_races(const struct article *article, FILE *out)
{
	const struct article_race *race = article_races;

	if (!article->python)
		return;
	fputs("\nPython takes\n", out);
	for (; race->name; race++) {
		double times = article_race(article, race);

		if (isfinite(times))
			fprintf(out, "  %7s times as long: %s\n",
				text_ratio(times, true).s, race->name);
	}
}

int article_table(const struct article *article, FILE *out,
		  const struct report_style *style)
{
	struct article told = *article;
	int rc = print_opening(article, out, style);

	if (rc)
		return rc;
	told.utf8 = style->utf8;
	print_blocks(article, out, style->utf8);
	print_races(article, out);
	for (size_t i = 0; rc == 0 && article_claims[i].claim; i++)
		rc = print_claim(&told, &article_claims[i], out, style);
	if (rc == 0 && article->skipped.count)
		fputc('\n', out);
	if (rc == 0)
		rc = left_out_print(&article->skipped, out, style);
	return rc;
}

/* ------------------------------------------------------------- JSON */

static json_t *rows_json(const struct article *article)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		json_array_append_new(
			rows,
			json_pack("{s:s,s:I,s:s,s:o,s:o,s:o}", "what",
				  row->what, "n", (json_int_t)row->n, "system",
				  row->system, "ms", json_number(row->ms), "lo",
				  json_number(row->lo), "hi",
				  json_number(row->hi)));
	}
	return rows;
}

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
		rows_json(article), "claims", claims_json(article), "ratios",
		races_json(article), "runs", (json_int_t)article->runs,
		"workers", (int)article->workers, "python", article->python,
		"left_out", skipped_json(&article->skipped, false, "what"),
		"machine", article->machine, "build", article->build);

	return json_put(out, root, DIGITS);
}

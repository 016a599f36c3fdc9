/* SPDX-License-Identifier: MIT */
/*
 * The page of a comparison.
 */
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/compare_formats.h"
#include "report/pages/compare_view.h"
#include "report/pages/compare_words.h"

#include <errno.h>
#include <math.h>
#include <string.h>

struct compare_page {
	struct doc *doc;
	const struct comparison *comparison;
	const struct compare_limits *limits;
	char letter; /* of the record that A is compared with */
};

/* ------------------------------------------------------------- opening */

static int put_facts(const struct compare_page *page)
{
	struct compare_facts facts;
	struct doc *doc = page->doc;
	int rc = compare_facts_init(&facts, page->comparison->a.record,
				    page->comparison->b.record);

	if (rc == 0 && facts.count == 0)
		fprintf(doc_paragraph(doc),
			"Machine, build and plan of A and %c are the same.",
			page->letter);
	if (rc == 0 && facts.count > 0) {
		fputs("What differs", doc_table(doc));
		fputs("fact", doc_column(doc, DOC_LEFT));
		fputs("A", doc_column(doc, DOC_LEFT));
		fputc(page->letter, doc_column(doc, DOC_WRAP));
	}
	for (size_t i = 0; rc == 0 && i < facts.count; i++) {
		fputs(facts.list[i].what, doc_row(doc));
		fputs(facts.list[i].a, doc_cell(doc));
		fputs(facts.list[i].b, doc_cell(doc));
	}
	compare_facts_free(&facts);
	return rc;
}

static void put_warnings(const struct compare_page *page)
{
	for (size_t i = 0; i < COMPARE_WARNINGS; i++) {
		FILE *out = doc_note(page->doc, DOC_WARNING);

		compare_words_warning(out, page->comparison, i, page->letter);
	}
}

static void put_machine(const struct compare_page *page)
{
	FILE *out = doc_paragraph(page->doc);

	if (compare_words_machine(out, page->comparison, page->letter))
		fputc('.', out);
}

static int put_opening(const struct compare_page *page)
{
	FILE *out;
	int rc;

	for (int b = 0; b < 2; b++) {
		out = doc_item(page->doc);
		compare_words_side(out, page->comparison, b, page->letter);
		fputc('.', out);
	}
	rc = put_facts(page);
	put_warnings(page);
	out = doc_paragraph(page->doc);
	compare_words_what(out, page->comparison, page->letter);
	fputc('.', out);
	put_machine(page);
	return rc;
}

/* ------------------------------------------------------------- kernels */

static void put_column(struct doc *doc, const struct compared_pair *pair,
		       const struct compare_view *view)
{
	FILE *out = doc_column(doc, DOC_LEFT);

	if (!pair->runner.a) {
		fputs("serial", out);
		return;
	}
	fputs(pair->runner.a, out);
	if (strcmp(pair->runner.a, pair->runner.b) != 0)
		fprintf(out, ": to %s", pair->runner.b);
	if (view->workers == 0)
		fprintf(doc_column_note(doc), "%u worker%s", pair->workers,
			pair->workers == 1 ? "" : "s");
}

static void put_caption(const struct compare_page *page,
			const struct compare_view *view)
{
	FILE *out = doc_table(page->doc);
	bool time = page->comparison->of == TIMINGS_TIME;
	bool near = strcmp(view->placement, "near") == 0;

	fprintf(out, "%s, %c / A [95 %% interval]",
		time ? "Time of a call" : "Speed-up over serial", page->letter);
	if (view->workers > 0)
		fprintf(out, ", %u worker%s", view->workers,
			view->workers == 1 ? "" : "s");
	if (near || strcmp(view->placement, "far") == 0)
		fprintf(out, ", CPUs %s one another",
			near ? "near to" : "far from");
}

static void put_cell(struct doc *doc, const struct compared_cell *cell)
{
	doc_cell(doc);
	if (!cell)
		return;
	doc_ratio(doc, cell->log_ratio, cell->interval);
	doc_mark(doc, words_marks[cell->verdict],
		 cell_verdict_names[cell->verdict]);
}

static void put_view(const struct compare_page *page,
		     const struct compare_view *view)
{
	struct doc *doc = page->doc;

	put_caption(page, view);
	fputs("items", doc_column(doc, DOC_RIGHT));
	for (size_t c = 0; c < view->ncolumns; c++)
		put_column(doc, view->columns[c], view);
	for (size_t row = 0; row < view->nrows; row++) {
		fputs(text_size(view->sizes[row]).s, doc_row(doc));
		doc_number(doc, (double)view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++)
			put_cell(doc, compare_view_cell(view, row, c));
	}
}

static int put_views(const struct compare_page *page, size_t begin, size_t end)
{
	bool more = true;
	int rc = 0;

	for (size_t i = 0; rc == 0 && more; i++) {
		struct compare_view view;

		rc = compare_view_init(&view, page->comparison, begin, end, i);
		more = view.ncolumns > 0;
		if (rc == 0 && more)
			put_view(page, &view);
		compare_view_free(&view);
	}
	return rc;
}

static void put_starts(const struct compare_page *page, size_t begin,
		       size_t end)
{
	bool said = false;

	for (size_t i = begin; i < end; i++) {
		const struct compared_pair *pair = &page->comparison->pairs[i];

		if (!pair->a)
			continue;
		if (!said)
			fprintf(doc_heading(page->doc, 3),
				"Break-even sizes [interval], %s",
				pair->kernel.a);
		said = true;
		compare_words_runner(doc_term(page->doc), pair);
		compare_words_start(doc_meaning(page->doc), pair, page->letter);
	}
}

static int put_kernels(const struct compare_page *page)
{
	const struct comparison *comparison = page->comparison;
	int rc = 0;

	for (size_t begin = 0, end; rc == 0 && begin < comparison->npairs;
	     begin = end) {
		end = compare_kernel_end(comparison, begin);
		compare_words_kernel(doc_heading(page->doc, 2),
				     &comparison->pairs[begin]);
		rc = put_views(page, begin, end);
		put_starts(page, begin, end);
	}
	return rc;
}

/* ------------------------------------------------------------- closing */

static void put_summary(const struct compare_page *page)
{
	const struct comparison *comparison = page->comparison;
	FILE *out;

	fputs("Summary", doc_heading(page->doc, 2));
	out = doc_paragraph(page->doc);
	compare_words_counts(out, comparison, page->letter);
	fputc('.', out);
	for (size_t i = 0; i < comparison->npairs; i++)
		compare_words_changed(doc_item(page->doc), comparison,
				      &comparison->pairs[i]);
}

static void put_absent(const struct compare_page *page)
{
	const struct comparison *comparison = page->comparison;

	fputs("Not compared", doc_heading(page->doc, 3));
	for (size_t i = 0; i < comparison->nabsent; i++)
		compare_words_absent(doc_item(page->doc), comparison, i,
				     page->letter);
	if (!compare_words_sizes(doc_item(page->doc), comparison,
				 page->letter) &&
	    comparison->nabsent == 0)
		fputs("Nothing was left out.", doc_paragraph(page->doc));
}

static void put_limit(const struct compare_page *page, enum limit_kind kind)
{
	FILE *out = doc_paragraph(page->doc);
	bool more =
		compare_words_limit(out, page->comparison, page->limits, kind);

	if (more)
		fputc('.', out);
	for (size_t i = 0; more; i++)
		more = compare_words_caught(doc_item(page->doc),
					    page->comparison, page->limits,
					    kind, i, page->letter);
}

static int put_comparison(const struct compare_page *page)
{
	int rc;

	fprintf(doc_heading(page->doc, 1), "A and %c", page->letter);
	rc = put_opening(page);
	if (rc == 0)
		rc = put_kernels(page);
	put_summary(page);
	put_absent(page);
	fputs(compare_words_legend, doc_paragraph(page->doc));
	for (int k = 0; k < LIMIT_KINDS; k++)
		put_limit(page, (enum limit_kind)k);
	return rc;
}

static int build_comparison(struct doc *doc, const void *data)
{
	struct compare_page page = *(const struct compare_page *)data;

	page.doc = doc;
	return put_comparison(&page);
}

static int write_comparison(enum doc_form form, FILE *out,
			    const struct comparison *comparison,
			    const struct compare_limits *limits,
			    const struct report_style *style)
{
	const struct compare_page page = {
		.comparison = comparison,
		.limits = limits,
		.letter = style->index < 'Z' - 'B' ? (char)('B' + style->index)
						   : 'Z',
	};
	struct report_style own = *style;

	own.form = form;
	return doc_print(build_comparison, &page, out, &own);
}

int compare_table_write(FILE *out, const struct comparison *comparison,
			const struct compare_limits *limits,
			const struct report_style *style)
{
	return write_comparison(DOC_TERMINAL, out, comparison, limits, style);
}

int compare_markdown_write(FILE *out, const struct comparison *comparison,
			   const struct compare_limits *limits,
			   const struct report_style *style)
{
	return write_comparison(DOC_MARKDOWN, out, comparison, limits, style);
}

int compare_html_write(FILE *out, const struct comparison *comparison,
		       const struct compare_limits *limits,
		       const struct report_style *style)
{
	return write_comparison(DOC_HTML, out, comparison, limits, style);
}

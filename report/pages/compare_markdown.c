/* SPDX-License-Identifier: MIT */
#include "report/doc/words.h"
#include "report/pages/compare_formats.h"
#include "report/pages/compare_view.h"
#include "report/pages/compare_words.h"
#include "report/pages/record_pages.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is being written. */
struct compare_page {
	FILE *out;
	const struct comparison *comparison;
	const struct compare_limits *limits;
	const struct report_style *style;
};

/* ------------------------------------------------------------- sentences */

/* What Markdown would take for its own. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_|<>#~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* End the draft, and write it between the two; nothing where it is empty. */
static int put_draft(const struct compare_page *page, struct draft_text *draft,
		     const char *before, const char *behind)
{
	char *text = text_end(draft);

	if (!text)
		return -ENOMEM;
	if (*text) {
		fputs(before, page->out);
		put_escaped(page->out, text);
		fputs(behind, page->out);
	}
	free(text);
	return 0;
}

static int put_side(const struct compare_page *page, bool b)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_side(draft.file, page->comparison, b, page->style);
	return put_draft(page, &draft, "- ", ".\n");
}

/* Names and values come from elsewhere. */
static int put_cell_text(const struct compare_page *page, const char *text)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	text_clean(draft.file, text, page->style->utf8);
	return put_draft(page, &draft, "| ", " ");
}

static int put_facts(const struct compare_page *page)
{
	struct compare_facts facts;
	int rc = compare_facts_init(&facts, page->comparison->a.record,
				    page->comparison->b.record);

	if (rc == 0 && facts.count)
		fprintf(page->out, "\n| differs | A | %c |\n|---|---|---|\n",
			compare_letter(page->style));
	for (size_t i = 0; rc == 0 && i < facts.count; i++) {
		rc = put_cell_text(page, facts.list[i].what);
		if (rc == 0)
			rc = put_cell_text(page, facts.list[i].a);
		if (rc == 0)
			rc = put_cell_text(page, facts.list[i].b);
		fputs("|\n", page->out);
	}
	compare_facts_free(&facts);
	return rc;
}

static int put_opening(const struct compare_page *page)
{
	struct draft_text draft;
	int rc = put_side(page, false);

	if (rc == 0)
		rc = put_side(page, true);
	if (rc == 0)
		rc = put_facts(page);
	for (size_t i = 0; rc == 0 && i < COMPARE_WARNINGS; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		compare_words_warning(draft.file, page->comparison, i,
				      page->style);
		rc = put_draft(page, &draft, "\n**Warning:** ", ".\n");
	}
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	compare_words_what(draft.file, page->comparison, page->style);
	return put_draft(page, &draft, "\n", ".\n");
}

/* ------------------------------------------------------------- kernels */

static void put_value(FILE *out, const struct compared_cell *cell)
{
	if (cell)
		fprintf(out, " %s %s %c",
			text_ratio(exp(cell->log_ratio), false).s,
			text_interval(cell->interval.lo, cell->interval.hi,
				      false)
				.s,
			words_marks[cell->verdict]);
	fputs(" |", out);
}

static int put_heads(const struct compare_page *page,
		     const struct compare_view *view)
{
	int rc = 0;

	fputs("\n| items ", page->out);
	for (size_t c = 0; rc == 0 && c < view->ncolumns; c++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		compare_words_runner(draft.file, view->columns[c], page->style);
		rc = put_draft(page, &draft, "| ", " ");
	}
	fputs("|\n|---:|", page->out);
	for (size_t c = 0; c < view->ncolumns; c++)
		fputs("---|", page->out);
	fputc('\n', page->out);
	return rc;
}

static int put_view(const struct compare_page *page,
		    const struct compare_view *view)
{
	int rc = put_heads(page, view);

	for (size_t row = 0; rc == 0 && row < view->nrows; row++) {
		fprintf(page->out, "| %s |", text_size(view->sizes[row]).s);
		for (size_t c = 0; c < view->ncolumns; c++)
			put_value(page->out, compare_view_cell(view, row, c));
		fputc('\n', page->out);
	}
	return rc;
}

static int put_start(const struct compare_page *page,
		     const struct compared_pair *pair)
{
	struct draft_text draft;

	if (!pair->a)
		return 0;
	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_runner(draft.file, pair, page->style);
	fputs(": ", draft.file);
	compare_words_start(draft.file, pair, page->style);
	return put_draft(page, &draft, "- ", "\n");
}

static int put_kernel(const struct compare_page *page, size_t begin, size_t end)
{
	bool more = true;
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_kernel(draft.file, &page->comparison->pairs[begin],
			     page->style);
	rc = put_draft(page, &draft, "\n## ", "\n");
	for (size_t i = 0; rc == 0 && more; i++) {
		struct compare_view view;

		rc = compare_view_init(&view, page->comparison, begin, end, i);
		more = view.ncolumns > 0;
		if (rc == 0 && more)
			rc = put_view(page, &view);
		compare_view_free(&view);
	}
	fputs("\nBreak-even sizes [interval]:\n\n", page->out);
	for (size_t i = begin; rc == 0 && i < end; i++)
		rc = put_start(page, &page->comparison->pairs[i]);
	return rc;
}

/* ------------------------------------------------------------- closing */

static int put_summary(const struct compare_page *page)
{
	const struct comparison *comparison = page->comparison;
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_counts(draft.file, comparison, page->style);
	rc = put_draft(page, &draft, "\n## Summary\n\n", ".\n\n");
	for (size_t i = 0; rc == 0 && i < comparison->npairs; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		compare_words_changed(draft.file, comparison,
				      &comparison->pairs[i], page->style);
		rc = put_draft(page, &draft, "- ", "\n");
	}
	return rc;
}

static int put_absent(const struct compare_page *page)
{
	struct draft_text draft;
	int rc = 0;

	fputc('\n', page->out);
	for (size_t i = 0; rc == 0 && i < page->comparison->nabsent; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		compare_words_absent(draft.file, page->comparison, i,
				     page->style);
		rc = put_draft(page, &draft, "- Not compared, ", "\n");
	}
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	compare_words_sizes(draft.file, page->comparison, page->style);
	return put_draft(page, &draft, "- Not compared, ", "\n");
}

static int put_caught(const struct compare_page *page, enum limit_kind kind)
{
	bool more = true;
	int rc = 0;

	for (size_t i = 0; rc == 0 && more; i++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		more = compare_words_caught(draft.file, page->comparison,
					    page->limits, kind, i, page->style);
		rc = put_draft(page, &draft, "- ", "\n");
	}
	return rc;
}

static int put_limits(const struct compare_page *page)
{
	int rc = 0;

	for (int k = 0; rc == 0 && k < LIMIT_KINDS; k++) {
		enum limit_kind kind = (enum limit_kind)k;
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		compare_words_limit(draft.file, page->comparison, page->limits,
				    kind);
		rc = put_draft(page, &draft, "\n", ".\n\n");
		if (rc == 0)
			rc = put_caught(page, kind);
	}
	return rc;
}

int compare_markdown_write(FILE *out, const struct comparison *comparison,
			   const struct compare_limits *limits,
			   const struct report_style *style)
{
	const struct compare_page page = {out, comparison, limits, style};
	int rc;

	fputs(report_begins(style) ? "" : "\n", out);
	fprintf(out, "# A and %c\n\n", compare_letter(style));
	rc = put_opening(&page);
	for (size_t begin = 0, end; rc == 0 && begin < comparison->npairs;
	     begin = end) {
		end = compare_kernel_end(comparison, begin);
		rc = put_kernel(&page, begin, end);
	}
	if (rc == 0)
		rc = put_summary(&page);
	if (rc == 0)
		rc = put_absent(&page);
	if (rc)
		return rc;
	fputc('\n', out);
	put_escaped(out, compare_words_legend);
	fputc('\n', out);
	rc = put_limits(&page);
	return rc ? rc : report_flush(out);
}

/* SPDX-License-Identifier: MIT */
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/run/run_page.h"
#include "report/pages/split_page.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static void put_size(struct doc *doc, uint64_t n)
{
	fputs(text_size(n).s, doc_row(doc));
	doc_number(doc, (double)n);
}

static void put_runners(struct doc *doc, enum doc_align align,
			const struct view *view)
{
	for (size_t c = 0; c < view->ncolumns; c++)
		run_put_column(doc, align, &view->columns[c]->pair,
			       view->workers);
}

/* ------------------------------------------------------------- tables */

static void put_speed(struct doc *doc, const struct cell *cell)
{
	FILE *out = doc_cell(doc);

	if (!cell)
		return;
	if (cell->verdict >= CELL_INVALID)
		fputs(cell_verdict_names[cell->verdict], out);
	else if (cell->rounds == 0)
		fputs("too short", out);
	else
		doc_ratio(doc, cell->log_ratio, cell->interval);
	doc_mark(doc, words_marks[cell->verdict],
		 cell_verdict_names[cell->verdict]);
}

static void put_speeds(struct doc *doc, const struct view *view)
{
	words_speeds(doc_table(doc), view);
	fputs("items", doc_column(doc, DOC_RIGHT));
	put_runners(doc, DOC_LEFT, view);
	for (size_t row = 0; row < view->nrows; row++) {
		put_size(doc, view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++)
			put_speed(doc, view->cells[row * view->ncolumns + c]);
	}
}

static void put_times(struct doc *doc, const struct view *view)
{
	words_times(doc_table(doc), view);
	fputs("items", doc_column(doc, DOC_RIGHT));
	fprintf(doc_column(doc, DOC_RIGHT), "%s (base)", view->base);
	put_runners(doc, DOC_RIGHT, view);
	for (size_t row = 0; row < view->nrows; row++) {
		const struct cell *base = view_base(view, row);

		put_size(doc, view->sizes[row]);
		doc_time(doc, base ? base->serial_ns : NAN);
		for (size_t c = 0; c < view->ncolumns; c++) {
			const struct cell *cell =
				view->cells[row * view->ncolumns + c];

			doc_time(doc, cell && cell->rounds > 0 ? cell->runner_ns
							       : NAN);
		}
	}
}

static void put_costs(struct doc *doc, const struct view *view)
{
	unsigned rows[WORDS_COSTS];
	unsigned count = words_costs_known(view, rows);

	fputs(words_costs_caption, doc_table(doc));
	doc_column(doc, DOC_LEFT);
	put_runners(doc, DOC_RIGHT, view);
	for (unsigned i = 0; i < count; i++) {
		fputs(words_costs[rows[i]], doc_row(doc));
		for (size_t c = 0; c < view->ncolumns; c++)
			fputs(words_cost(view->columns[c], rows[i]).s,
			      doc_cell(doc));
	}
}

static void put_crossings(const struct run_page *page, const struct view *view)
{
	const struct findings *findings = page->findings;

	words_caption(doc_heading(page->doc, 3), view);
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (!view_holds(view, &crossing->pair))
			continue;
		words_runner(doc_term(page->doc), &crossing->pair,
			     view->workers);
		words_crossing(doc_meaning(page->doc), findings, crossing);
	}
}

/* ------------------------------------------------------------- views */

static void put_details(const struct run_page *page, const struct view *view)
{
	if (view->nrows == 0)
		return;
	fputs("The numbers", doc_fold(page->doc));
	put_speeds(page->doc, view);
	if (view->more > 0)
		words_more(doc_paragraph(page->doc), view);
	/* All times stand in the table over serial. */
	if (view_is_first(view))
		put_times(page->doc, view);
	put_costs(page->doc, view);
	doc_unfold(page->doc);
}

static int put_view(void *data, const struct view *view)
{
	struct run_page *page = data;

	if (page->detail != STYLE_ALL) {
		if (!view->rare && view->nrows > 0)
			put_speeds(page->doc, view);
		return 0;
	}
	if (view->rare) {
		words_rare(doc_paragraph(page->doc), view);
		return 0;
	}
	fputs("<div class=\"view\">\n", doc_html(page->doc));
	put_crossings(page, view);
	run_put_charts(page, view);
	put_details(page, view);
	fputs("</div>\n", doc_html(page->doc));
	return 0;
}

static void put_whole_split(struct run_page *page, const struct split *split)
{
	struct doc *doc = page->doc;

	fputs("<div class=\"split\">\n", doc_html(doc));
	fputs("Where the time of a call goes", doc_heading(doc, 3));
	split_put_opening(doc, split);
	if (split->nrows > 0) {
		run_put_split_chart(page);
		fputs("The numbers", doc_fold(doc));
		split_put_table(doc, split);
		doc_unfold(doc);
	}
	split_put_closing(doc, split);
	fputs("</div>\n", doc_html(doc));
}

/* Where the record says where the time of the kernel's calls goes. */
static int put_split(struct run_page *page, const char *kernel)
{
	struct split split;
	int rc = split_find(page->record, kernel, &split);

	if (rc == 0)
		put_whole_split(page, &split);
	else if (rc == -EINVAL)
		fputs("Where the time of a call goes is left out: what the "
		      "record says about it cannot be read.",
		      doc_note(page->doc, DOC_NOTE));
	split_free(&split);
	return rc == -ENOMEM ? rc : 0;
}

int run_put_kernel(struct run_page *page, size_t k, const char *kernel)
{
	FILE *out = doc_heading(page->doc, 2);
	int rc;

	doc_anchor(page->doc, "k%zu", k);
	fputs(kernel, out);
	if (page->pictures)
		words_kernel(doc_paragraph(page->doc), page->record, kernel,
			     "");
	else
		words_kernel(out, page->record, kernel, ": ");
	rc = view_each(page->record, page->findings, kernel, put_view, page);
	if (rc == 0 && page->detail == STYLE_ALL)
		rc = put_split(page, kernel);
	return rc;
}

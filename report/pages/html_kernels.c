/* SPDX-License-Identifier: MIT */
#include "report/doc/words.h"
#include "report/pages/html_page.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef void words_of_view(FILE *out, const struct view *view);

static int script_view(void *data, const struct view *view)
{
	struct page *page = data;

	for (int kind = 0; !view->rare && kind < CHART_KINDS; kind++) {
		struct chart chart = html_next_chart(page);

		chart_view(page->script, &chart, (enum chart_kind)kind, view);
	}
	return 0;
}

int html_script_kernel(struct page *page, const char *kernel)
{
	int rc = view_each(page->record, page->findings, kernel, script_view,
			   page);

	return rc ? rc : html_script_split(page, kernel);
}

/* ------------------------------------------------------------- charts */

static void put_swatch(const struct page *page, struct chart_look look)
{
	const char *colour = strcmp(look.colour, "#000000") == 0
				     ? "currentColor"
				     : look.colour;

	fprintf(page->out,
		"<svg aria-hidden=\"true\" viewBox=\"0 0 28 12\" "
		"color=\"%s\"><path stroke=\"currentColor\" d=\"M0 6h28\"%s/>"
		"<use href=\"#gpPt%d\" transform=\"translate(14,6) "
		"scale(4)\"/></svg>",
		colour, look.dash > 1 ? " stroke-dasharray=\"5 3\"" : "",
		look.point - 1);
}

/* Column -1 is the base. */
static void put_button(const struct page *page, const struct view *view,
		       int column)
{
	const struct chart chart = {CHART_PAGE, 0, page->record,
				    page->findings};
	const struct pair *pair =
		column < 0 ? NULL : &view->columns[column]->pair;

	fprintf(page->out,
		"<button type=\"button\" aria-pressed=\"true\" "
		"data-series=\"%d\">",
		column + 1);
	put_swatch(page, chart_look(&chart, view, column));
	html_put(page->out, pair ? pair->runner : view->base);
	if (pair && view->workers == 0)
		fprintf(page->out, " with %u", pair->workers);
	fputs("</button>\n", page->out);
}

static void put_legend(const struct page *page, const struct view *view)
{
	fputs("<div class=\"legend\" role=\"group\" "
	      "aria-label=\"Lines of the charts\">\n",
	      page->out);
	for (int c = -1; c < (int)view->ncolumns; c++)
		put_button(page, view, c);
	fputs("</div>\n", page->out);
}

static int put_figure(struct page *page, enum chart_kind kind,
		      const struct view *view, const char *caption)
{
	struct draft_text draft;
	char *groups;

	if (!text_begin(&draft))
		return -ENOMEM;
	chart_groups(draft.file, kind, view);
	groups = text_end(&draft);
	if (!groups)
		return -ENOMEM;
	fputs("<figure>\n", page->out);
	if (pictures_put(page->out, &page->pictures, page->next++, caption,
			 groups))
		fprintf(page->out, "<figcaption>%s</figcaption>\n", caption);
	else if (!page->pictures.missing[0])
		fputs("<p class=\"soft\">Too few sizes for a chart.</p>\n",
		      page->out);
	fputs("</figure>\n", page->out);
	free(groups);
	return 0;
}

static int put_charts(struct page *page, const struct view *view)
{
	int rc = 0;

	static const char *const captions[CHART_KINDS] = {
		[CHART_SPEED] =
			"Speed-up by size, with 95 % intervals. Where a "
			"line crosses 1 its runner breaks even: the wide mark, "
			"with the interval of that size.",
		[CHART_TIME] = "Time of a call by size, with the interval that "
			       "the speed-up gives it.",
	};

	if (page->pictures.count > 0)
		put_legend(page, view);
	fputs("<div class=\"charts\">\n", page->out);
	for (int kind = 0; rc == 0 && kind < CHART_KINDS; kind++)
		rc = put_figure(page, (enum chart_kind)kind, view,
				captions[kind]);
	fputs("</div>\n", page->out);
	return rc;
}

/* ------------------------------------------------------------- tables */

static void put_heads(const struct page *page, const struct view *view)
{
	for (size_t c = 0; c < view->ncolumns; c++) {
		const struct pair *pair = &view->columns[c]->pair;

		fputs("<th scope=\"col\">", page->out);
		html_put(page->out, pair->runner);
		if (view->workers == 0)
			fprintf(page->out, " with %u", pair->workers);
		fputs("</th>", page->out);
	}
	fputs("</tr></thead>\n<tbody>\n", page->out);
}

static void put_row_head(const struct page *page, uint64_t n)
{
	fputs("<tr><th scope=\"row\">", page->out);
	html_put_value(page->out, text_size(n).s, (double)n);
	fputs("</th>", page->out);
}

static void put_speed(const struct page *page, const struct cell *cell)
{
	static const char *const classes[] = {
		[CELL_FASTER] = "plus", [CELL_SLOWER] = "minus"};
	const char *class = cell && cell->verdict <= CELL_SLOWER
				    ? classes[cell->verdict]
				    : NULL;

	fprintf(page->out, "<td class=\"%s\">", class ? class : "");
	if (cell && cell->rounds > 0) {
		html_put_value(page->out,
			       text_ratio(exp(cell->log_ratio), false).s,
			       exp(cell->log_ratio));
		fprintf(page->out, " <small>%s</small>",
			text_interval(cell->interval.lo, cell->interval.hi,
				      false)
				.s);
	}
	if (cell)
		fprintf(page->out, " <abbr title=\"%s\">%c</abbr>",
			cell_verdict_names[cell->verdict],
			words_marks[cell->verdict]);
	fputs("</td>", page->out);
}

static void put_speeds(const struct page *page, const struct view *view,
		       const char *caption)
{
	html_begin_table(page, caption, "items");
	put_heads(page, view);
	for (size_t row = 0; row < view->nrows; row++) {
		put_row_head(page, view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++)
			put_speed(page, view->cells[row * view->ncolumns + c]);
		fputs("</tr>\n", page->out);
	}
	html_end_table(page);
}

static void put_times(const struct page *page, const struct view *view,
		      const char *caption)
{
	html_begin_table(page, caption, "items");
	fputs("<th scope=\"col\">", page->out);
	html_put(page->out, view->base);
	fputs(" (base)</th>", page->out);
	put_heads(page, view);
	for (size_t row = 0; row < view->nrows; row++) {
		const struct cell *base = view_base(view, row);

		put_row_head(page, view->sizes[row]);
		html_put_time(page, base ? base->serial_ns : NAN);
		for (size_t c = 0; c < view->ncolumns; c++) {
			const struct cell *cell =
				view->cells[row * view->ncolumns + c];

			html_put_time(page, cell && cell->rounds > 0
						    ? cell->runner_ns
						    : NAN);
		}
		fputs("</tr>\n", page->out);
	}
	html_end_table(page);
}

static void put_costs(const struct page *page, const struct view *view)
{
	unsigned rows[WORDS_COSTS];
	unsigned count = words_costs_known(view, rows);

	if (count == 0)
		return;
	html_begin_table(page, words_costs_caption, "");
	put_heads(page, view);
	for (unsigned i = 0; i < count; i++) {
		fprintf(page->out, "<tr><th scope=\"row\">%s</th>",
			words_costs[rows[i]]);
		for (size_t c = 0; c < view->ncolumns; c++)
			fprintf(page->out, "<td>%s</td>",
				words_cost(view->columns[c], rows[i], true).s);
		fputs("</tr>\n", page->out);
	}
	html_end_table(page);
}

/* Words of a view as a string, to be freed; NULL: out of memory. */
static char *view_words(const struct view *view, words_of_view *words)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return NULL;
	words(draft.file, view);
	return text_end(&draft);
}

static int put_tables(const struct page *page, const struct view *view)
{
	char *speeds = view_words(view, words_speeds);
	char *times = view_words(view, words_times);
	bool whole = speeds && times;

	if (whole) {
		fputs("<details><summary>The numbers</summary>\n", page->out);
		put_speeds(page, view, speeds);
		put_times(page, view, times);
		put_costs(page, view);
		fputs("</details>\n", page->out);
	}
	free(speeds);
	free(times);
	return whole ? 0 : -ENOMEM;
}

/* ------------------------------------------------------------- kernels */

static int put_crossing(const struct page *page, const struct view *view,
			const struct crossing *crossing)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	words_runner(draft.file, &crossing->pair, view->workers, page->style);
	fputs(": ", draft.file);
	words_crossing(draft.file, page->findings, crossing, page->style);
	return html_put_draft(page->out, &draft, "li");
}

static int put_crossings(const struct page *page, const struct view *view)
{
	int rc = 0;

	fputs("<ul>\n", page->out);
	for (size_t i = 0; rc == 0 && i < page->findings->ncrossings; i++)
		if (view_holds(view, &page->findings->crossings[i].pair))
			rc = put_crossing(page, view,
					  &page->findings->crossings[i]);
	fputs("</ul>\n", page->out);
	return rc;
}

static int put_view(void *data, const struct view *view)
{
	struct page *page = data;
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	if (view->rare) {
		words_rare(draft.file, view);
		return html_put_paragraph(page, &draft);
	}
	fputs("<div class=\"view\">\n", page->out);
	words_speeds(draft.file, view);
	rc = html_put_draft(page->out, &draft, "h3");
	if (rc == 0)
		rc = put_crossings(page, view);
	if (rc == 0)
		rc = put_charts(page, view);
	if (rc == 0 && view->nrows > 0)
		rc = put_tables(page, view);
	fputs("</div>\n", page->out);
	return rc;
}

int html_put_kernel(struct page *page, size_t k, const char *kernel)
{
	struct draft_text draft;
	int rc;

	fprintf(page->out, "<section id=\"r%u-k%zu\">\n<h2>",
		page->style->index, k);
	html_put(page->out, kernel);
	fputs("</h2>\n", page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	words_kernel(draft.file, page->record, kernel, "", page->style);
	rc = html_put_paragraph(page, &draft);
	if (rc == 0)
		rc = view_each(page->record, page->findings, kernel, put_view,
			       page);
	if (rc == 0)
		rc = html_put_split(page, kernel);
	fputs("</section>\n", page->out);
	return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * A page: one file that needs nothing else, neither the network nor, to be read
 * or printed, its script. Charts are gnuplot's, as in every other format, and
 * each stands over the table that it is drawn from.
 */
#include "report/chart.h"
#include "report/formats.h"
#include "report/html_chart.h"
#include "report/html_text.h"
#include "report/page.h"
#include "report/words.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { IDS = 10000 }; /* of charts in one record */

struct page {
	FILE *out;
	const struct record *record;
	const struct findings *findings;
	const struct report_style *style;
	unsigned next; /* id of a chart */
	FILE *script;  /* where charts are collected, in a first walk */
	struct pictures pictures;
};

typedef void words_of_view(FILE *out, const struct view *view);

static struct chart chart_of(struct page *page)
{
	return (struct chart){CHART_PAGE, page->next++, page->record,
			      page->findings};
}

static int put_paragraph(const struct page *page, struct draft_text *draft)
{
	return html_put_draft(page->out, draft, "p");
}

/* ------------------------------------------------------------- walk */

typedef int visit_view(struct page *page, const struct view *view);

static int walk_base(struct page *page, const char *kernel, const char *base,
		     visit_view *visit)
{
	const struct findings *findings = page->findings;
	int rc = 0;

	for (size_t p = 0; rc == 0 && p < findings->nplacements; p++) {
		struct view view;

		rc = view_init(&view, page->record, findings, kernel, base,
			       findings->placements[p]);
		if (rc == 0 && view.seen)
			rc = visit(page, &view);
		view_free(&view);
	}
	return rc;
}

static int walk_kernel(struct page *page, const char *kernel, visit_view *visit)
{
	const char *base;
	int rc = 0;

	for (size_t b = 0;
	     rc == 0 && (base = view_over(page->findings, kernel, b)); b++)
		rc = walk_base(page, kernel, base, visit);
	return rc;
}

static int script_view(struct page *page, const struct view *view)
{
	for (int kind = 0; !view->rare && kind < CHART_KINDS; kind++) {
		struct chart chart = chart_of(page);

		chart_view(page->script, &chart, (enum chart_kind)kind, view);
	}
	return 0;
}

/* All charts of the record at once: a gnuplot for each would take longer than
 * all that it draws. */
static int draw_charts(struct page *page)
{
	const char *kernel;
	struct draft_text draft;
	struct chart chart;
	char *script;
	int rc = 0;

	page->script = text_begin(&draft);
	if (!page->script)
		return -ENOMEM;
	page->next = page->style->index * IDS;
	for (size_t k = 0; rc == 0 && (kernel = view_kernel(page->findings, k));
	     k++)
		rc = walk_kernel(page, kernel, script_view);
	chart = chart_of(page);
	chart_creation(page->script, &chart);
	chart.id = IDS - 1;
	if (report_begins(page->style))
		chart_marks_only(page->script, &chart);
	script = text_end(&draft);
	if (!script)
		return -ENOMEM;
	if (rc == 0)
		rc = pictures_draw(script, strlen(script), &page->pictures);
	free(script);
	page->next = page->style->index * IDS;
	return rc;
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

static void begin_table(const struct page *page, const char *caption,
			const char *corner)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table>\n<caption>",
	      page->out);
	html_put(page->out, caption);
	fprintf(page->out,
		"</caption>\n<thead><tr><th scope=\"col\" class=\"text\">%s"
		"</th>",
		corner);
}

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

static void end_table(const struct page *page)
{
	fputs("</tbody></table></div>\n", page->out);
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
	begin_table(page, caption, "items");
	put_heads(page, view);
	for (size_t row = 0; row < view->nrows; row++) {
		put_row_head(page, view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++)
			put_speed(page, view->cells[row * view->ncolumns + c]);
		fputs("</tr>\n", page->out);
	}
	end_table(page);
}

static void put_time(const struct page *page, double ns)
{
	fputs("<td>", page->out);
	if (isfinite(ns))
		html_put_value(page->out, text_time(ns, true).s, ns);
	fputs("</td>", page->out);
}

static void put_times(const struct page *page, const struct view *view,
		      const char *caption)
{
	begin_table(page, caption, "items");
	fputs("<th scope=\"col\">", page->out);
	html_put(page->out, view->base);
	fputs(" (base)</th>", page->out);
	put_heads(page, view);
	for (size_t row = 0; row < view->nrows; row++) {
		const struct cell *base = view_base(view, row);

		put_row_head(page, view->sizes[row]);
		put_time(page, base ? base->serial_ns : NAN);
		for (size_t c = 0; c < view->ncolumns; c++) {
			const struct cell *cell =
				view->cells[row * view->ncolumns + c];

			put_time(page, cell && cell->rounds > 0
					       ? cell->runner_ns
					       : NAN);
		}
		fputs("</tr>\n", page->out);
	}
	end_table(page);
}

static void put_costs(const struct page *page, const struct view *view)
{
	unsigned rows[WORDS_COSTS];
	unsigned count = words_costs_known(view, rows);

	if (count == 0)
		return;
	begin_table(page, words_costs_caption, "");
	put_heads(page, view);
	for (unsigned i = 0; i < count; i++) {
		fprintf(page->out, "<tr><th scope=\"row\">%s</th>",
			words_costs[rows[i]]);
		for (size_t c = 0; c < view->ncolumns; c++)
			fprintf(page->out, "<td>%s</td>",
				words_cost(view->columns[c], rows[i], true).s);
		fputs("</tr>\n", page->out);
	}
	end_table(page);
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

static int put_view(struct page *page, const struct view *view)
{
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	if (view->rare) {
		words_rare(draft.file, view);
		return put_paragraph(page, &draft);
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

static int put_kernel(struct page *page, size_t k, const char *kernel)
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
	rc = put_paragraph(page, &draft);
	if (rc == 0)
		rc = walk_kernel(page, kernel, put_view);
	fputs("</section>\n", page->out);
	return rc;
}

/* ------------------------------------------------------------- opening */

/* Where it begins to pay, as a field of a table. */
static void put_start(const struct page *page, const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		fprintf(page->out, "<td class=\"plus\"><data value=\"%.9g\">",
			at->n_star);
		words_edge(page->out, at->n_star, at->n_lo, at->n_hi,
			   "</data> <small>");
		fputs("</small>", page->out);
		if (at->verdict == BREAKEVEN_WINDOW)
			fprintf(page->out, " <small>to %s</small>",
				text_count(at->n_end).s);
		break;
	case BREAKEVEN_ALWAYS:
		fputs("<td class=\"plus\">always", page->out);
		break;
	case BREAKEVEN_NEVER:
		fputs("<td class=\"minus\">never", page->out);
		break;
	case BREAKEVEN_UNRESOLVED:
		fputs("<td>cannot tell", page->out);
		break;
	default:
		fprintf(page->out, "<td>%s",
			breakeven_verdict_names[at->verdict]);
		break;
	}
	fputs("</td>", page->out);
}

/* The crossing over serial in the commoner placement; NULL: none. */
static const struct crossing *crossing_of(const struct page *page,
					  const char *kernel,
					  const struct pair *like)
{
	const struct findings *findings = page->findings;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) == 0 &&
		    strcmp(pair->runner, like->runner) == 0 &&
		    strcmp(pair->base, "serial") == 0 &&
		    pair->workers == like->workers &&
		    (findings->nplacements == 0 ||
		     strcmp(pair->placement, findings->placements[0]) == 0))
			return &findings->crossings[i];
	}
	return NULL;
}

/* Is it the first of its runner and workers, so that it makes a column? */
static bool is_column(const struct page *page, size_t i)
{
	const struct crossing *list = page->findings->crossings;

	for (size_t k = 0; k < i; k++)
		if (strcmp(list[k].pair.runner, list[i].pair.runner) == 0 &&
		    list[k].pair.workers == list[i].pair.workers)
			return false;
	return true;
}

static void put_starts_row(const struct page *page, const char *kernel)
{
	const struct findings *findings = page->findings;

	fputs("<tr><th scope=\"row\">", page->out);
	html_put(page->out, kernel);
	fputs("</th>", page->out);
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing;

		if (!is_column(page, i))
			continue;
		crossing =
			crossing_of(page, kernel, &findings->crossings[i].pair);
		if (crossing)
			put_start(page, crossing);
		else
			fputs("<td></td>", page->out);
	}
	fputs("</tr>\n", page->out);
}

/* Kernels by runners: the page in one table. */
static void put_starts(const struct page *page)
{
	const struct findings *findings = page->findings;
	const char *kernel;

	begin_table(page, "Items from which it pays [95 % interval]", "kernel");
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (!is_column(page, i))
			continue;
		fputs("<th scope=\"col\">", page->out);
		html_put(page->out, pair->runner);
		fprintf(page->out, "<br><small>%u worker%s</small></th>",
			pair->workers, pair->workers == 1 ? "" : "s");
	}
	fputs("</tr></thead>\n<tbody>\n", page->out);
	for (size_t k = 0; (kernel = view_kernel(findings, k)); k++)
		put_starts_row(page, kernel);
	end_table(page);
}

static void put_links(const struct page *page)
{
	const char *kernel;

	fputs("<nav aria-label=\"Sections\"><ul>\n", page->out);
	for (size_t k = 0; (kernel = view_kernel(page->findings, k)); k++) {
		fprintf(page->out, "<li><a href=\"#r%u-k%zu\">",
			page->style->index, k);
		html_put(page->out, kernel);
		fputs("</a></li>\n", page->out);
	}
	fprintf(page->out,
		"<li><a href=\"#r%u-proof\">Can it be trusted?</a></li>\n"
		"<li><a href=\"#r%u-again\">How to repeat it</a></li>\n"
		"</ul></nav>\n",
		page->style->index, page->style->index);
}

static int put_found(const struct page *page)
{
	const char *kernel;
	int rc = 0;

	fputs("<ul>\n", page->out);
	for (size_t k = 0; rc == 0 && (kernel = view_kernel(page->findings, k));
	     k++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		words_found(draft.file, page->findings, kernel, page->style);
		rc = html_put_draft(page->out, &draft, "li");
	}
	fputs("</ul>\n", page->out);
	return rc;
}

static int put_opening(const struct page *page)
{
	struct draft_text draft;
	int rc;

	fputs("<h1>From which size on does it pay?</h1>\n", page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	words_machine(draft.file, page->record, page->findings, page->style);
	fprintf(page->out, "<div class=\"trust%s\">",
		page->findings->trusted ? "" : " no");
	rc = put_paragraph(page, &draft);
	fputs("</div>\n", page->out);
	if (rc == 0)
		rc = put_found(page);
	put_starts(page);
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	words_base(draft.file, page->findings, page->style);
	fputs(". ", draft.file);
	if (words_arena(draft.file, page->record))
		fputc('.', draft.file);
	rc = put_paragraph(page, &draft);
	if (page->pictures.missing[0]) {
		fputs("<p class=\"note\">The charts are left out: ", page->out);
		html_put(page->out, page->pictures.missing);
		fputs(". The numbers are all here.</p>\n", page->out);
	}
	put_links(page);
	return rc;
}

/* ------------------------------------------------------------- creation */

static void put_created(const struct page *page, size_t i)
{
	const struct pair *pair = &page->findings->crossings[i].pair;
	double ns =
		chart_created_ns(page->findings, pair->runner, pair->workers);

	if (!is_column(page, i) || isnan(ns))
		return;
	fputs("<tr><th scope=\"row\">", page->out);
	html_put(page->out, pair->runner);
	fprintf(page->out, "</th><td>%u</td>", pair->workers);
	put_time(page, ns);
	fputs("</tr>\n", page->out);
}

static void put_creation(struct page *page)
{
	static const char caption[] =
		"What it took to create the workers of each runner that keeps "
		"them: the median over kernels.";
	unsigned id = page->next++;

	fputs("<section>\n<h2>Creating the workers</h2>\n<figure>\n",
	      page->out);
	pictures_put(page->out, &page->pictures, id, caption, "");
	fprintf(page->out,
		"<figcaption>%s For the rest, and for what a parent's memory "
		"adds to a fork: <code>breakeven creation</code>; where the "
		"time of one call goes: <code>breakeven trace</code>."
		"</figcaption></figure>\n",
		caption);
	fputs("<details><summary>The numbers</summary>\n", page->out);
	begin_table(page, "Creation", "runner");
	fputs("<th scope=\"col\">workers</th><th scope=\"col\">time</th></tr>"
	      "</thead>\n<tbody>\n",
	      page->out);
	for (size_t i = 0; i < page->findings->ncrossings; i++)
		put_created(page, i);
	end_table(page);
	fputs("</details>\n</section>\n", page->out);
}

/* ------------------------------------------------------------- closing */

static int put_left_out(const struct page *page)
{
	for (size_t i = 0;; i++) {
		struct draft_text draft;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		if (!words_left_out(draft.file, page->record, page->findings, i,
				    page->style)) {
			free(text_end(&draft));
			fputs(i ? "</ul>\n" : "<p>Nothing.</p>\n", page->out);
			return 0;
		}
		fputs(i ? "" : "<ul>\n", page->out);
		rc = html_put_draft(page->out, &draft, "li");
		if (rc)
			return rc;
	}
}

static int put_controls(const struct page *page)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < page->findings->ncontrols; i++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		words_control(draft.file, &page->findings->controls[i],
			      page->style);
		rc = html_put_draft(page->out, &draft, "li");
	}
	return rc;
}

static int put_proofs(const struct page *page)
{
	struct draft_text draft;
	int rc = 0;

	fputs("<ul>\n", page->out);
	for (unsigned i = 0; rc == 0 && i < WORDS_PROOFS; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		if (words_proof(draft.file, page->findings, i, page->style))
			rc = html_put_draft(page->out, &draft, "li");
		else
			free(text_end(&draft));
	}
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	if (words_harness(draft.file, page->findings, page->style))
		rc = html_put_draft(page->out, &draft, "li");
	else
		free(text_end(&draft));
	if (rc == 0)
		rc = put_controls(page);
	fputs("</ul>\n", page->out);
	return rc;
}

static void put_rules(const struct page *page)
{
	fputs("<details><summary>The twelve rules of Hoefler and Belli "
	      "(SC'15), and where this page keeps them</summary>\n<ol>\n",
	      page->out);
	for (size_t i = 0; page_rules[i]; i++)
		fprintf(page->out, "<li>%s</li>\n", page_rules[i]);
	fputs("</ol></details>\n", page->out);
}

static void put_audit(const struct page *page)
{
	const json_t *audit = json_object_get(
		json_object_get(page->record->header, "machine"), "audit");

	if (json_array_size(audit) == 0)
		return;
	fputs("<details><summary>The machine</summary>\n", page->out);
	begin_table(page, "What may disturb a measurement here", "");
	fputs("<th scope=\"col\" class=\"text\">it is</th><th scope=\"col\" "
	      "class=\"text\">found</th></tr></thead>\n<tbody>\n",
	      page->out);
	for (size_t i = 0; i < json_array_size(audit); i++) {
		static const char *const keys[] = {"what", "level", "found"};
		const json_t *row = json_array_get(audit, i);

		fputs("<tr>", page->out);
		for (size_t k = 0; k < 3; k++) {
			const char *text = json_string_value(
				json_object_get(row, keys[k]));

			fputs(k ? "<td class=\"text\">" : "<th scope=\"row\">",
			      page->out);
			html_put(page->out, text ? text : "");
			fputs(k ? "</td>" : "</th>", page->out);
		}
		fputs("</tr>\n", page->out);
	}
	end_table(page);
	fputs("</details>\n", page->out);
}

static int put_words(const struct page *page,
		     void (*words)(FILE *, const struct record *,
				   const struct report_style *))
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	words(draft.file, page->record, page->style);
	return put_paragraph(page, &draft);
}

/* What the marks and the gaps in the tables mean. */
static int put_notes(const struct page *page)
{
	struct draft_text draft;
	int rc = 0;

	fputs("<p>", page->out);
	html_put(page->out, words_legend);
	fputs("</p>\n", page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_unknown(draft.file, page->findings))
		rc = put_paragraph(page, &draft);
	else
		free(text_end(&draft));
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	if (words_isolation(draft.file, page->record))
		return put_paragraph(page, &draft);
	free(text_end(&draft));
	return 0;
}

static int put_closing(const struct page *page)
{
	int rc;

	fputs("<section>\n<h2>Left out</h2>\n", page->out);
	rc = put_left_out(page);
	fprintf(page->out,
		"</section>\n<section id=\"r%u-proof\">\n<h2>Can it be "
		"trusted?</h2>\n",
		page->style->index);
	if (rc == 0)
		rc = put_proofs(page);
	if (rc == 0)
		rc = put_words(page, words_method);
	if (rc == 0)
		rc = put_notes(page);
	put_rules(page);
	put_audit(page);
	fprintf(page->out,
		"</section>\n<section id=\"r%u-again\">\n<h2>How to repeat it"
		"</h2>\n",
		page->style->index);
	if (rc == 0)
		rc = put_words(page, words_built);
	if (rc == 0)
		rc = put_words(page, words_again);
	fputs("</section>\n", page->out);
	return rc;
}

/* ------------------------------------------------------------- page */

static void put_head(const struct page *page)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
	      "charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"breakeven\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n"
	      "<title>breakeven: from which size on does it pay?</title>\n"
	      "<style>\n",
	      page->out);
	fputs(page_css, page->out);
	fputs("</style>\n</head>\n<body>\n", page->out);
}

static void put_foot(const struct page *page)
{
	fputs("<div id=\"tip\" role=\"status\" hidden></div>\n<script>\n",
	      page->out);
	fputs(page_js, page->out);
	fputs("</script>\n</body>\n</html>\n", page->out);
}

static int put_record(struct page *page)
{
	const char *kernel;
	int rc;

	fprintf(page->out, "<article id=\"r%u\">\n", page->style->index);
	rc = put_opening(page);
	if (report_begins(page->style))
		pictures_put_marks(page->out, &page->pictures);
	for (size_t k = 0; rc == 0 && (kernel = view_kernel(page->findings, k));
	     k++)
		rc = put_kernel(page, k, kernel);
	if (rc == 0) {
		put_creation(page);
		rc = put_closing(page);
	}
	fputs("</article>\n", page->out);
	return rc;
}

int html_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style)
{
	struct report_style rich = *style;
	struct page page = {.out = out,
			    .record = record,
			    .findings = findings,
			    .style = &rich};
	int rc;

	rich.utf8 = true;
	rc = draw_charts(&page);
	if (report_begins(style))
		put_head(&page);
	if (rc == 0)
		rc = put_record(&page);
	if (report_ends(style))
		put_foot(&page);
	pictures_free(&page.pictures);
	return rc ? rc : report_flush(out);
}

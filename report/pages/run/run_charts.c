/* SPDX-License-Identifier: MIT */
/*
 * The charts of a run's page. They are gnuplot's, as in every other format, and
 * each stands over the table that it is drawn from.
 */
#include "report/chart/chart.h"
#include "report/doc/html_text.h"
#include "report/doc/text.h"
#include "report/pages/run/run_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct script {
	struct run_page *page;
	FILE *out;
	bool first; /* record of the page */
};

static struct chart next_chart(struct run_page *page)
{
	return (struct chart){CHART_PAGE, page->chart++, page->record,
			      page->findings};
}

/* ------------------------------------------------------------- drawing */

static int script_view(void *data, const struct view *view)
{
	struct script *script = data;

	for (int kind = 0; !view->rare && kind < CHART_KINDS; kind++) {
		struct chart chart = next_chart(script->page);

		chart_view(script->out, &chart, (enum chart_kind)kind, view);
	}
	return 0;
}

static int script_split(struct script *script, const char *kernel)
{
	struct split split;
	int rc = split_find(script->page->record, kernel, &split);

	if (rc == 0 && split.nrows > 0) {
		struct chart chart = next_chart(script->page);

		chart_split(script->out, &chart, &split);
	}
	split_free(&split);
	return rc == -ENOMEM ? rc : 0;
}

static int script_kernel(struct script *script, const char *kernel)
{
	int rc = view_each(script->page->record, script->page->findings, kernel,
			   script_view, script);

	return rc ? rc : script_split(script, kernel);
}

static int script_run(FILE *out, void *data)
{
	struct script *script = data;
	const struct findings *findings = script->page->findings;
	const char *kernel;
	struct chart chart;
	int rc = 0;

	script->out = out;
	for (size_t k = 0; rc == 0 && (kernel = findings_kernel(findings, k));
	     k++)
		rc = script_kernel(script, kernel);
	chart = next_chart(script->page);
	chart_creation(out, &chart);
	chart.id = PICTURES_MARKS;
	if (script->first)
		chart_marks_only(out, &chart);
	return rc;
}

int run_draw_charts(struct run_page *page, const struct report_style *style)
{
	struct script script = {.page = page, .first = report_begins(style)};

	return pictures_draw(script_run, &script, page->pictures);
}

/* ------------------------------------------------------------- legend */

/* Column -1 is the base. */
static void put_button(const struct run_page *page, FILE *out,
		       const struct view *view, int column)
{
	const struct chart chart = {CHART_PAGE, 0, page->record,
				    page->findings};
	const struct pair *pair =
		column < 0 ? NULL : &view->columns[column]->pair;

	fprintf(out,
		"<button type=\"button\" aria-pressed=\"true\" "
		"data-series=\"%d\">",
		column + 1);
	pictures_put_swatch(out, chart_look(&chart, view, column));
	html_put(out, pair ? pair->runner : view->base);
	if (pair && view->workers == 0)
		fprintf(out, " with %u", pair->workers);
	fputs("</button>\n", out);
}

static void put_legend(const struct run_page *page, FILE *out,
		       const struct view *view)
{
	fputs("<div class=\"legend\" role=\"group\" "
	      "aria-label=\"Lines of the charts\">\n",
	      out);
	for (int c = -1; c < (int)view->ncolumns; c++)
		put_button(page, out, view, c);
	fputs("</div>\n", out);
}

/* ------------------------------------------------------------- figures */

/* A chart's label says whose it is, since a page has many. */
static void put_label(FILE *out, const struct view *view, const char *caption)
{
	fprintf(out, "%s over %s", view->kernel, view->base);
	if (*view->placement && strcmp(view->placement, "unknown") != 0)
		fprintf(out, ", CPUs %s", view->placement);
	fprintf(out, ": %s", caption);
}

static void put_drawn(struct run_page *page, FILE *out, const struct view *view,
		      enum chart_kind kind, const char *caption)
{
	struct draft_text draft, label_draft;
	FILE *groups_out = text_begin(&draft);
	FILE *label_out = text_begin(&label_draft);
	char *groups, *label;

	if (groups_out)
		chart_groups(groups_out, kind, view);
	if (label_out)
		put_label(label_out, view, caption);
	groups = text_end(&draft);
	label = text_end(&label_draft);
	if (pictures_put(out, page->pictures, page->chart++,
			 label ? label : caption, groups ? groups : ""))
		pictures_put_caption(out, page->chart - 1, caption);
	else if (!page->pictures->missing[0])
		fputs("<p class=\"soft\">Too few sizes for a chart.</p>\n",
		      out);
	free(groups);
	free(label);
}

void run_put_charts(struct run_page *page, const struct view *view)
{
	static const char *const captions[CHART_KINDS] = {
		[CHART_SPEED] =
			"Speed-up by size, with 95 % intervals; hollow where "
			"it is not known on which side of 1. Where a line "
			"crosses 1 its runner breaks even: the wide mark, with "
			"the interval of that size.",
		[CHART_TIME] = "Time of a call by size, with the interval that "
			       "the speed-up gives it.",
	};
	FILE *out;

	if (!page->pictures)
		return;
	out = doc_html(page->doc);
	if (page->pictures->count > 0)
		put_legend(page, out, view);
	fputs("<div class=\"charts\">\n", out);
	for (int kind = 0; kind < CHART_KINDS; kind++) {
		fputs("<figure>\n", out);
		put_drawn(page, out, view, (enum chart_kind)kind,
			  captions[kind]);
		fputs("</figure>\n", out);
	}
	fputs("</div>\n", out);
}

/* Begin the figure of the next chart; NULL: it was not drawn, and is passed. */
static FILE *begin_bars(struct run_page *page)
{
	FILE *out;

	if (!page->pictures)
		return NULL;
	if (!pictures_has(page->pictures, page->chart)) {
		page->chart++;
		return NULL;
	}
	out = doc_html(page->doc);
	fputs("<figure class=\"bars\">\n", out);
	return out;
}

static void put_bars(struct run_page *page, FILE *out, const char *caption)
{
	if (pictures_put(out, page->pictures, page->chart++, caption, ""))
		pictures_put_caption(out, page->chart - 1, caption);
	fputs("</figure>\n", out);
}

void run_put_split_chart(struct run_page *page)
{
	FILE *out = begin_bars(page);

	if (!out)
		return;
	fputs("<ul class=\"key\">", out);
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		fprintf(out,
			"<li><svg aria-hidden=\"true\" viewBox=\"0 0 1 "
			"1\"><path fill=\"%s\" d=\"M0 0h1v1h-1z\"/></svg>%s"
			"</li>\n",
			chart_part_colour(part), split_parts[part]);
	fputs("</ul>\n", out);
	put_bars(page, out,
		 "Of what parts a call of each runner consists, and how long "
		 "it is.");
}

void run_put_creation_chart(struct run_page *page)
{
	FILE *out = begin_bars(page);

	if (out)
		put_bars(page, out,
			 "What it took to create the workers of each runner "
			 "that keeps them: the median over kernels.");
}

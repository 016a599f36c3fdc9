/* SPDX-License-Identifier: MIT */
/*
 * A page: one file that needs nothing else, neither the network nor, to be read
 * or printed, its script. Charts are gnuplot's, as in every other format, and
 * each stands over the table that it is drawn from.
 */
#include "report/pages/html_assets.h"
#include "report/pages/html_page.h"
#include "report/pages/record_pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IDS = 10000 }; /* of charts in one record */

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
		rc = html_script_kernel(page, kernel);
	chart = html_next_chart(page);
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

/* Machines and builds need not be the same. */
static void put_several(const struct page *page)
{
	fprintf(page->out,
		"<p class=\"note\">This page tells %u records, each by itself: "
		"machine and build may differ. <code>breakeven compare</code> "
		"holds records against one another. Here are the records",
		page->style->count);
	for (unsigned i = 0; i < page->style->count; i++)
		fprintf(page->out, "%s <a href=\"#r%u\">%u</a>", i ? "," : "",
			i, i + 1);
	fputs(".</p>\n", page->out);
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
	rc = html_put_opening(page);
	if (report_begins(page->style))
		pictures_put_marks(page->out, &page->pictures);
	for (size_t k = 0; rc == 0 && (kernel = view_kernel(page->findings, k));
	     k++)
		rc = html_put_kernel(page, k, kernel);
	if (rc == 0)
		rc = html_put_creation(page);
	if (rc == 0)
		rc = html_put_closing(page);
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
	if (report_begins(style) && style->count > 1)
		put_several(&page);
	if (rc == 0)
		rc = put_record(&page);
	if (report_ends(style))
		put_foot(&page);
	pictures_free(&page.pictures);
	return rc ? rc : report_flush(out);
}

/* SPDX-License-Identifier: MIT */
#include "report/pages/run/run_page.h"

#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/record_pages.h"

#include <math.h>
#include <string.h>

void run_put_column(struct doc *doc, enum doc_align align,
		    const struct pair *pair, unsigned workers)
{
	fputs(pair->runner, doc_column(doc, align));
	if (workers == 0)
		fprintf(doc_column_note(doc), "%u worker%s", pair->workers,
			pair->workers == 1 ? "" : "s");
}

bool run_is_column(const struct findings *findings, size_t i)
{
	const struct crossing *list = findings->crossings;

	for (size_t k = 0; k < i; k++)
		if (strcmp(list[k].pair.runner, list[i].pair.runner) == 0 &&
		    list[k].pair.workers == list[i].pair.workers)
			return false;
	return true;
}

/* ------------------------------------------------------------- opening */

static void put_base(struct run_page *page)
{
	FILE *out = doc_paragraph(page->doc);

	words_base(out, page->record, page->findings);
	fputs(". ", out);
	if (words_arena(out, page->record))
		fputc('.', out);
}

static void put_opening(struct run_page *page)
{
	struct doc *doc = page->doc;
	FILE *out = doc_heading(doc, 1);

	fputs("From how many items on is it faster than serial?", out);
	out = doc_note(doc, page->findings->trusted ? DOC_GOOD : DOC_BAD);
	words_machine(out, page->record, page->findings);
	fputc('.', out);
	run_put_answer(page);
	if (page->detail != STYLE_BRIEF)
		put_base(page);
	if (page->pictures)
		pictures_put_opening(doc, page->pictures, page->chart == 0);
	doc_contents(doc);
}

/* ------------------------------------------------------------- page */

static int put_run(struct run_page *page)
{
	const char *kernel;
	int rc = 0;

	put_opening(page);
	if (page->detail == STYLE_BRIEF)
		return 0;
	for (size_t k = 0;
	     rc == 0 && (kernel = findings_kernel(page->findings, k)); k++)
		rc = run_put_kernel(page, k, kernel);
	run_put_closing(page);
	return rc;
}

static int build_run(struct doc *doc, const void *data)
{
	struct run_page page = *(const struct run_page *)data;

	page.doc = doc;
	return put_run(&page);
}

int table_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style)
{
	const struct run_page page = {.record = record,
				      .findings = findings,
				      .detail = style->detail};

	return doc_print(build_run, &page, out, style);
}

int markdown_write(FILE *out, const struct record *record,
		   const struct findings *findings,
		   const struct report_style *style)
{
	const struct run_page page = {
		.record = record, .findings = findings, .detail = STYLE_ALL};
	struct report_style own = *style;

	own.form = DOC_MARKDOWN;
	return doc_print(build_run, &page, out, &own);
}

int html_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style)
{
	struct pictures pictures = {.count = 0};
	struct run_page page = {
		.record = record,
		.findings = findings,
		.detail = STYLE_ALL,
		.pictures = &pictures,
		.chart = style->index * PICTURES_IDS,
	};
	struct report_style own = *style;
	int rc = run_draw_charts(&page, style);

	own.form = DOC_HTML;
	page.chart = style->index * PICTURES_IDS;
	if (rc == 0)
		rc = doc_print(build_run, &page, out, &own);
	pictures_free(&pictures);
	return rc;
}

/* SPDX-License-Identifier: MIT */
#include "report/doc/sheet.h"
#include "report/doc/view.h"
#include "report/doc/words.h"
#include "report/pages/record_pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct markdown_page {
	FILE *out;
	const struct record *record;
	const struct findings *findings;
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

/* Take the draft over, escaped. */
static int put_draft(const struct markdown_page *page, struct draft_text *draft)
{
	char *text = text_end(draft);

	if (!text)
		return -ENOMEM;
	put_escaped(page->out, text);
	free(text);
	return 0;
}

/* Of a view, and what stands behind it. */
static int put_words(const struct markdown_page *page, const struct view *view,
		     void (*words)(FILE *, const struct view *),
		     const char *behind)
{
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	words(draft.file, view);
	rc = put_draft(page, &draft);
	fputs(behind, page->out);
	return rc;
}

static int put_opening(const struct markdown_page *page)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	words_machine(draft.file, page->record, page->findings, page->style);
	fputs(".\n\n", draft.file);
	words_base(draft.file, page->record, page->findings, page->style);
	fputs(".\n", draft.file);
	if (words_arena(draft.file, page->record))
		fputs(".\n", draft.file);
	return put_draft(page, &draft);
}

static int put_title(const struct markdown_page *page, const char *kernel)
{
	struct draft_text draft;
	int rc;

	fputs("\n## ", page->out);
	put_escaped(page->out, kernel);
	fputc('\n', page->out);
	if (!text_begin(&draft))
		return -ENOMEM;
	words_kernel(draft.file, page->record, kernel, "\n", page->style);
	rc = put_draft(page, &draft);
	fputc('\n', page->out);
	return rc;
}

static int put_crossing(const struct markdown_page *page,
			const struct view *view,
			const struct crossing *crossing)
{
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	words_runner(draft.file, &crossing->pair, view->workers, page->style);
	fputs(": ", draft.file);
	words_crossing(draft.file, page->findings, crossing, page->style);
	fputs("- ", page->out);
	rc = put_draft(page, &draft);
	fputc('\n', page->out);
	return rc;
}

static int put_crossings(const struct markdown_page *page,
			 const struct view *view)
{
	int rc;

	fputc('\n', page->out);
	rc = put_words(page, view, words_caption, ":\n\n");
	for (size_t i = 0; rc == 0 && i < page->findings->ncrossings; i++) {
		const struct crossing *crossing = &page->findings->crossings[i];

		if (view_holds(view, &crossing->pair))
			rc = put_crossing(page, view, crossing);
	}
	return rc;
}

/* ------------------------------------------------------------- tables */

static void put_rule(const struct markdown_page *page, size_t columns)
{
	fputs("\n|", page->out);
	for (size_t i = 0; i < columns; i++)
		fputs(" ---: |", page->out);
	fputc('\n', page->out);
}

static void put_heads(const struct markdown_page *page, const struct view *view)
{
	for (size_t c = 0; c < view->ncolumns; c++) {
		const struct pair *pair = &view->columns[c]->pair;

		fputc(' ', page->out);
		put_escaped(page->out, pair->runner);
		if (view->workers == 0)
			fprintf(page->out, " with %u", pair->workers);
		fputs(" |", page->out);
	}
}

static void put_speeds(const struct markdown_page *page,
		       const struct view *view)
{
	fputs("\n| items |", page->out);
	put_heads(page, view);
	put_rule(page, view->ncolumns + 1);
	for (size_t row = 0; row < view->nrows; row++) {
		fprintf(page->out, "| %s |", text_size(view->sizes[row]).s);
		for (size_t c = 0; c < view->ncolumns; c++) {
			struct field field = field_speed(
				view->cells[row * view->ncolumns + c], false);

			fprintf(page->out, " %s", field.value.s);
			if (field.range.s[0])
				fprintf(page->out, " %s", field.range.s);
			if (field.mark)
				fprintf(page->out, " %c", field.mark);
			fputs(" |", page->out);
		}
		fputc('\n', page->out);
	}
}

static void put_times(const struct markdown_page *page, const struct view *view)
{
	bool utf8 = page->style->utf8;

	fputs("\n| items | serial |", page->out);
	put_heads(page, view);
	put_rule(page, view->ncolumns + 2);
	for (size_t row = 0; row < view->nrows; row++) {
		const struct cell *base = view_base(view, row);

		fprintf(page->out, "| %s | %s |", text_size(view->sizes[row]).s,
			base ? text_time(base->serial_ns, utf8).s : "");
		for (size_t c = 0; c < view->ncolumns; c++) {
			const struct cell *cell =
				view->cells[row * view->ncolumns + c];

			fprintf(page->out, " %s |",
				cell && cell->rounds > 0
					? text_time(cell->runner_ns, utf8).s
					: "");
		}
		fputc('\n', page->out);
	}
}

static void put_costs(const struct markdown_page *page, const struct view *view)
{
	unsigned rows[WORDS_COSTS];
	unsigned count = words_costs_known(view, rows);

	if (count == 0)
		return;
	fprintf(page->out, "\n%s:\n\n| |", words_costs_caption);
	put_heads(page, view);
	put_rule(page, view->ncolumns + 1);
	for (unsigned i = 0; i < count; i++) {
		fprintf(page->out, "| %s |", words_costs[rows[i]]);
		for (size_t c = 0; c < view->ncolumns; c++)
			fprintf(page->out, " %s |",
				words_cost(view->columns[c], rows[i],
					   page->style->utf8)
					.s);
		fputc('\n', page->out);
	}
}

static int put_view(void *data, const struct view *view)
{
	const struct markdown_page *page = data;
	int rc;

	fputc('\n', page->out);
	if (view->rare) {
		words_rare(page->out, view);
		fputc('\n', page->out);
		return 0;
	}
	if (view->nrows > 0) {
		rc = put_words(page, view, words_speeds, ":\n");
		if (rc)
			return rc;
		put_speeds(page, view);
	}
	if (view->more > 0) {
		fputc('\n', page->out);
		words_more(page->out, view);
		fputc('\n', page->out);
	}
	rc = put_crossings(page, view);
	if (rc || view->nrows == 0)
		return rc;
	if (view_is_first(view)) {
		fputc('\n', page->out);
		words_times(page->out, view);
		fputs(":\n", page->out);
		put_times(page, view);
	}
	put_costs(page, view);
	return 0;
}

static int put_kernel(struct markdown_page *page, const char *kernel)
{
	int rc = put_title(page, kernel);

	return rc ? rc
		  : view_each(page->record, page->findings, kernel, put_view,
			      page);
}

/* ------------------------------------------------------------- closing */

static int put_left_out(const struct markdown_page *page)
{
	for (size_t i = 0;; i++) {
		struct draft_text draft;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		if (!words_left_out(draft.file, page->record, page->findings, i,
				    page->style)) {
			free(text_end(&draft));
			return 0;
		}
		fputs(i ? "- " : "\nLeft out:\n\n- ", page->out);
		rc = put_draft(page, &draft);
		fputc('\n', page->out);
		if (rc)
			return rc;
	}
}

static int put_closing(const struct markdown_page *page)
{
	struct draft_text draft;
	int rc = put_left_out(page);

	if (rc)
		return rc;
	fprintf(page->out, "\n%s\n\n", words_legend);
	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_unknown(draft.file, page->findings))
		fputs("\n\n", draft.file);
	if (words_isolation(draft.file, page->record))
		fputs("\n\n", draft.file);
	for (unsigned i = 0; i < WORDS_PROOFS; i++)
		if (words_proof(draft.file, page->findings, i, page->style))
			fputs("\n\n", draft.file);
	if (words_harness(draft.file, page->findings, page->style))
		fputs("\n\n", draft.file);
	for (size_t i = 0; i < page->findings->ncontrols; i++) {
		words_control(draft.file, &page->findings->controls[i],
			      page->style);
		fputs("\n\n", draft.file);
	}
	words_method(draft.file, page->record, page->style);
	fputs("\n\n", draft.file);
	words_built(draft.file, page->record, page->style);
	fputs("\n\n", draft.file);
	words_again(draft.file, page->record, page->style);
	rc = put_draft(page, &draft);
	fputc('\n', page->out);
	return rc;
}

int markdown_write(FILE *out, const struct record *record,
		   const struct findings *findings,
		   const struct report_style *style)
{
	struct markdown_page page = {out, record, findings, style};
	const char *kernel;
	int rc = put_opening(&page);

	for (size_t k = 0; rc == 0 && (kernel = view_kernel(findings, k)); k++)
		rc = put_kernel(&page, kernel);
	if (rc == 0)
		rc = put_closing(&page);
	return rc ? rc : report_flush(out);
}

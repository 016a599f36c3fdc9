/* SPDX-License-Identifier: MIT */
#include "report/doc/sheet.h"
#include "report/doc/view.h"
#include "report/doc/words.h"
#include "report/pages/record_pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 28 }; /* of runners in front of a sentence, at most */

struct run_table {
	FILE *out;
	const struct record *record;
	const struct findings *findings;
	const struct report_style *style;
	bool tight; /* intervals were left out, for want of space */
};

/* ------------------------------------------------------------- sentences */

static int print_paragraph(struct run_table *table, struct draft_text *draft,
			   unsigned indent)
{
	return text_end_paragraph(table->out, draft, table->style->columns,
				  indent);
}

static int print_opening(struct run_table *table)
{
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	words_machine(draft.file, table->record, table->findings, table->style);
	fputc('.', draft.file);
	rc = print_paragraph(table, &draft, 0);
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	words_base(draft.file, table->record, table->findings, table->style);
	fputs(". ", draft.file);
	if (words_arena(draft.file, table->record))
		fputc('.', draft.file);
	return print_paragraph(table, &draft, 0);
}

/* Of a view, behind an empty line. */
static int print_words(struct run_table *table, const struct view *view,
		       void (*words)(FILE *, const struct view *))
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	words(draft.file, view);
	fputc('\n', table->out);
	return print_paragraph(table, &draft, 4);
}

static int print_title(struct run_table *table, const char *kernel)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	text_clean(draft.file, kernel, table->style->utf8);
	words_kernel(draft.file, table->record, kernel, ": ", table->style);
	fputc('\n', table->out);
	return print_paragraph(table, &draft, 4);
}

static int print_crossing(struct run_table *table, const struct view *view,
			  const struct crossing *crossing, size_t width)
{
	struct draft_text draft;
	long blank;

	if (!text_begin(&draft))
		return -ENOMEM;
	fputs("  ", draft.file);
	words_runner(draft.file, &crossing->pair, view->workers, table->style);
	fputc(':', draft.file);
	blank = (long)width - ftell(draft.file);
	fprintf(draft.file, "%*s", blank > 1 ? (int)blank : 1, "");
	words_crossing(draft.file, table->findings, crossing, table->style);
	return print_paragraph(table, &draft, (unsigned)width);
}

/* How wide names before sentences are, with what stands around them. */
static size_t name_width(struct run_table *table, const struct view *view)
{
	size_t widest = 0;

	for (size_t i = 0; i < table->findings->ncrossings; i++) {
		const struct pair *pair = &table->findings->crossings[i].pair;
		struct draft_text draft;
		char *text = NULL;
		size_t width;

		if (view_holds(view, pair) && text_begin(&draft)) {
			words_runner(draft.file, pair, view->workers,
				     table->style);
			text = text_end(&draft);
		}
		width = text ? text_width(text) : 0;
		free(text);
		if (width > widest && width <= NAME_WIDTH)
			widest = width;
	}
	return 2 + widest + 2;
}

static int print_crossings(struct run_table *table, const struct view *view)
{
	size_t width = name_width(table, view);
	int rc = print_words(table, view, words_caption);

	for (size_t i = 0; rc == 0 && i < table->findings->ncrossings; i++) {
		const struct crossing *crossing =
			&table->findings->crossings[i];

		if (view_holds(view, &crossing->pair))
			rc = print_crossing(table, view, crossing, width);
	}
	return rc;
}

/* ------------------------------------------------------------- tables */

static void add_head(struct head *head, const struct pair *pair,
		     const struct view *view)
{
	struct text *last;

	head_add(head, pair->runner);
	if (view->workers != 0 || head->count == HEAD_LINES)
		return;
	last = &head->lines[head->count++];
	snprintf(last->s, sizeof(last->s), "%u worker%s", pair->workers,
		 pair->workers == 1 ? "" : "s");
}

static int print_speeds(struct run_table *table, const struct view *view)
{
	struct sheet sheet;
	int rc = sheet_init(&sheet, view->nrows, view->ncolumns, true);

	for (size_t c = 0; rc == 0 && c < view->ncolumns; c++)
		add_head(&sheet.heads[c], &view->columns[c]->pair, view);
	for (size_t row = 0; rc == 0 && row < view->nrows; row++) {
		sheet.labels[row] = text_size(view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++) {
			size_t i = row * view->ncolumns + c;

			sheet.roomy[i] = field_speed(view->cells[i], false);
			sheet.tight[i] = field_speed(view->cells[i], true);
		}
	}
	if (rc == 0)
		table->tight |= sheet_print(table->out, &sheet, table->style);
	sheet_free(&sheet);
	return rc;
}

static int print_times(struct run_table *table, const struct view *view)
{
	size_t columns = view->ncolumns + 1;
	bool utf8 = table->style->utf8;
	struct sheet sheet;
	int rc = sheet_init(&sheet, view->nrows, columns, false);

	if (rc == 0)
		head_add(&sheet.heads[0], "serial (base)");
	for (size_t c = 0; rc == 0 && c < view->ncolumns; c++)
		add_head(&sheet.heads[c + 1], &view->columns[c]->pair, view);
	sheet.right = true;
	for (size_t row = 0; rc == 0 && row < view->nrows; row++) {
		struct field *fields = &sheet.roomy[row * columns];
		const struct cell *base = view_base(view, row);

		sheet.labels[row] = text_size(view->sizes[row]);
		if (base)
			fields[0].value = text_time(base->serial_ns, utf8);
		for (size_t c = 0; c < view->ncolumns; c++) {
			const struct cell *cell =
				view->cells[row * view->ncolumns + c];

			if (cell && cell->rounds > 0)
				fields[c + 1].value =
					text_time(cell->runner_ns, utf8);
		}
	}
	if (rc == 0)
		sheet_print(table->out, &sheet, table->style);
	sheet_free(&sheet);
	return rc;
}

static int print_costs(struct run_table *table, const struct view *view)
{
	unsigned rows[WORDS_COSTS];
	unsigned count = words_costs_known(view, rows);
	struct sheet sheet;
	int rc = sheet_init(&sheet, count, view->ncolumns, false);

	sheet.corner = "";
	sheet.right = true;
	for (size_t c = 0; rc == 0 && c < view->ncolumns; c++)
		add_head(&sheet.heads[c], &view->columns[c]->pair, view);
	for (unsigned i = 0; rc == 0 && i < count; i++) {
		snprintf(sheet.labels[i].s, sizeof(sheet.labels[i].s), "%s",
			 words_costs[rows[i]]);
		for (size_t c = 0; c < view->ncolumns; c++)
			sheet.roomy[i * view->ncolumns + c].value = words_cost(
				view->columns[c], rows[i], table->style->utf8);
	}
	if (rc == 0 && count > 0) {
		fprintf(table->out, "\n%s\n", words_costs_caption);
		sheet_print(table->out, &sheet, table->style);
	}
	sheet_free(&sheet);
	return rc;
}

static int print_tables(struct run_table *table, const struct view *view)
{
	struct draft_text draft;
	int rc = print_words(table, view, words_speeds);

	if (rc == 0)
		rc = print_speeds(table, view);
	if (rc || view->more == 0)
		return rc;
	if (!text_begin(&draft))
		return -ENOMEM;
	words_more(draft.file, view);
	return print_paragraph(table, &draft, 4);
}

static int print_view(void *data, const struct view *view)
{
	struct run_table *table = data;
	struct draft_text draft;
	int rc = 0;

	if (view->rare) {
		if (!text_begin(&draft))
			return -ENOMEM;
		words_rare(draft.file, view);
		fputc('\n', table->out);
		return print_paragraph(table, &draft, 4);
	}
	if (view->nrows > 0)
		rc = print_tables(table, view);
	if (rc == 0)
		rc = print_crossings(table, view);
	if (rc || view->nrows == 0)
		return rc;
	/* All times stand in the table over serial. */
	if (!view_is_first(view))
		return print_costs(table, view);
	fputc('\n', table->out);
	words_times(table->out, view);
	fputc('\n', table->out);
	rc = print_times(table, view);
	return rc ? rc : print_costs(table, view);
}

static int print_kernel(struct run_table *table, const char *kernel)
{
	int rc = print_title(table, kernel);

	return rc ? rc
		  : view_each(table->record, table->findings, kernel,
			      print_view, table);
}

/* ------------------------------------------------------------- closing */

static int print_left_out(struct run_table *table)
{
	for (size_t i = 0;; i++) {
		struct draft_text draft;
		bool more;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		fputs("  ", draft.file);
		more = words_left_out(draft.file, table->record,
				      table->findings, i, table->style);
		if (!more) {
			free(text_end(&draft));
			return 0;
		}
		if (i == 0)
			fputs("\nLeft out:\n", table->out);
		rc = print_paragraph(table, &draft, 4);
		if (rc)
			return rc;
	}
}

static int print_controls(struct run_table *table)
{
	for (size_t i = 0; i < table->findings->ncontrols; i++) {
		struct draft_text draft;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		words_control(draft.file, &table->findings->controls[i],
			      table->style);
		rc = print_paragraph(table, &draft, 4);
		if (rc)
			return rc;
	}
	return 0;
}

static int print_proofs(struct run_table *table)
{
	struct draft_text draft;
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < WORDS_PROOFS; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		if (words_proof(draft.file, table->findings, i, table->style))
			rc = print_paragraph(table, &draft, 4);
		else
			free(text_end(&draft));
	}
	return rc;
}

static int print_unknown(struct run_table *table)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_unknown(draft.file, table->findings))
		return print_paragraph(table, &draft, 4);
	free(text_end(&draft));
	return 0;
}

static int print_isolation(struct run_table *table)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_isolation(draft.file, table->record))
		return print_paragraph(table, &draft, 4);
	free(text_end(&draft));
	return 0;
}

/* How it was measured, by what, and how to do it again. */
static int print_origin(struct run_table *table)
{
	void (*const words[])(FILE *, const struct record *,
			      const struct report_style *) = {
		words_method, words_built, words_again};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(words) / sizeof(words[0]);
	     i++) {
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		words[i](draft.file, table->record, table->style);
		rc = print_paragraph(table, &draft, 4);
	}
	return rc;
}

static int print_closing(struct run_table *table)
{
	struct draft_text draft;
	int rc = print_left_out(table);

	if (rc)
		return rc;
	fputc('\n', table->out);
	text_paragraph(table->out, words_legend, table->style->columns, 4);
	if (table->tight)
		text_paragraph(
			table->out,
			"Where it is below 0.1, a speed-up stands "
			"without its interval where there is no room for it.",
			table->style->columns, 4);
	rc = print_unknown(table);
	if (rc == 0)
		rc = print_isolation(table);
	if (rc == 0)
		rc = print_proofs(table);
	if (rc)
		return rc;
	if (!text_begin(&draft))
		return -ENOMEM;
	if (words_harness(draft.file, table->findings, table->style))
		rc = print_paragraph(table, &draft, 4);
	else
		free(text_end(&draft));
	if (rc == 0)
		rc = print_controls(table);
	return rc ? rc : print_origin(table);
}

int table_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style)
{
	struct run_table table = {out, record, findings, style, false};
	const char *kernel;
	int rc = print_opening(&table);

	for (size_t k = 0; rc == 0 && (kernel = view_kernel(findings, k)); k++)
		rc = print_kernel(&table, kernel);
	if (rc == 0)
		rc = print_closing(&table);
	return rc ? rc : report_flush(out);
}

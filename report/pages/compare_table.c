/* SPDX-License-Identifier: MIT */
#include "report/doc/sheet.h"
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
struct compare_sheet {
	FILE *out;
	const struct comparison *comparison;
	const struct compare_limits *limits;
	const struct report_style *style;
};

static int print_paragraph(const struct compare_sheet *table,
			   struct draft_text *draft, const char *end,
			   unsigned indent)
{
	fputs(end, draft->file);
	return text_end_paragraph(table->out, draft, table->style->columns,
				  indent);
}

/* ------------------------------------------------------------- opening */

static int print_side(const struct compare_sheet *table, bool b)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_side(draft.file, table->comparison, b, table->style);
	return print_paragraph(table, &draft, ".", 3);
}

static int print_fact(const struct compare_sheet *table,
		      const struct compare_fact *fact)
{
	struct draft_text draft;
	bool utf8 = table->style->utf8;

	if (!text_begin(&draft))
		return -ENOMEM;
	fputs("  ", draft.file);
	text_clean(draft.file, fact->what, utf8);
	fputs(": ", draft.file);
	text_clean(draft.file, fact->a, utf8);
	fputs(" | ", draft.file);
	text_clean(draft.file, fact->b, utf8);
	return print_paragraph(table, &draft, "", 4);
}

static int print_facts(const struct compare_sheet *table)
{
	struct compare_facts facts;
	int rc = compare_facts_init(&facts, table->comparison->a.record,
				    table->comparison->b.record);

	if (rc == 0)
		fprintf(table->out,
			facts.count ? "What differs, A | %c:\n"
				    : "Machine, build and plan of A and %c are "
				      "the same.\n",
			compare_letter(table->style));
	for (size_t i = 0; rc == 0 && i < facts.count; i++)
		rc = print_fact(table, &facts.list[i]);
	compare_facts_free(&facts);
	return rc;
}

static int print_warnings(const struct compare_sheet *table)
{
	for (size_t i = 0; i < COMPARE_WARNINGS; i++) {
		struct draft_text draft;
		int rc = 0;

		if (!text_begin(&draft))
			return -ENOMEM;
		fputs("Warning: ", draft.file);
		if (compare_words_warning(draft.file, table->comparison, i,
					  table->style))
			rc = print_paragraph(table, &draft, ".", 2);
		else
			free(text_end(&draft));
		if (rc)
			return rc;
	}
	return 0;
}

static int print_opening(const struct compare_sheet *table)
{
	struct draft_text draft;
	int rc = print_side(table, false);

	if (rc == 0)
		rc = print_side(table, true);
	if (rc == 0)
		rc = print_facts(table);
	if (rc == 0)
		rc = print_warnings(table);
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	compare_words_what(draft.file, table->comparison, table->style);
	fputc('\n', table->out);
	return print_paragraph(table, &draft, ".", 0);
}

/* ------------------------------------------------------------- kernels */

static struct field field_of(const struct compared_cell *cell)
{
	struct field field = {.mark = '\0'};

	if (!cell)
		return field;
	field.value = text_ratio(exp(cell->log_ratio), false);
	field.range =
		text_interval(cell->interval.lo, cell->interval.hi, false);
	field.mark = words_marks[cell->verdict];
	return field;
}

static void add_line(struct head *head, const char *before, const char *name)
{
	if (head->count < HEAD_LINES)
		snprintf(head->lines[head->count++].s, sizeof(struct text),
			 "%s%s", before, name);
}

static void add_head(struct head *head, const struct compared_pair *pair,
		     const struct compare_view *view)
{
	char workers[32];

	if (!pair->runner.a) {
		add_line(head, "serial", "");
		return;
	}
	head_add(head, pair->runner.a);
	if (strcmp(pair->runner.a, pair->runner.b) != 0)
		add_line(head, "to ", pair->runner.b);
	snprintf(workers, sizeof(workers), "%u worker%s", pair->workers,
		 pair->workers == 1 ? "" : "s");
	if (view->workers == 0)
		add_line(head, workers, "");
}

static int print_sheet(const struct compare_sheet *table,
		       const struct compare_view *view)
{
	struct sheet sheet;
	int rc = sheet_init(&sheet, view->nrows, view->ncolumns, false);

	for (size_t c = 0; rc == 0 && c < view->ncolumns; c++)
		add_head(&sheet.heads[c], view->columns[c], view);
	for (size_t row = 0; rc == 0 && row < view->nrows; row++) {
		sheet.labels[row] = text_size(view->sizes[row]);
		for (size_t c = 0; c < view->ncolumns; c++)
			sheet.roomy[row * view->ncolumns + c] =
				field_of(compare_view_cell(view, row, c));
	}
	if (rc == 0)
		sheet_print(table->out, &sheet, table->style);
	sheet_free(&sheet);
	return rc;
}

static int print_title(const struct compare_sheet *table,
		       const struct compared_pair *first,
		       const struct compare_view *view)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_kernel(draft.file, first, table->style);
	fprintf(draft.file, ": %s, %c / A",
		table->comparison->of == TIMINGS_TIME ? "time of a call"
						      : "speed-up over serial",
		compare_letter(table->style));
	if (view->workers > 0)
		fprintf(draft.file, ", %u worker%s", view->workers,
			view->workers == 1 ? "" : "s");
	if (strcmp(view->placement, "near") == 0 ||
	    strcmp(view->placement, "far") == 0)
		fprintf(draft.file, ", CPUs %s one another",
			strcmp(view->placement, "near") == 0 ? "near to"
							     : "far from");
	fputc('\n', table->out);
	return print_paragraph(table, &draft, "", 2);
}

static int print_views(const struct compare_sheet *table, size_t begin,
		       size_t end)
{
	bool more = true;
	int rc = 0;

	for (size_t i = 0; rc == 0 && more; i++) {
		struct compare_view view;

		rc = compare_view_init(&view, table->comparison, begin, end, i);
		more = view.ncolumns > 0;
		if (rc == 0 && more)
			rc = print_title(
				table, &table->comparison->pairs[begin], &view);
		if (rc == 0 && more)
			rc = print_sheet(table, &view);
		compare_view_free(&view);
	}
	return rc;
}

static int print_start(const struct compare_sheet *table,
		       const struct compared_pair *pair, bool *told)
{
	struct draft_text draft;

	if (!pair->a)
		return 0;
	if (!text_begin(&draft))
		return -ENOMEM;
	if (!*told) {
		fputs("\nBreak-even sizes [interval], ", table->out);
		text_clean(table->out, pair->kernel.a, table->style->utf8);
		fputs(":\n", table->out);
	}
	*told = true;
	fputs("  ", draft.file);
	compare_words_runner(draft.file, pair, table->style);
	fputs(": ", draft.file);
	compare_words_start(draft.file, pair, table->style);
	return print_paragraph(table, &draft, "", 4);
}

static int print_kernels(const struct compare_sheet *table)
{
	const struct comparison *comparison = table->comparison;
	int rc = 0;

	for (size_t begin = 0, end; rc == 0 && begin < comparison->npairs;
	     begin = end) {
		bool told = false;

		end = compare_kernel_end(comparison, begin);
		rc = print_views(table, begin, end);
		for (size_t i = begin; rc == 0 && i < end; i++)
			rc = print_start(table, &comparison->pairs[i], &told);
	}
	return rc;
}

/* ------------------------------------------------------------- closing */

static int print_summary(const struct compare_sheet *table)
{
	const struct comparison *comparison = table->comparison;
	struct draft_text draft;
	int rc;

	if (!text_begin(&draft))
		return -ENOMEM;
	compare_words_counts(draft.file, comparison, table->style);
	fputs("\nSummary\n", table->out);
	rc = print_paragraph(table, &draft, ".", 0);
	for (size_t i = 0; rc == 0 && i < comparison->npairs; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		fputs("  ", draft.file);
		if (compare_words_changed(draft.file, comparison,
					  &comparison->pairs[i], table->style))
			rc = print_paragraph(table, &draft, "", 4);
		else
			free(text_end(&draft));
	}
	return rc;
}

static int print_absent(const struct compare_sheet *table)
{
	struct draft_text draft;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < table->comparison->nabsent; i++) {
		if (!text_begin(&draft))
			return -ENOMEM;
		fputs("  ", draft.file);
		compare_words_absent(draft.file, table->comparison, i,
				     table->style);
		if (i == 0)
			fputs("\nNot compared:\n", table->out);
		rc = print_paragraph(table, &draft, "", 4);
	}
	if (rc || !text_begin(&draft))
		return rc ? rc : -ENOMEM;
	fputs(table->comparison->nabsent ? "  " : "Not compared: ", draft.file);
	if (compare_words_sizes(draft.file, table->comparison, table->style)) {
		fputs(table->comparison->nabsent ? "" : "\n", table->out);
		return print_paragraph(table, &draft, "", 4);
	}
	free(text_end(&draft));
	return 0;
}

static int print_caught(const struct compare_sheet *table, enum limit_kind kind)
{
	for (size_t i = 0;; i++) {
		struct draft_text draft;
		int rc;

		if (!text_begin(&draft))
			return -ENOMEM;
		fputs("  ", draft.file);
		if (!compare_words_caught(draft.file, table->comparison,
					  table->limits, kind, i,
					  table->style)) {
			free(text_end(&draft));
			return 0;
		}
		rc = print_paragraph(table, &draft, "", 4);
		if (rc)
			return rc;
	}
}

static int print_limits(const struct compare_sheet *table)
{
	int rc = 0;

	for (int k = 0; rc == 0 && k < LIMIT_KINDS; k++) {
		enum limit_kind kind = (enum limit_kind)k;
		struct draft_text draft;

		if (!text_begin(&draft))
			return -ENOMEM;
		if (!compare_words_limit(draft.file, table->comparison,
					 table->limits, kind)) {
			free(text_end(&draft));
			continue;
		}
		fputc('\n', table->out);
		rc = print_paragraph(table, &draft, ".", 0);
		if (rc == 0)
			rc = print_caught(table, kind);
	}
	return rc;
}

int compare_table_write(FILE *out, const struct comparison *comparison,
			const struct compare_limits *limits,
			const struct report_style *style)
{
	const struct compare_sheet table = {out, comparison, limits, style};
	int rc;

	if (!report_begins(style))
		fputc('\n', out);
	rc = print_opening(&table);
	if (rc == 0)
		rc = print_kernels(&table);
	if (rc == 0)
		rc = print_summary(&table);
	if (rc == 0)
		rc = print_absent(&table);
	if (rc)
		return rc;
	fputc('\n', out);
	text_paragraph(out, compare_words_legend, style->columns, 2);
	rc = print_limits(&table);
	return rc ? rc : report_flush(out);
}

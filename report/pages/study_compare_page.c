/* SPDX-License-Identifier: MIT */
#include "report/pages/study_compare_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/pages/study_page.h"
#include "results/json_value.h"

#include <math.h>

enum { DIGITS = 7 };

static const char *text_in(const json_t *object, const char *key)
{
	const char *text = json_string_in(object, key);

	return text ? text : "?";
}

static void put_side(struct doc *doc, char letter, const char *path,
		     const struct record *record)
{
	const json_t *header = record->header;
	const json_t *machine = json_object_get(header, "machine");

	fprintf(doc_item(doc), "%c: %s of %s, breakeven %s, commit %s; %s",
		letter, path, text_in(header, "time"),
		text_in(header, "version"),
		text_in(json_object_get(header, "build"), "commit"),
		text_in(machine, "model"));
}

static void put_table(struct doc *doc, const struct study_changes *changes,
		      char letter)
{
	fprintf(doc_table(doc), "Each number, and that of %c over that of A",
		letter);
	doc_column(doc, DOC_LEFT);
	fputc('A', doc_column(doc, DOC_RIGHT));
	fputc(letter, doc_column(doc, DOC_RIGHT));
	fprintf(doc_column(doc, DOC_RIGHT), "%c / A", letter);
	for (size_t i = 0; i < changes->count; i++) {
		const struct study_change *change = &changes->changes[i];
		char mark = study_change_mark(change);

		fputs(change->a->what, doc_row(doc));
		fputs(study_value_text(change->a).s, doc_cell(doc));
		fputs(study_value_text(change->b).s, doc_cell(doc));
		doc_cell(doc);
		doc_ratio(doc, change->log_ratio, change->interval);
		doc_mark(doc, mark,
			 mark == '+'   ? "less"
			 : mark == '-' ? "more"
				       : "cannot tell");
	}
}

/* A page is one of several: style->index says which letter it has. */
struct study_compare_page {
	const struct study_comparison *comparison;
	char letter;
};

static int build_comparison(struct doc *doc, const void *data)
{
	const struct study_compare_page *page = data;
	const struct study_comparison *comparison = page->comparison;
	const struct study_changes *changes = comparison->changes;

	fprintf(doc_heading(doc, 1), "A and %c: breakeven %s", page->letter,
		comparison->a.record->study);
	put_side(doc, 'A', comparison->a.path, comparison->a.record);
	put_side(doc, page->letter, comparison->b.path, comparison->b.record);
	if (study_cpus_moved(changes->trip_a, changes->trip_b))
		fprintf(doc_note(doc, DOC_WARNING),
			"a cache line took %s to the next CPU and back in A, "
			"and %s in %c: the CPUs were elsewhere, and handing "
			"out costs in proportion. Compare records with the "
			"CPUs alike.",
			text_time(changes->trip_a).s,
			text_time(changes->trip_b).s, page->letter);
	if (changes->count)
		put_table(doc, changes, page->letter);
	if (changes->only_a + changes->only_b)
		fprintf(doc_paragraph(doc),
			"Not compared: %zu numbers of A alone, %zu of %c "
			"alone.",
			changes->only_a, changes->only_b, page->letter);
	fprintf(doc_paragraph(doc),
		"+ less, - more, ? cannot tell. Where nothing differs, at most "
		"one comparison in twenty says that any number does. A ratio "
		"without an interval comes from too few runs, or from a study "
		"that has none.");
	return 0;
}

int study_compare_table(const struct study_comparison *comparison, FILE *out,
			const struct report_style *style)
{
	const struct study_compare_page page = {comparison,
						(char)('B' + style->index)};

	return doc_print(build_comparison, &page, out, style);
}

static json_t *change_json(const struct study_change *change)
{
	return json_pack("{s:s,s:s,s:f,s:f,s:f,s:o,s:o,s:s}", "what",
			 change->a->what, "unit", change->a->unit, "a",
			 change->a->value, "b", change->b->value, "ratio",
			 exp(change->log_ratio), "lo",
			 json_number(exp(change->interval.lo)), "hi",
			 json_number(exp(change->interval.hi)), "verdict",
			 study_change_mark(change) == '+'   ? "less"
			 : study_change_mark(change) == '-' ? "more"
							    : "unresolved");
}

int study_compare_json(const struct study_comparison *comparison, FILE *out,
		       const struct report_style *style)
{
	const struct study_changes *changes = comparison->changes;
	json_t *values = json_array(), *root;
	int rc;

	for (size_t i = 0; i < changes->count; i++)
		json_array_append_new(values,
				      change_json(&changes->changes[i]));
	root = json_pack(
		"{s:s,s:s,s:s,s:b,s:o,s:I,s:I}", "study",
		comparison->a.record->study, "a", comparison->a.path, "b",
		comparison->b.path, "moved",
		(int)study_cpus_moved(changes->trip_a, changes->trip_b),
		"values", values, "only_a", (json_int_t)changes->only_a,
		"only_b", (json_int_t)changes->only_b);
	fputs(report_begins(style) ? "[" : ",\n", out);
	rc = json_put(out, root, DIGITS);
	if (report_ends(style))
		fputs("]\n", out);
	return rc ? rc : report_flush(out);
}

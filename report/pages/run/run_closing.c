/* SPDX-License-Identifier: MIT */
#include "report/chart/chart.h"
#include "report/doc/words.h"
#include "report/pages/page_rules.h"
#include "report/pages/run/run_page.h"
#include "report/pages/skipped_items.h"

#include <math.h>

/* ------------------------------------------------------------- creation */

static void put_created(struct doc *doc, const struct findings *findings,
			size_t i)
{
	const struct pair *pair = &findings->crossings[i].pair;
	double ns = chart_created_ns(findings, pair->runner, pair->workers);

	if (!run_is_column(findings, i) || isnan(ns))
		return;
	fputs(pair->runner, doc_row(doc));
	fprintf(doc_cell(doc), "%u", pair->workers);
	doc_time(doc, ns);
}

static void put_creation(struct run_page *page)
{
	struct doc *doc = page->doc;

	fputs("Creating the workers", doc_heading(doc, 2));
	run_put_creation_chart(page);
	fputs("The numbers", doc_fold(doc));
	fputs("Time to create the workers once, by runners that keep them "
	      "(median over kernels)",
	      doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	fputs("workers", doc_column(doc, DOC_RIGHT));
	fputs("time", doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < page->findings->ncrossings; i++)
		put_created(doc, page->findings, i);
	doc_unfold(doc);
	fputs("What a parent's memory adds to a fork: `breakeven creation`. "
	      "Where the time of one call goes: `breakeven trace`.",
	      doc_paragraph(doc));
}

/* ------------------------------------------------------------- left out */

static bool has_left_out(const struct run_page *page)
{
	return page->record->nnotes > 0 || page->findings->dropped > 0;
}

/* ------------------------------------------------------------- proof */

static void put_rules(struct doc *doc)
{
	fputs("The twelve rules of Hoefler and Belli (SC'15), and where this "
	      "page keeps them",
	      doc_fold(doc));
	for (size_t i = 0; page_rules[i]; i++)
		fprintf(doc_item(doc), "%zu. %s", i + 1, page_rules[i]);
	doc_unfold(doc);
}

static void put_audit(const struct run_page *page)
{
	const json_t *audit = json_object_get(
		json_object_get(page->record->header, "machine"), "audit");
	struct doc *doc = page->doc;

	if (json_array_size(audit) == 0)
		return;
	fputs("The machine", doc_fold(doc));
	fputs("What may disturb a measurement here", doc_table(doc));
	doc_column(doc, DOC_LEFT);
	fputs("it is", doc_column(doc, DOC_LEFT));
	fputs("found", doc_column(doc, DOC_WRAP));
	for (size_t i = 0; i < json_array_size(audit); i++) {
		static const char *const keys[] = {"what", "level", "found"};
		const json_t *row = json_array_get(audit, i);

		for (size_t k = 0; k < 3; k++) {
			const char *text = json_string_value(
				json_object_get(row, keys[k]));

			fputs(text ? text : "",
			      k ? doc_cell(doc) : doc_row(doc));
		}
	}
	doc_unfold(doc);
}

static void put_proofs(const struct run_page *page)
{
	struct doc *doc = page->doc;
	const struct findings *findings = page->findings;
	FILE *out = doc_heading(doc, 2);

	doc_anchor(doc, "proof");
	fputs("Can it be trusted?", out);
	for (unsigned i = 0; i < WORDS_PROOFS; i++)
		words_proof(doc_item(doc), findings, i);
	words_harness(doc_item(doc), findings);
	for (size_t i = 0; i < findings->ncontrols; i++)
		words_control(doc_item(doc), &findings->controls[i]);
	words_method(doc_paragraph(doc), page->record);
	if (page->pictures)
		put_rules(doc);
	put_audit(page);
}

static void put_again(const struct run_page *page)
{
	FILE *out = doc_heading(page->doc, 2);

	doc_anchor(page->doc, "again");
	fputs("How to repeat it", out);
	words_built(doc_paragraph(page->doc), page->record);
	words_again(doc_paragraph(page->doc), page->record);
}

/* ------------------------------------------------------------- closing */

void run_put_closing(struct run_page *page)
{
	bool all = page->detail == STYLE_ALL;

	if (all)
		put_creation(page);
	if (all || has_left_out(page))
		skipped_put_notes(page->doc, all ? 2 : 3, page->record,
				  page->findings);
	fputs(words_legend, doc_paragraph(page->doc));
	words_chance(doc_paragraph(page->doc), page->findings);
	words_unknown(doc_paragraph(page->doc), page->findings);
	if (!all) {
		fputs("Intervals, times, costs, method and proofs: --all; "
		      "charts: --format html.",
		      doc_paragraph(page->doc));
		return;
	}
	words_isolation(doc_paragraph(page->doc), page->record);
	put_proofs(page);
	put_again(page);
}

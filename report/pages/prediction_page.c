/* SPDX-License-Identifier: MIT */
#include "report/pages/prediction_page.h"

#include "analysis/studies/study_compare.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/start_cell.h"
#include "results/json_value.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 6 };

/* ------------------------------------------------------------- tables */

static void put_end(FILE *out, const struct prediction *prediction, double n)
{
	if (isinf(n))
		fputs("never", out);
	else if (n == 0)
		fputs(text_count((double)prediction->n_min).s, out);
	else
		fputs(words_size(n, 0, INFINITY).s, out);
}

static void put_cell(struct doc *doc, const struct prediction *prediction)
{
	FILE *out = doc_cell(doc);
	double n = prediction->n.mid;

	if (isinf(n))
		fputs("never", out);
	else if (n == 0)
		fprintf(out, "%s or less",
			text_count((double)prediction->n_min).s);
	else
		fputs(words_size(n, 0, INFINITY).s, out);
	if (isfinite(n))
		doc_number(doc, n);
	if (isinf(prediction->n.lo) || prediction->n.hi == 0)
		return;
	out = doc_range(doc);
	fputc('[', out);
	put_end(out, prediction, prediction->n.lo);
	fputs(" .. ", out);
	put_end(out, prediction, prediction->n.hi);
	fputc(']', out);
}

/* Predictions of a kernel: where they begin, and how many there are. */
struct predicted_kernel {
	const struct prediction *first;
	size_t count;
	size_t nrunners; /* that the first number of workers has, and so all */
};

static struct predicted_kernel find_kernel(const struct predictions *all,
					   size_t begin)
{
	struct predicted_kernel kernel = {.first = &all->list[begin]};

	while (begin + kernel.count < all->count &&
	       strcmp(kernel.first[kernel.count].kernel,
		      kernel.first->kernel) == 0)
		kernel.count++;
	do
		kernel.nrunners++;
	while (kernel.nrunners < kernel.count &&
	       strcmp(kernel.first[kernel.nrunners].runner,
		      kernel.first->runner) != 0);
	return kernel;
}

/* A row of those of one number of workers, and one of what was measured. */
static void put_rows(struct doc *doc, const struct prediction *list,
		     size_t nrunners)
{
	bool measured = false;

	fprintf(doc_row(doc), "%u, predicted", list->workers);
	for (size_t r = 0; r < nrunners; r++) {
		put_cell(doc, &list[r]);
		measured |= list[r].measured != NULL;
	}
	if (!measured)
		return;
	fprintf(doc_row(doc), "%u, measured", list->workers);
	for (size_t r = 0; r < nrunners; r++)
		start_put_cell(doc, list[r].measured);
}

static void put_kernel(struct doc *doc, const struct predicted_kernel *kernel)
{
	text_clean(doc_table(doc), kernel->first->kernel, true);
	fputs("workers", doc_column(doc, DOC_LEFT));
	for (size_t r = 0; r < kernel->nrunners; r++)
		text_clean(doc_column(doc, DOC_RIGHT), kernel->first[r].runner,
			   true);
	for (size_t i = 0; i < kernel->count; i += kernel->nrunners)
		put_rows(doc, &kernel->first[i], kernel->nrunners);
}

/* ------------------------------------------------------------- the page */

static void put_warning(struct doc *doc, const struct prediction_page *page)
{
	if (study_cpus_moved(page->run_trip_ns, page->parts_trip_ns))
		fprintf(doc_note(doc, DOC_WARNING),
			"a cache line took %s there and back in the run, and "
			"%s where handing out was measured, which costs in "
			"proportion: the CPUs were elsewhere. Measure both "
			"again.",
			text_time(page->run_trip_ns).s,
			text_time(page->parts_trip_ns).s);
}

static void put_closing(struct doc *doc, const struct prediction_page *page)
{
	const struct predictions *all = &page->predictions;
	size_t checked = 0, held = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (!prediction_is_checked(&all->list[i]))
			continue;
		checked++;
		held += prediction_holds(&all->list[i]);
	}
	if (checked)
		fprintf(doc_paragraph(doc),
			"Of %zu predictions for which the record has a "
			"measurement, %zu hold it.",
			checked, held);
	fputs("Predicted, not measured: where serial's time equals what "
	      "handing out takes plus one worker's share of the work. Handing "
	      "out empty jobs is known at the numbers of workers of the "
	      "dispatch records; from there the range goes from a tree (log2 "
	      "of the workers) to one worker after the other, and further for "
	      "what empty jobs leave out. The share goes from an even one to "
	      "one that more workers than were measured do not make smaller, "
	      "as where memory is the limit. Never: not up to the largest "
	      "size of the run. On a machine on which a line "
	      "takes longer to the next CPU, handing out does in proportion.",
	      doc_paragraph(doc));
}

static int build_prediction(struct doc *doc, const void *data)
{
	const struct prediction_page *page = data;
	struct predicted_kernel kernel;
	FILE *out;

	fputs("Predicted: from how many items on is it faster than serial?",
	      doc_heading(doc, 1));
	out = doc_note(doc, page->asked.findings->trusted ? DOC_GOOD : DOC_BAD);
	words_machine(out, page->asked.record, page->asked.findings);
	fputc('.', out);
	put_warning(doc, page);
	for (size_t i = 0; i < page->predictions.count; i += kernel.count) {
		kernel = find_kernel(&page->predictions, i);
		put_kernel(doc, &kernel);
	}
	put_closing(doc, page);
	return 0;
}

int prediction_write(FILE *out, const struct prediction_page *page,
		     const struct report_style *style)
{
	return doc_print(build_prediction, page, out, style);
}

/* ------------------------------------------------------------- json */

/* 0: the smallest size; null: not up to the largest. */
static json_t *size_json(const struct prediction *prediction, double n)
{
	return json_number(n == 0 ? (double)prediction->n_min : n);
}

static json_t *prediction_json(const struct prediction *prediction)
{
	const struct crossing *measured = prediction->measured;
	json_t *json = json_pack(
		"{s:s,s:s,s:I,s:b,s:o,s:o,s:o,s:I}", "kernel",
		prediction->kernel, "runner", prediction->runner, "workers",
		(json_int_t)prediction->workers, "predicted", 1, "n_star",
		size_json(prediction, prediction->n.mid), "n_lo",
		size_json(prediction, prediction->n.lo), "n_hi",
		size_json(prediction, prediction->n.hi), "n_max",
		(json_int_t)prediction->n_max);

	if (measured)
		json_object_set_new(
			json, "measured",
			json_pack("{s:s,s:o,s:o}", "verdict",
				  breakeven_verdict_names[measured->at.verdict],
				  "n_star", json_number(measured->at.n_star),
				  "held",
				  prediction_is_checked(prediction)
					  ? json_boolean(prediction_holds(
						    prediction))
					  : json_null()));
	return json;
}

int prediction_json_write(FILE *out, const struct prediction_page *page)
{
	json_t *list = json_array();
	int rc;

	for (size_t i = 0; i < page->predictions.count; i++)
		json_array_append_new(
			list, prediction_json(&page->predictions.list[i]));
	rc = json_put(out, json_pack("{s:o}", "predictions", list), DIGITS);
	return rc ? rc : report_flush(out);
}

/* SPDX-License-Identifier: MIT */
#include "report/pages/prediction_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/view.h"
#include "report/doc/words.h"
#include "report/pages/start_cell.h"
#include "results/json_value.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 6 };

/* How predictions hold that the record has a measurement for. */
struct check {
	size_t checked, held;
};

/* ------------------------------------------------------------- what there is
 */

/* The next runner that has parts; NULL: there is none. */
static const char *next_runner(const struct prediction_page *page, size_t *at)
{
	const struct prediction_question *asked = &page->asked;

	for (; *at < asked->nparts; (*at)++) {
		const char *runner = asked->parts[*at].runner;
		size_t first = 0;

		while (strcmp(asked->parts[first].runner, runner) != 0)
			first++;
		if (first == *at &&
		    (!page->runner || strcmp(page->runner, runner) == 0)) {
			(*at)++;
			return runner;
		}
	}
	return NULL;
}

static bool wants_kernel(const struct prediction_page *page, const char *kernel)
{
	return !page->kernel || strcmp(page->kernel, kernel) == 0;
}

/* Call `take` with each prediction. */
static void each_prediction(const struct prediction_page *page,
			    void (*take)(void *data,
					 const struct prediction *prediction),
			    void *data)
{
	const char *kernel, *runner;
	struct prediction one;

	for (size_t k = 0; (kernel = view_kernel(page->asked.findings, k)); k++)
		for (size_t w = 0;
		     wants_kernel(page, kernel) && w < page->nworkers; w++)
			for (size_t at = 0; (runner = next_runner(page, &at));)
				if (prediction_make(&page->asked, kernel,
						    runner, page->workers[w],
						    &one))
					take(data, &one);
}

static void check_one(void *data, const struct prediction *prediction)
{
	struct check *check = data;

	if (!prediction_is_checked(prediction))
		return;
	check->checked++;
	check->held += prediction_holds(prediction);
}

static void note_any(void *data, const struct prediction *prediction)
{
	(void)prediction;
	*(bool *)data = true;
}

bool prediction_page_has_any(const struct prediction_page *page)
{
	bool any = false;

	each_prediction(page, note_any, &any);
	return any;
}

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

static void put_predicted(struct doc *doc, const struct prediction_page *page,
			  const char *kernel, unsigned workers)
{
	struct prediction one;
	const char *runner;

	fprintf(doc_row(doc), "%u, predicted", workers);
	for (size_t at = 0; (runner = next_runner(page, &at));)
		if (prediction_make(&page->asked, kernel, runner, workers,
				    &one))
			put_cell(doc, &one);
		else
			doc_cell(doc);
}

static void put_measured(struct doc *doc, const struct prediction_page *page,
			 const char *kernel, unsigned workers)
{
	struct prediction one;
	const char *runner;
	bool any = false;

	for (size_t at = 0; (runner = next_runner(page, &at));)
		any |= prediction_make(&page->asked, kernel, runner, workers,
				       &one) &&
		       one.measured;
	if (!any)
		return;
	fprintf(doc_row(doc), "%u, measured", workers);
	for (size_t at = 0; (runner = next_runner(page, &at));)
		start_put_cell(doc, prediction_make(&page->asked, kernel,
						    runner, workers, &one)
					    ? one.measured
					    : NULL);
}

/* Was serial measured at sizes enough? */
static bool is_predicted(const struct prediction_page *page, const char *kernel)
{
	struct prediction one;
	const char *runner;

	for (size_t at = 0; (runner = next_runner(page, &at));)
		if (prediction_make(&page->asked, kernel, runner,
				    page->workers[0], &one))
			return true;
	return false;
}

static void put_kernel(struct doc *doc, const struct prediction_page *page,
		       const char *kernel)
{
	const char *runner;

	text_clean(doc_table(doc), kernel, true);
	fputs("workers", doc_column(doc, DOC_LEFT));
	for (size_t at = 0; (runner = next_runner(page, &at));)
		text_clean(doc_column(doc, DOC_RIGHT), runner, true);
	for (size_t w = 0; w < page->nworkers; w++) {
		put_predicted(doc, page, kernel, page->workers[w]);
		put_measured(doc, page, kernel, page->workers[w]);
	}
}

/* ------------------------------------------------------------- the page */

static void put_warning(struct doc *doc, const struct prediction_page *page)
{
	double ratio = page->run_trip_ns / page->parts_trip_ns;

	if (ratio > 1.5 || ratio < 1 / 1.5)
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
	struct check check = {0, 0};

	each_prediction(page, check_one, &check);
	if (check.checked)
		fprintf(doc_paragraph(doc),
			"Of %zu predictions for which the record has a "
			"measurement, %zu hold it.",
			check.checked, check.held);
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
	const char *kernel;
	FILE *out;

	fputs("Predicted: from how many items on is it faster than serial?",
	      doc_heading(doc, 1));
	out = doc_note(doc, page->asked.findings->trusted ? DOC_GOOD : DOC_BAD);
	words_machine(out, page->asked.record, page->asked.findings);
	fputc('.', out);
	put_warning(doc, page);
	for (size_t k = 0; (kernel = view_kernel(page->asked.findings, k)); k++)
		if (wants_kernel(page, kernel) && is_predicted(page, kernel))
			put_kernel(doc, page, kernel);
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

static void add_json(void *data, const struct prediction *prediction)
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
	json_array_append_new(data, json);
}

int prediction_json_write(FILE *out, const struct prediction_page *page)
{
	json_t *list = json_array();
	int rc;

	each_prediction(page, add_json, list);
	rc = json_put(out, json_pack("{s:o}", "predictions", list), DIGITS);
	return rc ? rc : report_flush(out);
}

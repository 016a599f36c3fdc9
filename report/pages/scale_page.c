/* SPDX-License-Identifier: MIT */
/*
 * How many workers: from a record that has several numbers of them.
 */
#include "analysis/scaling.h"
#include "report/chart/html_chart.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/pages/record_pages.h"
#include "report/pages/skipped_items.h"
#include "report/pages/start_cell.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scale_page {
	const struct record *record;
	const struct findings *findings;
	struct scaling scaling;
	struct pictures *pictures; /* NULL: the format has none */
	unsigned first_chart;	   /* its id */
	bool first;		   /* record of the page */
};

/* ------------------------------------------------------------- charts */

/* Of each kernel, in this order. */
enum { SCALE_SPEEDUPS, SCALE_ENVELOPE, SCALE_CHARTS };

static struct chart scale_chart(const struct scale_page *page, size_t kernel,
				unsigned which)
{
	return (struct chart){CHART_PAGE,
			      page->first_chart +
				      (unsigned)kernel * SCALE_CHARTS + which,
			      page->record, page->findings};
}

static int scale_put_script(FILE *script, void *data)
{
	const struct scale_page *page = data;
	struct chart chart;
	const char *kernel;

	for (size_t k = 0; (kernel = findings_kernel(page->findings, k)); k++) {
		chart = scale_chart(page, k, SCALE_SPEEDUPS);
		chart_speedups(script, &chart, &page->scaling, kernel);
		chart = scale_chart(page, k, SCALE_ENVELOPE);
		chart_envelope(script, &chart, &page->scaling, kernel);
	}
	chart = scale_chart(page, 0, 0);
	chart.id = PICTURES_MARKS;
	if (page->first)
		chart_marks_only(script, &chart);
	return 0;
}

static void scale_put_key(FILE *out, const struct record *record)
{
	fputs("<ul class=\"key lines\">", out);
	for (size_t r = 0; r < record->nrunners; r++) {
		const char *runner = record->runners[r].spec;

		if (chart_is_first(record, r) && strcmp(runner, "serial") != 0)
			pictures_put_key(out, chart_runner_look(record, runner),
					 runner);
	}
	fputs("</ul>\n", out);
}

/* The label says whose chart it is, since a page has many. */
static void scale_put_chart(const struct scale_page *page, FILE *out, size_t k,
			    const char *kernel, unsigned which,
			    const char *caption)
{
	unsigned id = scale_chart(page, k, which).id;
	char *label;

	if (!pictures_has(page->pictures, id) ||
	    asprintf(&label, "%s: %s", kernel, caption) < 0)
		return;
	fputs("<figure>\n", out);
	pictures_put(out, page->pictures, id, label, "");
	pictures_put_caption(out, id, caption);
	fputs("</figure>\n", out);
	free(label);
}

static bool scale_has_charts(const struct scale_page *page, size_t k)
{
	for (unsigned which = 0; page->pictures && which < SCALE_CHARTS;
	     which++)
		if (pictures_has(page->pictures,
				 scale_chart(page, k, which).id))
			return true;
	return false;
}

/* Is the universal scalability law fitted to any of its lines? */
static bool scale_has_law(const struct scaling *scaling, const char *kernel)
{
	for (size_t i = 0; i < scaling->nlines; i++)
		if (strcmp(scaling->lines[i].kernel, kernel) == 0 &&
		    isfinite(scaling->lines[i].coherence.median))
			return true;
	return false;
}

static void scale_put_charts(struct doc *doc, const struct scale_page *page,
			     size_t k, const char *kernel)
{
	FILE *out;

	if (!scale_has_charts(page, k))
		return;
	out = doc_html(doc);
	scale_put_key(out, page->record);
	fputs("<div class=\"charts\">\n", out);
	scale_put_chart(page, out, k, kernel, SCALE_ENVELOPE,
			"What is best at each size; the number is that of its "
			"workers.");
	scale_put_chart(
		page, out, k, kernel, SCALE_SPEEDUPS,
		scale_has_law(&page->scaling, kernel)
			? "Speed-up by number of workers at the largest size "
			  "of all, with 95 % intervals; dotted, the universal "
			  "scalability law fitted to it; dashed, as many times "
			  "as workers."
			: "Speed-up by number of workers at the largest size "
			  "of all, with 95 % intervals; dashed, as many times "
			  "as workers.");
	fputs("</div>\n", out);
}

static void put_worker_columns(struct doc *doc, const struct scaling *scaling)
{
	for (size_t w = 0; w < scaling->nworkers; w++)
		fprintf(doc_column(doc, DOC_RIGHT), "%u", scaling->workers[w]);
}

/* ------------------------------------------------------------- best */

static bool is_alike(const struct scaling_best *a, const struct scaling_best *b)
{
	if (strcmp(a->kernel, b->kernel) != 0 || !a->cell != !b->cell ||
	    a->serial != b->serial)
		return false;
	return !a->cell || pair_equal(&a->cell->pair, &b->cell->pair);
}

/* Neighbouring sizes of one answer, [begin, end). */
static size_t find_end(const struct scaling *scaling, size_t begin)
{
	size_t end = begin + 1;

	while (end < scaling->nbest &&
	       is_alike(&scaling->best[begin], &scaling->best[end]))
		end++;
	return end;
}

static void put_ratios(FILE *out, double from, double to)
{
	fputs(text_ratio(from, true).s, out);
	if (strcmp(text_ratio(from, true).s, text_ratio(to, true).s) != 0)
		fprintf(out, " .. %s", text_ratio(to, true).s);
}

static void put_best(struct doc *doc, const struct scaling *scaling,
		     size_t begin, size_t end)
{
	const struct scaling_best *first = &scaling->best[begin];
	const struct scaling_best *last = &scaling->best[end - 1];
	FILE *out = doc_row(doc);

	fputs(text_size(first->n).s, out);
	if (end - begin > 1)
		fprintf(out, " .. %s", text_size(last->n).s);
	if (!first->cell) {
		fputs(first->serial ? "serial" : "?", doc_cell(doc));
		return;
	}
	fputs(first->cell->pair.runner, doc_cell(doc));
	fprintf(doc_cell(doc), "%u", first->cell->pair.workers);
	put_ratios(doc_cell(doc), exp(first->cell->log_ratio),
		   exp(last->cell->log_ratio));
	put_ratios(doc_cell(doc),
		   exp(first->cell->log_ratio) / first->cell->pair.workers,
		   exp(last->cell->log_ratio) / last->cell->pair.workers);
}

static void put_bests(struct doc *doc, const struct scaling *scaling,
		      const char *kernel)
{
	size_t begin = 0, end;

	while (begin < scaling->nbest &&
	       strcmp(scaling->best[begin].kernel, kernel) != 0)
		begin++;
	fprintf(doc_table(doc), "%s: what is best at each size", kernel);
	fputs("items", doc_column(doc, DOC_LEFT));
	fputs("runner", doc_column(doc, DOC_LEFT));
	fputs("workers", doc_column(doc, DOC_RIGHT));
	fputs("speed-up", doc_column(doc, DOC_RIGHT));
	fputs("efficiency", doc_column(doc, DOC_RIGHT));
	for (; begin < scaling->nbest &&
	       strcmp(scaling->best[begin].kernel, kernel) == 0;
	     begin = end) {
		end = find_end(scaling, begin);
		put_best(doc, scaling, begin, end);
	}
}

/* ------------------------------------------------------------- starts */

static bool is_measured(const struct findings *findings, const char *kernel,
			const char *runner, const struct scaling *scaling)
{
	for (size_t w = 0; w < scaling->nworkers; w++)
		if (findings_find(findings, kernel, runner,
				  scaling->workers[w]))
			return true;
	return false;
}

static void put_starts(struct doc *doc, const struct scale_page *page,
		       const char *kernel)
{
	const struct record *record = page->record;
	const struct scaling *scaling = &page->scaling;

	fprintf(doc_table(doc),
		"%s: from how many items on it is faster than serial, by "
		"number of workers",
		kernel);
	fputs("runner", doc_column(doc, DOC_LEFT));
	put_worker_columns(doc, scaling);
	for (size_t r = 0; r < record->nrunners; r++) {
		const char *runner = record->runners[r].spec;

		if (!chart_is_first(record, r) ||
		    !is_measured(page->findings, kernel, runner, scaling))
			continue;
		fputs(runner, doc_row(doc));
		for (size_t w = 0; w < scaling->nworkers; w++)
			start_put_cell(doc, findings_find(page->findings,
							  kernel, runner,
							  scaling->workers[w]));
	}
}

/* ------------------------------------------------------------- lines */

static const struct scaling_point *find_point(const struct scaling_line *line,
					      unsigned workers)
{
	for (size_t p = 0; p < line->npoints; p++)
		if (line->points[p].workers == workers)
			return &line->points[p];
	return NULL;
}

static void put_speedup(struct doc *doc, const struct scaling_point *point)
{
	doc_cell(doc);
	doc_ratio(doc, log(point->speedup),
		  (struct interval){log(point->interval.lo),
				    log(point->interval.hi)});
}

/* A share of 1 in per cent; of a serial fraction, more than all of it is slower
 * than serial. */
static void put_percent(struct doc *doc, double share, bool serial)
{
	FILE *out = doc_cell(doc);

	if (!isfinite(share))
		return;
	if (share > 1 && serial)
		fputs("over 100 %", out);
	else
		fprintf(out, "%.0f %%", 100 * share);
	doc_number(doc, share);
}

static void put_line(struct doc *doc, const struct scaling *scaling,
		     const struct scaling_line *line)
{
	static const char *const labels[] = {
		"  efficiency", "  weak efficiency", "  serial fraction"};

	fprintf(doc_row(doc), "%s, %s", line->runner, text_size(line->n).s);
	for (size_t w = 0; w < scaling->nworkers; w++) {
		const struct scaling_point *point =
			find_point(line, scaling->workers[w]);

		if (point)
			put_speedup(doc, point);
		else
			doc_cell(doc);
	}
	for (int row = 0; row < 3; row++) {
		fputs(labels[row], doc_row(doc));
		for (size_t w = 0; w < scaling->nworkers; w++) {
			const struct scaling_point *point =
				find_point(line, scaling->workers[w]);

			put_percent(doc,
				    !point     ? NAN
				    : row == 0 ? point->efficiency
				    : row == 1 ? point->weak
					       : point->serial_share,
				    row == 2);
		}
	}
}

static bool is_line_of(const struct scaling_line *line, const char *kernel)
{
	return strcmp(line->kernel, kernel) == 0;
}

static const struct scaling_line *first_line(const struct scaling *scaling,
					     const char *kernel)
{
	for (size_t i = 0; i < scaling->nlines; i++)
		if (is_line_of(&scaling->lines[i], kernel))
			return &scaling->lines[i];
	return NULL;
}

static void put_lines(struct doc *doc, const struct scaling *scaling,
		      const char *kernel)
{
	if (!first_line(scaling, kernel))
		return;
	fprintf(doc_table(doc),
		"%s: speed-up by number of workers, at the largest size of all",
		kernel);
	fputs("runner, items", doc_column(doc, DOC_LEFT));
	put_worker_columns(doc, scaling);
	for (size_t i = 0; i < scaling->nlines; i++)
		if (is_line_of(&scaling->lines[i], kernel))
			put_line(doc, scaling, &scaling->lines[i]);
}

/* ------------------------------------------------------------- laws */

/* As "3.1 %  [2.9,3.4]". */
static void put_fit(struct doc *doc, const struct scaling_fit *fit)
{
	FILE *out = doc_cell(doc);

	if (!isfinite(fit->median))
		return;
	fprintf(out, "%.3g %%", 100 * fit->median);
	doc_number(doc, fit->median);
	if (isfinite(fit->interval.lo) && isfinite(fit->interval.hi))
		fprintf(doc_range(doc), "[%.3g .. %.3g]",
			100 * fit->interval.lo, 100 * fit->interval.hi);
}

static void put_peak(struct doc *doc, const struct scaling_fit *peak)
{
	FILE *out = doc_cell(doc);

	if (isnan(peak->median))
		return;
	if (peak->median >= DBL_MAX) {
		fputs("more always gain", out);
		return;
	}
	fputs(text_count(round(peak->median)).s, out);
	doc_number(doc, peak->median);
	if (peak->interval.hi > 0 && peak->interval.hi < DBL_MAX)
		fprintf(doc_range(doc), "[%.0f .. %.0f]", peak->interval.lo,
			peak->interval.hi);
}

static bool has_laws(const struct scaling *scaling, const char *kernel)
{
	for (size_t i = 0; i < scaling->nlines; i++)
		if (is_line_of(&scaling->lines[i], kernel) &&
		    isfinite(scaling->lines[i].serial_share.median))
			return true;
	return false;
}

static void put_laws(struct doc *doc, const struct scaling *scaling,
		     const char *kernel)
{
	static const char *const heads[] = {"serial fraction", "contention",
					    "coherence", "best workers"};

	if (!has_laws(scaling, kernel))
		return;
	fprintf(doc_table(doc), "%s: laws fitted to these speed-ups", kernel);
	fputs("runner", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < scaling->nlines; i++) {
		const struct scaling_line *line = &scaling->lines[i];

		if (!is_line_of(line, kernel))
			continue;
		fputs(line->runner, doc_row(doc));
		put_fit(doc, &line->serial_share);
		put_fit(doc, &line->contention);
		put_fit(doc, &line->coherence);
		put_peak(doc, &line->peak);
	}
}

/* ------------------------------------------------------------- the page */

static void put_opening(struct doc *doc, const struct scale_page *page)
{
	FILE *out;

	fputs("How many workers", doc_heading(doc, 1));
	out = doc_note(doc, page->findings->trusted ? DOC_GOOD : DOC_BAD);
	words_machine(out, page->record, page->findings);
	fputs(".", out);
	if (page->pictures)
		pictures_put_opening(doc, page->pictures, page->first);
}

static void put_closing(struct doc *doc, const struct scale_page *page)
{
	skipped_put_notes(doc, 3, page->record, page->findings);
	fprintf(doc_paragraph(doc),
		"Best at a size, of all that is proven faster than serial: the "
		"fewest workers that are not slower than the fastest by more "
		"than %.0f %%. Speed-ups are over serial. Efficiency: the "
		"speed-up "
		"by the workers. Weak efficiency: serial's time with one "
		"worker's share of the items, by that of all workers with a "
		"share each. Serial fraction: the part of the work that would "
		"explain the speed-up if all the rest spread evenly (Karp and "
		"Flatt's for each number of workers, Amdahl's for all); below "
		"0, more was gained than workers were added, as by their "
		"caches. Contention and coherence are those of the universal "
		"scalability law: what workers wait for one another, and what "
		"each pair of them costs; best workers is where its speed-up "
		"is largest, which may lie beyond what was measured.",
		100 * SCALING_TIE);
	words_built(doc_paragraph(doc), page->record);
	words_again(doc_paragraph(doc), page->record);
}

static int build_scale(struct doc *doc, const void *data)
{
	const struct scale_page *page = data;
	const char *kernel;

	put_opening(doc, page);
	if (page->scaling.nworkers == 0)
		fputs("Nothing was measured.", doc_paragraph(doc));
	if (page->scaling.nworkers == 1)
		fputs("One number of workers was measured: for speed-ups by "
		      "their number name several, as -w 1,2,4.",
		      doc_paragraph(doc));
	for (size_t k = 0; page->scaling.nworkers > 0 &&
			   (kernel = findings_kernel(page->findings, k));
	     k++) {
		fputs(kernel, doc_heading(doc, 2));
		scale_put_charts(doc, page, k, kernel);
		put_bests(doc, &page->scaling, kernel);
		put_starts(doc, page, kernel);
		put_lines(doc, &page->scaling, kernel);
		put_laws(doc, &page->scaling, kernel);
	}
	put_closing(doc, page);
	return 0;
}

int scale_write(FILE *out, const struct record *record,
		const struct findings *findings,
		const struct report_style *style)
{
	struct pictures pictures = {.count = 0};
	struct scale_page page = {
		.record = record,
		.findings = findings,
		.pictures = style->form == DOC_HTML ? &pictures : NULL,
		.first_chart = style->index * PICTURES_IDS,
		.first = report_begins(style),
	};
	int rc = scaling_make(record, findings, &page.scaling);

	if (rc == 0 && page.pictures)
		rc = pictures_draw(scale_put_script, &page, &pictures);
	if (rc == 0)
		rc = doc_print(build_scale, &page, out, style);
	pictures_free(&pictures);
	scaling_free(&page.scaling);
	return rc;
}

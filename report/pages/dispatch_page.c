/* SPDX-License-Identifier: MIT */
#include "report/pages/dispatch_page.h"

#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/pages/skipped_items.h"
#include "results/json_value.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 6 };

/* ------------------------------------------------------------- table */

static double median_of(const struct dispatch *dispatch,
			const struct dispatch_row *row)
{
	return row ? dispatch_median(dispatch, row, row->ns) : NAN;
}

static void put_time(struct doc *doc, double ns)
{
	doc_time(doc, ns < 0 ? 0 : ns);
}

static void put_back_to_back(struct doc *doc, const struct dispatch *dispatch,
			     const char *runner)
{
	const struct dispatch_row *empty =
		dispatch_find_row(dispatch, runner, "empty", 0);
	const struct dispatch_row *meet =
		dispatch_find_row(dispatch, runner, "rendezvous", 0);
	const struct dispatch_row *shown = meet ? meet : empty;
	double times = median_of(dispatch, meet) / dispatch->raw_ns;
	FILE *out;

	if (!shown)
		return;
	fputs(runner, doc_row(doc));
	put_time(doc, median_of(dispatch, empty));
	put_time(doc, median_of(dispatch, meet));
	out = doc_cell(doc);
	if (isfinite(times))
		fputs(text_ratio(times, true).s, out);
	put_time(doc, dispatch_median(dispatch, shown, shown->p99));
	put_time(doc, dispatch_median(dispatch, shown, shown->cpu_ns));
}

static void put_calls(struct doc *doc, const struct dispatch *dispatch)
{
	static const char *const heads[] = {"empty", "rendezvous", "x line",
					    "p99", "CPU"};

	fputs("Back to back", doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < dispatch->nrows; i++)
		if (dispatch_is_first_row(dispatch, i))
			put_back_to_back(doc, dispatch,
					 dispatch->rows[i].runner);
}

/* The gaps that any row has, smallest first; returns how many. */
static size_t list_gaps(const struct dispatch *dispatch, double *gaps,
			size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < dispatch->nrows; i++) {
		double gap = dispatch->rows[i].sweep->gap_us;
		size_t at = 0;

		while (at < count && gaps[at] != gap)
			at++;
		if (gap > 0 && at == count && count < room)
			gaps[count++] = gap;
	}
	stats_sort(gaps, count);
	return count;
}

static void put_after_gaps(struct doc *doc, const struct dispatch *dispatch,
			   const char *runner, const double *gaps, size_t ngaps)
{
	fputs(runner, doc_row(doc));
	for (size_t g = 0; g < ngaps; g++) {
		const struct dispatch_row *row = dispatch_find_row(
			dispatch, runner, "rendezvous", gaps[g]);

		if (!row)
			row = dispatch_find_row(dispatch, runner, "empty",
						gaps[g]);
		put_time(doc, median_of(dispatch, row));
		put_time(doc, row ? dispatch_median(dispatch, row, row->cpu_ns)
				  : NAN);
	}
}

static void put_gaps(struct doc *doc, const struct dispatch *dispatch)
{
	double gaps[8];
	size_t ngaps = list_gaps(dispatch, gaps, 8);

	if (ngaps == 0)
		return;
	fputs("One call after the caller was busy elsewhere", doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	for (size_t g = 0; g < ngaps; g++) {
		fprintf(doc_column(doc, DOC_RIGHT), "after %s",
			text_time(gaps[g] * 1e3).s);
		fputs("time", doc_column_note(doc));
		doc_column(doc, DOC_RIGHT);
		fputs("CPU", doc_column_note(doc));
	}
	for (size_t i = 0; i < dispatch->nrows; i++)
		if (dispatch_is_first_row(dispatch, i))
			put_after_gaps(doc, dispatch, dispatch->rows[i].runner,
				       gaps, ngaps);
}

static void put_memory_row(struct doc *doc, const struct dispatch_memory *one)
{
	FILE *out;

	fputs(one->runner, doc_row(doc));
	out = doc_cell(doc);
	if (one->control > 0)
		fprintf(out, "%.1f", one->control / 1024);
	fprintf(doc_cell(doc), "%.0f", one->processes);
	fprintf(doc_cell(doc), "%.0f", one->pss_kib);
	fprintf(doc_cell(doc), "%.0f", one->page_tables_kib);
}

static void put_memory(struct doc *doc, const struct dispatch *dispatch)
{
	static const char *const heads[] = {"control", "processes", "PSS",
					    "page tables"};

	fputs("Memory in KiB, of all processes together", doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		fputs(heads[i], doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < dispatch->nmemory; i++)
		put_memory_row(doc, &dispatch->memory[i]);
}

/* ------------------------------------------------------------- sentences */

static void put_opening(struct doc *doc, const struct dispatch *dispatch)
{
	FILE *out = doc_heading(doc, 1);

	fputs("What handing out work costs", out);
	out = doc_paragraph(doc);
	fprintf(out,
		"Fork-join of %u worker%s: medians of %zu rounds in %zu "
		"generations of processes.",
		dispatch->workers, dispatch->workers == 1 ? "" : "s",
		dispatch->rounds, dispatch->generations);
	if (isfinite(dispatch->raw_ns))
		fprintf(out,
			" A cache line to the next CPU and back takes %s (the "
			"CPUs are %s; %zu of %zu readings were so, and count).",
			text_time(dispatch->raw_ns).s, dispatch->placement,
			dispatch->ncounted,
			dispatch->rounds * dispatch->nsweeps);
	if (dispatch->nrows == 0)
		fputs(" Nothing was measured: all runners are left out.", out);
	else if (!dispatch_is_whole(dispatch))
		fputs(" NOT WHOLE: runners that failed are missing, and named "
		      "at the end.",
		      out);
}

static int build_dispatch(struct doc *doc, const void *data)
{
	const struct dispatch *dispatch = data;

	put_opening(doc, dispatch);
	put_calls(doc, dispatch);
	put_gaps(doc, dispatch);
	put_memory(doc, dispatch);
	fprintf(doc_paragraph(doc),
		"empty: %zu tiles that do nothing, which one worker may run "
		"alone. rendezvous: every worker must take part. x line: times "
		"the cache line's trip. p99: the slowest of 100 calls. CPU: of "
		"all workers together, per call; after gaps, without the "
		"caller's own in them.",
		dispatch->tiles);
	skipped_put(doc, &dispatch->skipped);
	return 0;
}

int dispatch_table(const struct dispatch *dispatch, FILE *out,
		   const struct report_style *style)
{
	return doc_print(build_dispatch, dispatch, out, style);
}

/* ------------------------------------------------------------- JSON */

static json_t *counted(const struct dispatch *dispatch,
		       const struct dispatch_sweep *sweep)
{
	json_t *array = json_array();

	for (size_t r = 0; r < dispatch->rounds; r++)
		json_array_append_new(array, json_boolean(sweep->counted[r]));
	return array;
}

static json_t *row_json(const struct dispatch *dispatch,
			const struct dispatch_row *row)
{
	const struct dispatch_sweep *sweep = row->sweep;

	return json_pack(
		"{s:s,s:i,s:s,s:f,s:o,s:o,s:o,s:o,s:o}", "runner", row->runner,
		"workers", (int)row->workers, "pattern", sweep->pattern,
		"gap_us", sweep->gap_us, "ns",
		json_number(dispatch_median(dispatch, row, row->ns)), "ns_p99",
		json_number(dispatch_median(dispatch, row, row->p99)), "cpu_ns",
		json_number(dispatch_median(dispatch, row, row->cpu_ns)),
		"rounds_ns", dispatch_rounds_json(dispatch, row->ns),
		"rounds_cpu_ns", dispatch_rounds_json(dispatch, row->cpu_ns));
}

static json_t *sweep_json(const struct dispatch *dispatch,
			  const struct dispatch_sweep *sweep)
{
	return json_pack("{s:s,s:f,s:o,s:o}", "pattern", sweep->pattern,
			 "gap_us", sweep->gap_us, "raw_rounds_ns",
			 dispatch_rounds_json(dispatch, sweep->raw_ns),
			 "counted_rounds", counted(dispatch, sweep));
}

int dispatch_json(const struct dispatch *dispatch, FILE *out)
{
	json_t *rows = json_array(), *sweeps = json_array();
	json_t *root;

	for (size_t i = 0; i < dispatch->nrows; i++)
		json_array_append_new(rows,
				      row_json(dispatch, &dispatch->rows[i]));
	for (size_t i = 0; i < dispatch->nsweeps; i++)
		json_array_append_new(
			sweeps, sweep_json(dispatch, &dispatch->sweeps[i]));
	root = json_pack(
		"{s:o,s:s,s:i,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}",
		"raw_pingpong_ns", json_number(dispatch->raw_ns), "placement",
		dispatch->placement, "workers", (int)dispatch->workers, "tiles",
		(json_int_t)dispatch->tiles, "rounds",
		(json_int_t)dispatch->rounds, "rounds_counted",
		(json_int_t)dispatch->ncounted, "rows", rows, "sweeps", sweeps,
		"memory", dispatch_memory_json(dispatch), "skipped",
		skipped_json(&dispatch->skipped, false, "runner"), "failed",
		skipped_json(&dispatch->skipped, true, "runner"));
	return json_put(out, root, DIGITS);
}

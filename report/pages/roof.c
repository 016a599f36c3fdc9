/* SPDX-License-Identifier: MIT */
/*
 * Memory speed of each kernel beside its ceiling, from a record whose sizes
 * were given as working sets.
 */
#include "analysis/samples.h"
#include "analysis/trust.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"
#include "report/doc/words.h"
#include "report/export/export.h"
#include "report/pages/record_pages.h"
#include "report/pages/skipped_items.h"
#include "results/json_value.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, ROUNDS_MAX = 256 };

/* Largest by smallest share in the generations, from which on it is marked. */
#define UNSTEADY 1.25

/* What a kernel does to memory, and so what it is held against. */
enum kind {
	KIND_MAP,     /* reads and stores: copy */
	KIND_READER,  /* reads: the fastest of them */
	KIND_CEILING, /* nothing */
};

static const char *const kind_names[] = {"map", "reader", "ceiling"};

static const char *const kind_titles[] = {
	"Reading and storing (of copy)",
	"Reading (of the fastest)",
	"Ceilings",
};

struct roof {
	const struct record *record;
	const struct findings *findings;
	const json_t *kernels, *sets;
};

static struct roof roof_of(const struct record *record,
			   const struct findings *findings)
{
	return (struct roof){
		.record = record,
		.findings = findings,
		.kernels = json_object_get(record->header, "kernels"),
		.sets = json_object_get(json_object_get(record->header, "plan"),
					"working_sets"),
	};
}

/* ------------------------------------------------------------- numbers */

static const json_t *kernel_at(const struct roof *roof, size_t k)
{
	return json_array_get(roof->kernels, k);
}

static const char *name_of(const json_t *kernel)
{
	const char *name = json_string_value(json_object_get(kernel, "name"));

	return name ? name : "";
}

static double bytes_of(const json_t *kernel)
{
	return json_number_value(json_object_get(kernel, "bytes"));
}

/* Is it this kernel, with whatever options? */
static bool is_kernel(const json_t *kernel, const char *name)
{
	size_t length = strcspn(name_of(kernel), ":");

	return strlen(name) == length &&
	       strncmp(name_of(kernel), name, length) == 0;
}

static enum kind kind_of(const json_t *kernel)
{
	if (is_kernel(kernel, "copy") || is_kernel(kernel, "fill"))
		return KIND_CEILING;
	return json_is_true(json_object_get(kernel, "reduction")) ? KIND_READER
								  : KIND_MAP;
}

static double set_at(const struct roof *roof, size_t s)
{
	return json_number_value(json_array_get(roof->sets, s));
}

/* The cell with the most rounds, if CPUs stood near and far; or NULL. */
static const struct cell *cell_at(const struct roof *roof, const json_t *kernel,
				  size_t s)
{
	double items = floor(set_at(roof, s) / bytes_of(kernel));
	const struct cell *best = NULL;

	for (size_t i = 0; i < roof->findings->ncells; i++) {
		const struct cell *cell = &roof->findings->cells[i];

		if (strcmp(cell->pair.kernel, name_of(kernel)) == 0 &&
		    (double)cell->n == items && cell->rounds > 0 &&
		    (!best || cell->rounds > best->rounds))
			best = cell;
	}
	return best;
}

/* GB/s, by one worker or by all; NaN: not measured. */
static double speed(const struct roof *roof, const json_t *kernel, size_t s,
		    bool all)
{
	const struct cell *cell = cell_at(roof, kernel, s);

	if (!cell)
		return NAN;
	return bytes_of(kernel) * (double)cell->n /
	       (all ? cell->runner_ns : cell->direct_ns);
}

static const struct block *block_at(const struct roof *roof,
				    const json_t *kernel, size_t s,
				    unsigned generation)
{
	double items = floor(set_at(roof, s) / bytes_of(kernel));

	for (size_t i = 0; i < roof->record->nblocks; i++) {
		const struct block *block = &roof->record->blocks[i];

		if (block->generation == generation &&
		    (double)block->n == items &&
		    strcmp(block->kernel, name_of(kernel)) == 0)
			return block;
	}
	return NULL;
}

static double median_epoch(const struct series *series, size_t rounds)
{
	double ns[ROUNDS_MAX];
	size_t count = 0;

	for (size_t r = 0; r < rounds && count < ROUNDS_MAX; r++)
		if (series->ns[r] > 0)
			ns[count++] = series->ns[r];
	return stats_find_median(ns, count) / (double)series->calls;
}

/* As speed(), in one generation. */
static double speed_in(const struct roof *roof, const json_t *kernel, size_t s,
		       bool all, unsigned generation)
{
	const struct block *block = block_at(roof, kernel, s, generation);
	const struct series *series = NULL;

	if (block)
		series = all ? samples_find_series(block, ROLE_RUNNER, NULL)
			     : samples_find_whole(block);
	return series ? bytes_of(kernel) * (double)block->n /
				median_epoch(series, block->rounds)
		      : NAN;
}

/* What a kernel of this kind is held against; NaN: there is nothing. */
static double ceiling_in(const struct roof *roof, enum kind kind, size_t s,
			 bool all, unsigned generation)
{
	double best = NAN;

	for (size_t k = 0; k < json_array_size(roof->kernels); k++) {
		const json_t *kernel = kernel_at(roof, k);
		bool counts = kind == KIND_MAP ? is_kernel(kernel, "copy")
					       : kind_of(kernel) == kind;

		if (kind != KIND_CEILING && counts)
			best = fmax(best,
				    speed_in(roof, kernel, s, all, generation));
	}
	return best;
}

/*
 * The share of the ceiling. Memory speed drifts on a shared machine, so it is
 * taken within each generation, where one follows the other at once; lo and
 * hi are its extremes, with six generations a 96.9 % interval of the median.
 */
struct share {
	double median, lo, hi; /* NaN: there is none */
};

static struct share share_of(const struct roof *roof, const json_t *kernel,
			     size_t s, bool all)
{
	double shares[FINDINGS_GENERATIONS];
	size_t count = 0;

	for (unsigned g = 1;
	     g <= FINDINGS_GENERATIONS && cell_at(roof, kernel, s); g++) {
		double share = speed_in(roof, kernel, s, all, g) /
			       ceiling_in(roof, kind_of(kernel), s, all, g);

		if (isfinite(share))
			shares[count++] = share;
	}
	if (count == 0)
		return (struct share){NAN, NAN, NAN};
	stats_sort(shares, count);
	return (struct share){stats_median(shares, count), shares[0],
			      shares[count - 1]};
}

/* ------------------------------------------------------------- table */

static void put_speed(struct doc *doc, const struct roof *roof,
		      const json_t *kernel, size_t s, bool all)
{
	double gbs = speed(roof, kernel, s, all);
	struct share share = share_of(roof, kernel, s, all);
	FILE *out = doc_cell(doc);

	if (!isfinite(gbs))
		return;
	fprintf(out, "%.*f", gbs < 99.95, gbs);
	doc_number(doc, gbs);
	if (isfinite(share.median))
		fprintf(doc_range(doc), "%s%.0f %%",
			share.hi > UNSTEADY * share.lo ? "~" : "",
			100 * share.median);
}

static void put_kind(struct doc *doc, const struct roof *roof, enum kind kind,
		     bool all)
{
	bool titled = false;

	for (size_t k = 0; k < json_array_size(roof->kernels); k++) {
		const json_t *kernel = kernel_at(roof, k);

		if (kind_of(kernel) != kind)
			continue;
		if (!titled)
			fputs(kind_titles[kind], doc_row(doc));
		titled = true;
		fputs(name_of(kernel), doc_row(doc));
		for (size_t s = 0; s < json_array_size(roof->sets); s++)
			put_speed(doc, roof, kernel, s, all);
	}
}

static unsigned workers_of(const struct roof *roof)
{
	return roof->findings->ncrossings
		       ? roof->findings->crossings[0].pair.workers
		       : 0;
}

static void put_speeds(struct doc *doc, const struct roof *roof, bool all)
{
	unsigned workers = all ? workers_of(roof) : 1;

	fprintf(doc_table(doc), "GB/s and share of the ceiling, %u worker%s",
		workers, workers == 1 ? "" : "s");
	fputs("bytes of all arrays", doc_column(doc, DOC_LEFT));
	for (size_t s = 0; s < json_array_size(roof->sets); s++)
		fprintf(doc_column(doc, DOC_RIGHT), "%sB",
			text_size((uint64_t)set_at(roof, s)).s);
	for (int kind = KIND_MAP; kind <= KIND_CEILING; kind++)
		put_kind(doc, roof, (enum kind)kind, all);
}

static void put_opening(struct doc *doc, const struct roof *roof)
{
	FILE *out;

	fputs("Memory speed and its ceiling", doc_heading(doc, 1));
	out = doc_note(doc, roof->findings->trusted ? DOC_GOOD : DOC_BAD);
	words_machine(out, roof->record, roof->findings);
	fputs(".", out);
	out = doc_paragraph(doc);
	if (words_arena(out, roof->record))
		fputs(". ", out);
	fputs("Memory speed in GB/s (1e9 bytes a second, medians) by the bytes "
	      "of all arrays together, and its share of the ceiling.",
	      out);
}

static void put_closing(struct doc *doc, const struct roof *roof)
{
	skipped_put_notes(doc, 3, roof->record, roof->findings);
	fputs("A kernel that stores is held against copy, the same data "
	      "moved and nothing computed. One that only reads has no such "
	      "ceiling: it is held against the fastest reader here, which "
	      "is a floor of what memory could give. More than 100 % is no "
	      "mistake: triad reads twice what it stores, and reading is "
	      "cheaper. Shares are taken within each generation of "
	      "processes, since memory drifts; ~ marks those that differ by "
	      "more than a quarter from one to the next. Where a call is "
	      "short, "
	      "most of what several workers take is handing out.",
	      doc_paragraph(doc));
	words_built(doc_paragraph(doc), roof->record);
	words_again(doc_paragraph(doc), roof->record);
}

static int build_roof(struct doc *doc, const void *data)
{
	const struct roof *roof = data;

	put_opening(doc, roof);
	if (json_array_size(roof->sets) == 0) {
		fputs("There are no working sets in this record: `breakeven "
		      "roof` leaves one that has.",
		      doc_paragraph(doc));
		skipped_put_notes(doc, 3, roof->record, roof->findings);
		return 0;
	}
	put_speeds(doc, roof, false);
	if (workers_of(roof) != 1)
		put_speeds(doc, roof, true);
	put_closing(doc, roof);
	return 0;
}

int roof_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style)
{
	const struct roof roof = roof_of(record, findings);
	struct report_style own = *style;

	own.detail = STYLE_ALL; /* shares are no intervals */
	return doc_print(build_roof, &roof, out, &own);
}

/* ------------------------------------------------------------- json */

static json_t *speed_json(const struct roof *roof, const json_t *kernel,
			  size_t s, bool all)
{
	double gbs = speed(roof, kernel, s, all);
	struct share share = share_of(roof, kernel, s, all);
	enum kind kind = kind_of(kernel);

	return json_pack("{s:s,s:s,s:I,s:I,s:I,s:o,s:o,s:[o,o]}", "kernel",
			 name_of(kernel), "kind", kind_names[kind],
			 "working_set", (json_int_t)set_at(roof, s), "n",
			 (json_int_t)(set_at(roof, s) / bytes_of(kernel)),
			 "workers", (json_int_t)(all ? workers_of(roof) : 1),
			 "gbs", json_number(gbs), "share",
			 json_number(share.median), "share_interval",
			 json_number(share.lo), json_number(share.hi));
}

static json_t *speeds_json(const struct roof *roof)
{
	json_t *array = json_array();

	for (size_t k = 0; k < json_array_size(roof->kernels); k++)
		for (size_t s = 0; s < json_array_size(roof->sets); s++)
			for (int all = 0; all < (workers_of(roof) == 1 ? 1 : 2);
			     all++)
				json_array_append_new(
					array,
					speed_json(roof, kernel_at(roof, k), s,
						   all));
	return array;
}

int roof_json_write(FILE *out, const struct record *record,
		    const struct findings *findings,
		    const struct report_style *style)
{
	struct roof roof = roof_of(record, findings);
	json_t *report = json_pack(
		"{s:b,s:b,s:o,s:o}", "complete", (int)findings->complete,
		"trusted", (int)findings->trusted, "speeds", speeds_json(&roof),
		"left_out", notes_json(record));
	int rc;

	(void)style;
	rc = json_put(out, report, DIGITS);
	return rc ? rc : report_flush(out);
}

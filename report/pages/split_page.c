/* SPDX-License-Identifier: MIT */
#include "report/pages/split_page.h"

#include "report/doc/text.h"
#include "report/pages/skipped_items.h"

#include <math.h>

struct text split_stamps(const struct split_row *row)
{
	const struct interval *cost = &row->stamps_interval;
	struct text text = {"?"};

	if (cost->lo > 0 || (isnan(cost->lo) && row->stamps > 0))
		snprintf(text.s, sizeof(text.s), "+%.1f %%", 100 * row->stamps);
	else if (cost->lo <= 0 && cost->hi > 0 && isfinite(cost->hi))
		snprintf(text.s, sizeof(text.s), "<%.*f %%",
			 cost->hi < 1 ? 1 : 0, 100 * cost->hi);
	return text;
}

/* ------------------------------------------------------------- table */

/* What a pool took to open was no part of the call. */
static void put_created(struct doc *doc, const struct split_row *row)
{
	if (row->creates) {
		doc_time(doc, fmax(row->create_ns, 0));
		return;
	}
	fprintf(doc_cell(doc), "(%s)", text_time(fmax(row->open_ns, 0)).s);
	doc_number(doc, row->open_ns);
}

static const char split_legend[] =
	"The parts add up to the call. create: until the first created worker "
	"begins; in brackets: once, when a pool was opened, and no part of the "
	"call. dispatch: from then on to a worker's first tile, and from tile "
	"to tile. compute: in tiles. wait: from a worker's last tile to the "
	"last one of all; these three are means over the workers that ran a "
	"tile. join: from there to the return, with what has to be brought "
	"back. collect: the caller folds the results. stamps: what writing the "
	"time stamps adds to a call; <: at most so much, it may be nothing; ?: "
	"not known.";

void split_put_table(struct doc *doc, const struct split *split)
{
	fputs("Parts of a call", doc_table(doc));
	fputs("runner", doc_column(doc, DOC_LEFT));
	fputs("call", doc_column(doc, DOC_RIGHT));
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		fputs(split_parts[part], doc_column(doc, DOC_RIGHT));
	fputs("stamps", doc_column(doc, DOC_RIGHT));
	for (size_t i = 0; i < split->nrows; i++) {
		const struct split_row *row = &split->rows[i];

		fputs(row->runner, doc_row(doc));
		doc_time(doc, row->call_ns);
		put_created(doc, row);
		for (unsigned part = 1; part < SPLIT_PARTS; part++)
			doc_time(doc, fmax(split_part_ns(row, part), 0));
		fputs(split_stamps(row).s, doc_cell(doc));
	}
	if (split->nrows > 0)
		fputs(split_legend, doc_paragraph(doc));
}

/* ------------------------------------------------------------- sentences */

/* The shortest and the longest trip of the line; false: not known. */
static bool find_trips(const struct split *split, double *lo, double *hi)
{
	*lo = INFINITY;
	*hi = 0;
	for (size_t i = 0; i < split->nrows; i++) {
		*lo = fmin(*lo, split->rows[i].trip_ns);
		*hi = fmax(*hi, split->rows[i].trip_ns);
	}
	return isfinite(*lo);
}

void split_put_opening(struct doc *doc, const struct split *split)
{
	FILE *out = doc_paragraph(doc);
	double lo, hi;

	fprintf(out,
		"%s of %s items, %zu tile%s, %u worker%s: where the time of a "
		"call goes.",
		split->kernel, text_size(split->n).s, split->tiles,
		split->tiles == 1 ? "" : "s", split->workers,
		split->workers == 1 ? "" : "s");
	fprintf(out,
		" The middle one of %zu rounds in %zu generations of "
		"processes.",
		split->rounds, split->generations);
	if (find_trips(split, &lo, &hi))
		fprintf(out,
			" A cache line to the next CPU and back took %s to %s "
			"then.",
			text_time(lo).s, text_time(hi).s);
	if (split->nrows == 0)
		fputs(" Nothing was measured: all runners are left out.", out);
	else if (!split_is_whole(split))
		fputs(" NOT WHOLE: runners that failed are missing, and named "
		      "at the end.",
		      out);
}

void split_put_closing(struct doc *doc, const struct split *split)
{
	for (size_t i = 0; i < split->nrows; i++) {
		const struct split_row *row = &split->rows[i];

		if (row->seen <= row->workers - 0.05)
			fprintf(doc_item(doc),
				"%s: on average, %.1f of %u workers ran a "
				"tile; the others are in no part.",
				row->runner, row->seen, row->workers);
	}
	skipped_put(doc, &split->skipped);
}

static int build_split(struct doc *doc, const void *data)
{
	const struct split *split = data;

	fprintf(doc_heading(doc, 1), "Where the time of a call of %s goes",
		split->kernel);
	split_put_opening(doc, split);
	split_put_table(doc, split);
	split_put_closing(doc, split);
	return 0;
}

int split_table(const struct split *split, FILE *out,
		const struct report_style *style)
{
	return doc_print(build_split, split, out, style);
}

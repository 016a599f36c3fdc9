/* SPDX-License-Identifier: MIT */
#include "report/pages/split_table.h"

#include "report/doc/left_out_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MIN = 8, NUMBERS = 64 };

/* In us, three digits that count. */
static struct text micro(double ns)
{
	double us = fmax(ns, 0) / 1e3;
	struct text text;

	if (us >= 99.95)
		return text_count(us);
	snprintf(text.s, sizeof(text.s), "%.*f", us >= 9.995 ? 1 : 2, us);
	return text;
}

static int name_width(const struct split *split,
		      const struct report_style *style)
{
	size_t most = style->columns > NUMBERS + NAME_MIN
			      ? style->columns - NUMBERS
			      : NAME_MIN;
	size_t width = NAME_MIN;

	for (size_t i = 0; i < split->nrows; i++)
		if (strlen(split->rows[i].runner) > width)
			width = strlen(split->rows[i].runner);
	return (int)(width < most ? width : most);
}

/* What a pool took to open was no part of the call. */
static struct text created(const struct split_row *row)
{
	struct text text;

	if (row->creates)
		return micro(row->create_ns);
	snprintf(text.s, sizeof(text.s), "(%.40s)", micro(row->open_ns).s);
	return text;
}

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

static void print_row(const struct split_row *row, FILE *out, int width)
{
	/* A name that is too long has a line of its own. */
	if (strlen(row->runner) > (size_t)width)
		fprintf(out, "%s\n%-*s", row->runner, width, "");
	else
		fprintf(out, "%-*s", width, row->runner);
	fprintf(out, "%8s%9s%9s%8s%7s%7s%8s%8s\n", micro(row->call_ns).s,
		created(row).s, micro(row->dispatch_ns).s,
		micro(row->compute_ns).s, micro(row->wait_ns).s,
		micro(row->join_ns).s, micro(row->collect_ns).s,
		split_stamps(row).s);
}

static void print_rows(const struct split *split, FILE *out,
		       const struct report_style *style)
{
	int width = name_width(split, style);

	if (split->nrows == 0)
		return;
	fprintf(out, "\n%-*s%8s%9s%9s%8s%7s%7s%8s%8s\n", width, "runner",
		"call", "create", "dispatch", "compute", "wait", "join",
		"collect", "stamps");
	for (size_t i = 0; i < split->nrows; i++)
		print_row(&split->rows[i], out, width);
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

void split_words(FILE *out, const struct split *split,
		 const struct report_style *style)
{
	double lo, hi;

	text_clean(out, split->kernel, style->utf8);
	fprintf(out,
		" of %s items, %zu tile%s, %u worker%s: where the time of a "
		"call goes.",
		text_size(split->n).s, split->tiles,
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
			text_time(lo, style->utf8).s,
			text_time(hi, style->utf8).s);
	if (split->nrows == 0)
		fputs(" Nothing was measured: everybody is left out.", out);
	else if (!split_is_whole(split))
		fputs(" NOT WHOLE: who failed on the way is missing, and named "
		      "at the end.",
		      out);
}

static int print_opening(const struct split *split, FILE *out,
			 const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	split_words(draft.file, split, style);
	fprintf(draft.file, " Times are in %s.",
		style->utf8 ? "\u00b5s" : "us");
	return text_end_paragraph(out, &draft, style->columns, 0);
}

const char split_legend[] =
	"The parts add up to the call. create: until the first created worker "
	"begins; in brackets: once, when a pool was opened, and no part of the "
	"call. dispatch: from then on to a worker's first tile, and from tile "
	"to tile. compute: in tiles. wait: from a worker's last tile to the "
	"last one of all; these three are means over the workers that ran a "
	"tile. join: from there to the return, with what has to be brought "
	"back. collect: the caller folds the results. stamps: what writing the "
	"time stamps adds to a call; <: at most so much, it may be nothing; ?: "
	"not known.";

bool split_words_idle(FILE *out, const struct split_row *row,
		      const struct report_style *style)
{
	if (!(row->seen <= row->workers - 0.05))
		return false;
	text_clean(out, row->runner, style->utf8);
	fprintf(out,
		": on average, %.1f of %u workers ran a tile; the others are "
		"in no part.",
		row->seen, row->workers);
	return true;
}

static int print_idle(const struct split_row *row, FILE *out,
		      const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	if (split_words_idle(draft.file, row, style))
		return text_end_paragraph(out, &draft, style->columns, 2);
	free(text_end(&draft));
	return 0;
}

int split_table(const struct split *split, FILE *out,
		const struct report_style *style)
{
	int rc = print_opening(split, out, style);

	print_rows(split, out, style);
	fputc('\n', out);
	if (rc == 0 && split->nrows > 0)
		text_paragraph(out, split_legend, style->columns, 0);
	for (size_t i = 0; rc == 0 && i < split->nrows; i++)
		rc = print_idle(&split->rows[i], out, style);
	if (rc == 0)
		rc = left_out_print(&split->skipped, out, style);
	return rc;
}

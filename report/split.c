/* SPDX-License-Identifier: MIT */
#include "report/split.h"

#include "report/json_value.h"
#include "report/text.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6, NAME_MIN = 8, NUMBERS = 64 };

bool split_is_whole(const struct split *split)
{
	return split->nrows > 0 && left_out_innocent(&split->left_out);
}

/* ------------------------------------------------------------- table */

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

static void print_row(const struct split_row *row, FILE *out, int width)
{
	struct text stamps;

	/* A name that is too long has a line of its own. */
	if (strlen(row->runner) > (size_t)width)
		fprintf(out, "%s\n%-*s", row->runner, width, "");
	else
		fprintf(out, "%-*s", width, row->runner);
	snprintf(stamps.s, sizeof(stamps.s), "%+.1f %%", 100 * row->stamps);
	fprintf(out, "%8s%9s%9s%8s%7s%7s%8s%8s\n", micro(row->call_ns).s,
		created(row).s, micro(row->dispatch_ns).s,
		micro(row->compute_ns).s, micro(row->wait_ns).s,
		micro(row->join_ns).s, micro(row->collect_ns).s, stamps.s);
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

static int print_opening(const struct split *split, FILE *out,
			 const struct report_style *style)
{
	struct draft_text draft;
	double lo, hi;

	if (!text_begin(&draft))
		return -ENOMEM;
	text_clean(draft.file, split->kernel, style->utf8);
	fprintf(draft.file,
		" of %s items, %zu tile%s, %u worker%s: where the time of a "
		"call goes, in us.",
		text_size(split->n).s, split->tiles,
		split->tiles == 1 ? "" : "s", split->workers,
		split->workers == 1 ? "" : "s");
	fprintf(draft.file,
		" The middle one of %zu rounds in %zu generations of "
		"processes.",
		split->rounds, split->generations);
	if (find_trips(split, &lo, &hi))
		fprintf(draft.file,
			" A cache line to the next CPU and back took %s to %s "
			"then.",
			text_time(lo, style->utf8).s,
			text_time(hi, style->utf8).s);
	if (split->nrows == 0)
		fputs(" Nothing was measured: everybody is left out.",
		      draft.file);
	else if (!split_is_whole(split))
		fputs(" NOT WHOLE: who failed on the way is missing, and named "
		      "at the end.",
		      draft.file);
	return text_end_paragraph(out, &draft, style->columns, 0);
}

static int print_legend(FILE *out, const struct report_style *style)
{
	struct draft_text draft;

	if (!text_begin(&draft))
		return -ENOMEM;
	fputs("The parts add up to the call. create: until the first created "
	      "worker begins; in brackets: once, when a pool was opened, and "
	      "no "
	      "part of the call. dispatch: from then on to a worker's first "
	      "tile, and from tile to tile. compute: in tiles. wait: from a "
	      "worker's last tile to the last one of all; these three are "
	      "means "
	      "over the workers that ran a tile. join: from there to the "
	      "return, with what has to be brought back. collect: the caller "
	      "folds the results. stamps: what writing the time stamps adds to "
	      "a call.",
	      draft.file);
	return text_end_paragraph(out, &draft, style->columns, 0);
}

/* Where somebody else had done it all before a worker came. */
static int print_idle(const struct split_row *row, FILE *out,
		      const struct report_style *style)
{
	struct draft_text draft;

	if (row->seen > row->workers - 0.05)
		return 0;
	if (!text_begin(&draft))
		return -ENOMEM;
	text_clean(draft.file, row->runner, style->utf8);
	fprintf(draft.file,
		": on average, %.1f of %u workers ran a tile; the others are "
		"in no part.",
		row->seen, row->workers);
	return text_end_paragraph(out, &draft, style->columns, 2);
}

int split_table(const struct split *split, FILE *out,
		const struct report_style *style)
{
	int rc = print_opening(split, out, style);

	print_rows(split, out, style);
	fputc('\n', out);
	if (rc == 0 && split->nrows > 0)
		rc = print_legend(out, style);
	for (size_t i = 0; rc == 0 && i < split->nrows; i++)
		rc = print_idle(&split->rows[i], out, style);
	if (rc == 0)
		rc = left_out_print(&split->left_out, out, style);
	return rc;
}

/* ------------------------------------------------------------- JSON */

static json_t *row_json(const struct split_row *row)
{
	return json_pack(
		"{s:s,s:i,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
		"runner", row->runner, "workers", (int)row->workers, "creates",
		row->creates, "open_ns", json_number(row->open_ns), "call_ns",
		json_number(row->call_ns), "create_ns",
		json_number(row->create_ns), "dispatch_ns",
		json_number(row->dispatch_ns), "compute_ns",
		json_number(row->compute_ns), "wait_ns",
		json_number(row->wait_ns), "join_ns", json_number(row->join_ns),
		"collect_ns", json_number(row->collect_ns), "workers_seen",
		json_number(row->seen), "plain_ns", json_number(row->plain_ns),
		"stamps_cost", json_number(row->stamps), "trip_ns",
		json_number(row->trip_ns));
}

int split_json(const struct split *split, FILE *out)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < split->nrows; i++)
		json_array_append_new(rows, row_json(&split->rows[i]));
	return json_put(
		out,
		json_pack("{s:s,s:I,s:I,s:i,s:I,s:I,s:o,s:o,s:o}", "kernel",
			  split->kernel, "n", (json_int_t)split->n, "tiles",
			  (json_int_t)split->tiles, "workers",
			  (int)split->workers, "rounds",
			  (json_int_t)split->rounds, "generations",
			  (json_int_t)split->generations, "rows", rows,
			  "skipped",
			  left_out_json(&split->left_out, false, "runner"),
			  "failed",
			  left_out_json(&split->left_out, true, "runner")),
		DIGITS);
}

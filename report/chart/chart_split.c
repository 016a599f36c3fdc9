/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"

#include <math.h>

enum { BAR = 40, BELOW = 90, KEY = 60 }; /* heights */

static void put_tip(FILE *script, const struct split_row *row, unsigned part)
{
	double ns = split_part_ns(row, part);

	fputc('"', script);
	chart_put_name(script, row->runner);
	fprintf(script, ", %s: %s, %.1f %% of a call\"\n", split_parts[part],
		text_time(ns).s, 100 * ns / row->call_ns);
}

/* $s<part>: row, from, to, middle, what it is. Parts that rounding left below
 * 0 take no place. */
static void put_part(FILE *script, const struct split *split, unsigned part)
{
	fprintf(script, "$s%u << EOD\n", part);
	for (size_t i = 0; i < split->nrows; i++) {
		const struct split_row *row = &split->rows[i];
		double from = 0, share;

		for (unsigned p = 0; p < part; p++)
			from += fmax(split_part_ns(row, p), 0);
		from *= 100 / row->call_ns;
		share = fmax(split_part_ns(row, part), 0) * 100 / row->call_ns;
		if (!isfinite(from + share))
			continue;
		fprintf(script, "%zu %.6g %.6g %.6g ", i + 1, from,
			from + share, from + share / 2);
		put_tip(script, row, part);
	}
	fputs("EOD\n", script);
}

static void put_names(FILE *script, const struct split *split)
{
	fputs("set ytics (", script);
	for (size_t i = 0; i < split->nrows; i++) {
		fprintf(script, "%s'", i ? ", " : "");
		chart_put_name(script, split->rows[i].runner);
		fprintf(script, ", %s' %zu",
			text_time(split->rows[i].call_ns).s, i + 1);
	}
	fputs(")\n", script);
}

const char *chart_part_colour(unsigned part)
{
	return chart_looks[part].colour;
}

static void put_bars(FILE *script, const struct chart *chart, unsigned part)
{
	fprintf(script,
		"%s$s%u using 4:1:2:3:($1-0.36):($1+0.36) with boxxyerror fs "
		"solid 1 noborder lc rgb '%s' title '%s'",
		part ? ", " : "plot ", part, chart_part_colour(part),
		split_parts[part]);
	chart_put_tips(script, chart, "4:1:5", "$s%u", part);
}

/* A page has a heading. */
static void put_title(FILE *script, const struct chart *chart,
		      const struct split *split)
{
	if (chart->use == CHART_PAGE)
		return;
	fputs("set key outside above horizontal\nset title 'Where the time of "
	      "a call goes: ",
	      script);
	chart_put_name(script, split->kernel);
	fprintf(script, ", %s items'\n", text_size(split->n).s);
}

bool chart_split(FILE *script, const struct chart *chart,
		 const struct split *split)
{
	if (split->nrows == 0)
		return false;
	chart_put_terminal(script, chart,
			   BELOW + BAR * (unsigned)split->nrows +
				   (chart->use == CHART_PAGE ? 0 : KEY));
	put_title(script, chart, split);
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		put_part(script, split, part);
	fprintf(script,
		"set xrange [0:100]\nset yrange [%zu.6:0.4]\n"
		"set xlabel 'part of a call, in per cent'\n",
		split->nrows);
	put_names(script, split);
	for (unsigned part = 0; part < SPLIT_PARTS; part++)
		put_bars(script, chart, part);
	fputc('\n', script);
	return true;
}

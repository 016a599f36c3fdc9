/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"

#include <math.h>

/* A decade of items at least, however close the sizes are. */
static void starts_put_axis(FILE *script, const struct chart_start *starts,
			    size_t count)
{
	double lo = INFINITY, hi = 0;

	for (size_t i = 0; i < count; i++) {
		lo = fmin(lo, starts[i].at->n_lo);
		hi = fmax(hi, starts[i].at->n_hi);
	}
	if (hi < 10 * lo) {
		lo = sqrt(lo * hi / 10);
		hi = 10 * lo;
	}
	chart_put_sizes_axis(script, fmax(lo, 1), hi);
}

/* Lines of one row lie beside one another. */
static double starts_place(const struct chart_start *start, size_t nlines)
{
	return (double)start->row + 1 +
	       0.5 * (((double)start->line + 0.5) / (double)nlines - 0.5);
}

static void starts_put_line(FILE *script, const struct chart_start *starts,
			    size_t count, size_t line, size_t nlines)
{
	fprintf(script, "$s%zu << EOD\n", line);
	for (size_t i = 0; i < count; i++) {
		const struct breakeven *at = starts[i].at;

		if (starts[i].line != line)
			continue;
		fprintf(script, "%.9g %.9g %.9g %.9g \"", at->n_star,
			starts_place(&starts[i], nlines), at->n_lo, at->n_hi);
		chart_put_name(script, starts[i].runner);
		fprintf(script, " pays from %s items [%s .. %s]\"\n",
			text_count(at->n_star).s, text_count(at->n_lo).s,
			text_count(at->n_hi).s);
	}
	fputs("EOD\n", script);
}

/* The first of a line; NULL: it has none. */
static const struct chart_start *starts_find(const struct chart_start *starts,
					     size_t count, size_t line)
{
	for (size_t i = 0; i < count; i++)
		if (starts[i].line == line)
			return &starts[i];
	return NULL;
}

static void starts_put_plots(FILE *script, const struct chart *chart,
			     const struct chart_start *starts, size_t count,
			     size_t nlines)
{
	const char *before = "plot ";

	for (size_t line = 0; line < nlines; line++) {
		const struct chart_start *first =
			starts_find(starts, count, line);
		struct chart_look look = chart_line_look(line);

		if (!first)
			continue;
		fprintf(script,
			"%s$s%zu using 1:2:3:4 with xerrorbars lc rgb '%s' pt "
			"%d title '",
			before, line, look.colour, look.point);
		chart_put_name(script, first->runner);
		fputc('\'', script);
		chart_put_tips(script, chart, "1:2:5", "$s%zu", line);
		before = ", ";
	}
	fputc('\n', script);
}

bool chart_starts(FILE *script, const struct chart *chart,
		  const struct chart_start *starts, size_t count, size_t nlines,
		  char *const *rows, size_t nrows)
{
	if (count == 0)
		return false;
	chart_put_terminal(script, chart, 100 + 44 * (unsigned)nrows);
	starts_put_axis(script, starts, count);
	fprintf(script, "set yrange [%zu.6:0.4]\nset ytics (", nrows);
	for (size_t r = 0; r < nrows; r++) {
		fprintf(script, "%s'", r ? ", " : "");
		chart_put_name(script, rows[r]);
		fprintf(script, "' %zu", r + 1);
	}
	fputs(")\nset xlabel 'items'\n", script);
	for (size_t line = 0; line < nlines; line++)
		starts_put_line(script, starts, count, line, nlines);
	starts_put_plots(script, chart, starts, count, nlines);
	return true;
}

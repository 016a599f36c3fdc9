/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"

#include <math.h>
#include <string.h>

/* Beyond this factor an axis is logarithmic. */
#define LINEAR_MOST 8

/* A part of a row, so that no mark hides another. */
#define PREDICTED_BELOW 0.28

struct strip_range {
	double lo, hi;
};

static void range_add(struct strip_range *range, double value)
{
	if (!isfinite(value))
		return;
	range->lo = fmin(range->lo, value);
	range->hi = fmax(range->hi, value);
}

static struct strip_range strip_find_range(const struct chart_strip_row *rows,
					   size_t count)
{
	struct strip_range range = {INFINITY, -INFINITY};

	for (size_t i = 0; i < count; i++) {
		range_add(&range, rows[i].value);
		range_add(&range, rows[i].predicted);
		if (!isfinite(rows[i].value))
			continue;
		range_add(&range, rows[i].lo);
		range_add(&range, rows[i].hi);
	}
	return range;
}

/* 1, 2 and 5 of each decade; with many decades 1 alone. */
static void strip_put_log_axis(FILE *script, struct strip_range range)
{
	static const double steps[] = {1, 2, 5};
	int first = (int)floor(log10(range.lo));
	int last = (int)ceil(log10(range.hi));
	bool begun = false;

	fprintf(script, "set logscale x 10\nset xrange [%g:%g]\nset xtics (",
		range.lo / 1.4, range.hi * 1.4);
	for (int k = first - 1; k <= last + 1; k++)
		for (size_t i = 0; i < (last - first > 3 ? 1 : 3); i++) {
			double at = steps[i] * pow(10, k);

			fprintf(script, "%s'%g' %g", begun ? ", " : "", at, at);
			begun = true;
		}
	fputs(")\n", script);
}

static void strip_put_axis(FILE *script, struct strip_range range,
			   const char *unit)
{
	/* Some room, if all of them are equal, or 0. */
	double margin = fmax(0.08 * (range.hi - range.lo),
			     range.hi > 0 ? 0.05 * range.hi : 1);

	if (strcmp(unit, "items") == 0 && range.lo > 0) {
		chart_put_sizes_axis(script, range.lo, range.hi);
		return;
	}
	if (strcmp(unit, "ns") == 0 && range.lo > 0) {
		chart_put_time_axis(script, 'x', range.lo, range.hi);
		return;
	}
	if (range.lo > 0 && range.hi > LINEAR_MOST * range.lo)
		strip_put_log_axis(script, range);
	else
		fprintf(script, "set xrange [%g:%g]\n", range.lo - margin,
			range.hi + margin);
	fputs("set xlabel '", script);
	chart_put_name(script, unit);
	fputs("'\n", script);
}

/* "anna: 1.83 [1.79 .. 1.88]", of its kind. */
static void strip_put_tip(FILE *script, const struct chart_strip_row *row,
			  bool predicted)
{
	fputs(" \"", script);
	chart_put_name(script, row->name);
	if (predicted)
		fprintf(script, " said %.3g\"\n", row->predicted);
	else if (isfinite(row->lo) && isfinite(row->hi))
		fprintf(script, ": %.3g [%.3g .. %.3g]\"\n", row->value,
			row->lo, row->hi);
	else
		fprintf(script, ": %.3g\"\n", row->value);
}

static void strip_put_data(FILE *script, const struct chart_strip_row *rows,
			   size_t count)
{
	fputs("$measured << EOD\n", script);
	for (size_t i = 0; i < count; i++) {
		const struct chart_strip_row *row = &rows[i];

		if (!isfinite(row->value))
			continue;
		fprintf(script, "%.6g %zu %.6g %.6g", row->value, i + 1,
			isfinite(row->lo) ? row->lo : row->value,
			isfinite(row->hi) ? row->hi : row->value);
		strip_put_tip(script, row, false);
	}
	fputs("EOD\n$predicted << EOD\n", script);
	for (size_t i = 0; i < count; i++)
		if (isfinite(rows[i].predicted)) {
			fprintf(script, "%.6g %.2f", rows[i].predicted,
				(double)i + 1 + PREDICTED_BELOW);
			strip_put_tip(script, &rows[i], true);
		}
	fputs("EOD\n", script);
}

static void strip_put_plots(FILE *script, const struct chart *chart, bool any)
{
	struct chart_look look = chart_line_look(CHART_STRIP_MEASURED);

	fprintf(script,
		"plot $measured using 1:2:3:4 with xerrorbars lc rgb '%s' pt "
		"%d title 'measured'",
		look.colour, look.point);
	chart_put_tips(script, chart, "1:2:5", "$measured");
	look = chart_line_look(CHART_STRIP_PREDICTED);
	if (any) {
		fprintf(script,
			", $predicted using 1:2 with points lc rgb '%s' pt %d "
			"title 'predicted'",
			look.colour, look.point);
		chart_put_tips(script, chart, "1:2:3", "$predicted");
	}
	fputc('\n', script);
}

bool chart_strip(FILE *script, const struct chart *chart,
		 const struct chart_strip_row *rows, size_t count,
		 const char *unit)
{
	size_t measured = 0, predicted = 0;

	for (size_t i = 0; i < count; i++) {
		measured += isfinite(rows[i].value);
		predicted += isfinite(rows[i].predicted);
	}
	if (measured == 0)
		return false;
	chart_put_terminal(script, chart, 90 + 22 * (unsigned)count);
	strip_put_axis(script, strip_find_range(rows, count), unit);
	fprintf(script, "set yrange [%zu.6:0.4]\nset ytics (", count);
	for (size_t i = 0; i < count; i++) {
		fprintf(script, "%s'", i ? ", " : "");
		chart_put_name(script, rows[i].name);
		fprintf(script, "' %zu", i + 1);
	}
	fputs(")\n", script);
	strip_put_data(script, rows, count);
	strip_put_plots(script, chart, predicted > 0);
	return true;
}

/* SPDX-License-Identifier: MIT */
#include "report/chart/chart_script.h"
#include "report/doc/text.h"
#include "report/doc/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const chart_names[CHART_KINDS] = {"speedup", "time"};
const char *const chart_marks[] = {"<?xml", "<?xml", "\x89PNG\r\n\x1a\n"};

/* ------------------------------------------------------------- looks */

struct chart_look chart_look(const struct chart *chart, const struct view *view,
			     int column)
{
	const struct pair *pair;
	struct chart_look look = {"#000000", 2, 2};

	if (column < 0)
		return look;
	pair = &view->columns[column]->pair;
	look = chart_runner_look(chart->record, pair->runner);
	/* The same runner with more workers. */
	for (int c = 0; c < column; c++)
		look.dash += strcmp(view->columns[c]->pair.runner,
				    pair->runner) == 0;
	return look;
}

/* ------------------------------------------------------------- frame */

static void put_title(FILE *script, const struct chart *chart,
		      const struct view *view)
{
	if (chart->use == CHART_PAGE)
		return;
	fputs("set title '", script);
	chart_put_name(script, view->kernel);
	if (view->workers > 0)
		fprintf(script, ", %u worker%s", view->workers,
			view->workers == 1 ? "" : "s");
	words_placement(script, view);
	fputs("'\n", script);
}

/* What all workers together could do at most; NaN: not known. */
static double ceiling_of(const struct chart *chart, const struct view *view)
{
	return view->workers > 0
		       ? chart->findings->checks.compute * (double)view->workers
		       : NAN;
}

static void put_speed_axis(FILE *script, const struct chart *chart,
			   const struct view *view, double lo, double hi)
{
	double ceiling = ceiling_of(chart, view);

	if (isfinite(ceiling))
		hi = fmax(hi, ceiling);
	chart_put_ratio_axis(script, fmin(lo, 0.5), hi, view->base);
	if (!isfinite(ceiling) || !(ceiling > 1))
		return;
	fprintf(script,
		"set arrow from graph 0, first %.9g to graph 1, first %.9g "
		"nohead dt (8,4) lc rgb 'black'\n"
		"set label '%u CPU%s can do %.2f \u00d7' at graph 0.02, "
		"first %.9g offset 0,0.6\n",
		ceiling, ceiling, view->workers, view->workers == 1 ? "" : "s",
		ceiling, ceiling);
}

/* ------------------------------------------------------------- values */

static const struct cell *cell_at(const struct view *view, size_t row,
				  int column)
{
	const struct cell *cell;

	if (column < 0)
		return view_base(view, row);
	cell = view->cells[row * view->ncolumns + (size_t)column];
	return cell && cell->rounds > 0 ? cell : NULL;
}

/* Of the base: its time alone is of any interest. */
static double value_of(const struct cell *cell, enum chart_kind kind,
		       int column)
{
	if (column < 0)
		return kind == CHART_TIME ? cell->serial_ns : NAN;
	return kind == CHART_TIME ? cell->runner_ns : exp(cell->log_ratio);
}

/* Of a time: what that of the speed-up says of it, at the base's median. */
static void bounds_of(const struct cell *cell, enum chart_kind kind, int column,
		      double *lo, double *hi)
{
	double value = value_of(cell, kind, column);

	*lo = *hi = value;
	if (column < 0 || !isfinite(cell->interval.lo) ||
	    !isfinite(cell->interval.hi))
		return;
	*lo = exp(cell->interval.lo);
	*hi = exp(cell->interval.hi);
	if (kind == CHART_SPEED)
		return;
	*lo = value * exp(cell->log_ratio - cell->interval.hi);
	*hi = value * exp(cell->log_ratio - cell->interval.lo);
}

static void range_of(const struct view *view, enum chart_kind kind, double *lo,
		     double *hi)
{
	*lo = INFINITY;
	*hi = -INFINITY;
	for (size_t row = 0; row < view->nrows; row++)
		for (int c = -1; c < (int)view->ncolumns; c++) {
			const struct cell *cell = cell_at(view, row, c);
			double value = cell ? value_of(cell, kind, c) : NAN;

			*lo = fmin(*lo, value);
			*hi = fmax(*hi, value);
		}
}

/* The base's time at n, between the sizes that were measured. */
static double base_at(const struct view *view, double n)
{
	double last_n = NAN, last_ns = NAN;

	for (size_t row = 0; row < view->nrows; row++) {
		const struct cell *cell = view_base(view, row);
		double here = (double)view->sizes[row];

		if (!cell)
			continue;
		if (here >= n && isnan(last_n))
			return cell->serial_ns;
		if (here >= n)
			return last_ns *
			       pow(cell->serial_ns / last_ns,
				   log(n / last_n) / log(here / last_n));
		last_n = here;
		last_ns = cell->serial_ns;
	}
	return last_ns;
}

/* ------------------------------------------------------------- data */

static void put_tip(FILE *script, const struct view *view, size_t row,
		    int column, const struct cell *cell)
{
	fputc('"', script);
	chart_put_name(script, column < 0 ? view->base
					  : view->columns[column]->pair.runner);
	if (column >= 0 && view->workers == 0)
		fprintf(script, " with %u", cell->pair.workers);
	fprintf(script, ", %s items: %s", text_size(view->sizes[row]).s,
		text_time(column < 0 ? cell->serial_ns : cell->runner_ns).s);
	if (column >= 0)
		fprintf(script, ", %s \u00d7 %s, %s",
			text_ratio(exp(cell->log_ratio), false).s,
			text_interval(cell->interval.lo, cell->interval.hi,
				      false)
				.s,
			cell_verdict_names[cell->verdict]);
	fputs("\"\n", script);
}

static double value_at(const struct view *view, size_t row,
		       enum chart_kind kind, int column)
{
	const struct cell *cell = cell_at(view, row, column);

	return cell ? value_of(cell, kind, column) : NAN;
}

static bool has_series(const struct view *view, enum chart_kind kind,
		       int column)
{
	for (size_t row = 0; row < view->nrows; row++)
		if (value_at(view, row, kind, column) > 0)
			return true;
	return false;
}

/* Does it begin to pay at a size that is known? */
static bool has_mark(const struct view *view, int column)
{
	return column >= 0 && isfinite(view->columns[column]->at.n_star);
}

/* Is there a cell in which it is not known on which side of 1 it is? */
static bool is_open(const struct view *view, size_t row, int column)
{
	const struct cell *cell = cell_at(view, row, column);

	return column >= 0 && cell && cell->verdict == CELL_UNRESOLVED;
}

static bool has_open(const struct view *view, enum chart_kind kind, int column)
{
	for (size_t row = 0; row < view->nrows; row++)
		if (is_open(view, row, column) &&
		    value_at(view, row, kind, column) > 0)
			return true;
	return false;
}

/* $d0 is the base, $d<c + 1> column c: size, value, bounds, whether it is open,
 * what it is. */
static void put_series(FILE *script, const struct view *view,
		       enum chart_kind kind, int column)
{
	fprintf(script, "$d%d << EOD\n", column + 1);
	for (size_t row = 0; row < view->nrows; row++) {
		double value = value_at(view, row, kind, column), lo, hi;
		const struct cell *cell = cell_at(view, row, column);

		if (!(value > 0))
			continue;
		bounds_of(cell, kind, column, &lo, &hi);
		fprintf(script, "%llu %.9g %.9g %.9g %d ",
			(unsigned long long)view->sizes[row], value, lo, hi,
			is_open(view, row, column));
		put_tip(script, view, row, column, cell);
	}
	fputs("EOD\n", script);
}

/* $m<c + 1>: where it begins to pay, between which sizes, and at which
 * height. */
static void put_mark(FILE *script, const struct view *view,
		     enum chart_kind kind, int column)
{
	const struct crossing *crossing = view->columns[column];
	const struct breakeven *at = &crossing->at;

	fprintf(script, "$m%d << EOD\n%.9g %.9g %.9g %.9g \"", column + 1,
		at->n_star, kind == CHART_SPEED ? 1 : base_at(view, at->n_star),
		at->n_lo, at->n_hi);
	chart_put_name(script, crossing->pair.runner);
	fprintf(script, " pays from %s items [%s .. %s]\"\nEOD\n",
		text_count(at->n_star).s, text_count(at->n_lo).s,
		text_count(at->n_hi).s);
}

/* ------------------------------------------------------------- plots */

static void put_series_title(FILE *script, const struct view *view, int column)
{
	fputs("title '", script);
	chart_put_name(script, column < 0 ? view->base
					  : view->columns[column]->pair.runner);
	if (column >= 0 && view->workers == 0)
		fprintf(script, " with %u",
			view->columns[column]->pair.workers);
	fputc('\'', script);
}

/* Hollow: the paper shows through the point. */
static void put_open(FILE *script, const struct view *view,
		     enum chart_kind kind, int point, int column)
{
	if (has_open(view, kind, column))
		fprintf(script,
			", $d%d using ($5 > 0 ? $1 : NaN):2 with points lc rgb "
			"'white' pt %d ps 0.4 notitle",
			column + 1, point);
}

static void put_plot(FILE *script, const struct chart *chart,
		     enum chart_kind kind, const struct view *view, int column)
{
	struct chart_look look = chart_look(chart, view, column);

	fprintf(script,
		"$d%d using 1:2:3:4 with yerrorlines lc rgb '%s' pt %d dt %d "
		"ps 0.7 ",
		column + 1, look.colour, look.point, look.dash);
	put_series_title(script, view, column);
	put_open(script, view, kind, look.point, column);
	chart_put_tips(script, chart, "1:2:6", "$d%d", column + 1);
	if (!has_mark(view, column))
		return;
	fprintf(script,
		", $m%d using 1:2:3:4 with xerrorbars lc rgb '%s' lw 2.5 pt "
		"%d ps 1.4 notitle",
		column + 1, look.colour, look.point);
	chart_put_tips(script, chart, "1:2:5", "$m%d", column + 1);
}

static void put_axes(FILE *script, const struct chart *chart,
		     enum chart_kind kind, const struct view *view)
{
	double lo, hi;

	range_of(view, kind, &lo, &hi);
	chart_put_terminal(script, chart, CHART_HEIGHT);
	put_title(script, chart, view);
	chart_put_sizes_axis(script, (double)view->sizes[0],
			     (double)view->sizes[view->nrows - 1]);
	if (kind == CHART_SPEED) {
		put_speed_axis(script, chart, view, lo, hi);
		return;
	}
	chart_put_time_axis(script, 'y', lo, hi);
	fputs("set ylabel 'time of a call'\n", script);
}

bool chart_view(FILE *script, const struct chart *chart, enum chart_kind kind,
		const struct view *view)
{
	const char *before = "plot ";
	double lo, hi;

	range_of(view, kind, &lo, &hi);
	if (view->nrows < 2 || !(lo > 0 && isfinite(hi)))
		return false;
	put_axes(script, chart, kind, view);
	for (int c = -1; c < (int)view->ncolumns; c++) {
		if (has_series(view, kind, c))
			put_series(script, view, kind, c);
		if (has_mark(view, c))
			put_mark(script, view, kind, c);
	}
	for (int c = -1; c < (int)view->ncolumns; c++) {
		if (!has_series(view, kind, c))
			continue;
		fputs(before, script);
		put_plot(script, chart, kind, view, c);
		before = ", ";
	}
	fputc('\n', script);
	return true;
}

void chart_groups(FILE *out, enum chart_kind kind, const struct view *view)
{
	for (int c = -1; c < (int)view->ncolumns; c++) {
		int groups =
			(has_mark(view, c) ? 4 : 2) + has_open(view, kind, c);

		for (int i = 0; has_series(view, kind, c) && i < groups; i++)
			fprintf(out, "%d ", c + 1);
	}
}

void chart_marks_only(FILE *script, const struct chart *chart)
{
	chart_put_terminal(script, chart, CHART_HEIGHT);
	fputs("plot [0:1] 0\n", script);
}

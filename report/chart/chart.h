/* SPDX-License-Identifier: MIT */
/*
 * Charts, as scripts for gnuplot. Each shows a table of the report and nothing
 * else; lines join sizes that were measured, on logarithmic scales.
 */
#ifndef BREAKEVEN_REPORT_CHART_CHART_H
#define BREAKEVEN_REPORT_CHART_CHART_H

#include "analysis/scaling.h"
#include "analysis/studies/split.h"
#include "report/doc/style.h"
#include "report/doc/view.h"

enum chart_kind {
	CHART_SPEED, /* speed-up over the base, by size */
	CHART_TIME,  /* time of a call, by size */
	CHART_KINDS,
};

/* What the picture is for. */
enum chart_use {
	CHART_PAGE, /* SVG within a page, which has a legend and a style of its
		       own; what a pointer is at is told in its script */
	CHART_SVG,  /* a file for a paper */
	CHART_PNG,  /* a file for a slide */
};

struct chart {
	enum chart_use use;
	unsigned id; /* of the picture within its page */
	const struct record *record;
	const struct findings *findings;
};

/* "speedup", "time": as in names of files. */
extern const char *const chart_names[CHART_KINDS];

/* Each picture of a script's output begins so. */
extern const char *const chart_marks[]; /* by enum chart_use */

/*
 * Write the script of a view's chart. Names are cleaned of all that could end
 * or begin anything there. false, and nothing: there is nothing to draw.
 */
bool chart_view(FILE *script, const struct chart *chart, enum chart_kind kind,
		const struct view *view);

/* Which line each group of such a picture in a page belongs to, "0 0 1 1 1 1":
 * 0 the base, c + 1 column c. */
void chart_groups(FILE *out, enum chart_kind kind, const struct view *view);

/*
 * What each pooled runner took to be created: the median over the kernels of
 * the record's commoner placement. false, and nothing: it does not say.
 */
bool chart_creation(FILE *script, const struct chart *chart);

/* Of what parts a call of each runner consists. false, and nothing: there is
 * no runner in it. */
bool chart_split(FILE *script, const struct chart *chart,
		 const struct split *split);

/* Speed-ups of each runner by number of workers, with the laws fitted to them.
 * false, and nothing: there is one number. */
bool chart_speedups(FILE *script, const struct chart *chart,
		    const struct scaling *scaling, const char *kernel);

/* The speed-up of what is best at each size, and with how many workers. false,
 * and nothing: it is known of fewer than two. */
bool chart_envelope(FILE *script, const struct chart *chart,
		    const struct scaling *scaling, const char *kernel);

/* A break-even size, of line `line` in row `row`. */
struct chart_start {
	const struct breakeven *at; /* known, with its interval */
	const char *runner;	    /* the same in all of a line */
	size_t line, row;
};

/* Break-even sizes, by row, each line with the look of chart_line_look().
 * false, and nothing: there are none. */
bool chart_starts(FILE *script, const struct chart *chart,
		  const struct chart_start *starts, size_t count, size_t nlines,
		  char *const *rows, size_t nrows);

/* A row of a strip chart: a value with its interval, and what was predicted of
 * it. What is not finite is not drawn. */
struct chart_strip_row {
	const char *name;
	double value, lo, hi, predicted;
};

/* Lines of a strip chart, as chart_line_look() has them. */
enum { CHART_STRIP_MEASURED, CHART_STRIP_PREDICTED };

/* Values below one another, on one axis, in this unit: "items" have an axis of
 * powers of two, "ns" one of decades. false, and nothing: there are none. */
bool chart_strip(FILE *script, const struct chart *chart,
		 const struct chart_strip_row *rows, size_t count,
		 const char *unit);

/* What it is coloured with: one of split_parts. */
const char *chart_part_colour(unsigned part);

/* A picture of nothing: it has all marks that others of a page refer to. */
void chart_marks_only(FILE *script, const struct chart *chart);

/* How a column of a view looks: the same runner alike in all charts of a
 * record; column -1 is the base. */
struct chart_look {
	const char *colour; /* "#0072b2" */
	int point;	    /* gnuplot's number of it */
	int dash;	    /* of its line, from 1 */
};
struct chart_look chart_look(const struct chart *chart, const struct view *view,
			     int column);

/* The look of a runner in all charts of a record. */
struct chart_look chart_runner_look(const struct record *record,
				    const char *runner);

/* The look of the line of this number in a chart that is of no record. */
struct chart_look chart_line_look(size_t line);

/* Is it the first entry of its runner, which has one for each number of
 * workers? */
bool chart_is_first(const struct record *record, size_t runner);

/* Median over kernels; NaN: not known. */
double chart_created_ns(const struct findings *findings, const char *runner,
			unsigned workers);

#endif

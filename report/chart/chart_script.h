/* SPDX-License-Identifier: MIT */
/*
 * What the scripts of all charts share.
 */
#ifndef BREAKEVEN_REPORT_CHART_CHART_SCRIPT_H
#define BREAKEVEN_REPORT_CHART_CHART_SCRIPT_H

#include "report/chart/chart.h"

enum { CHART_HEIGHT = 400 }; /* where 640 is the width */

/*
 * Colours that the colour-blind can tell apart (after Okabe and Ito), each dark
 * and light enough to be seen on white and on black; no two neighbours have the
 * same mark either.
 */
enum { CHART_LOOKS = 8 };
extern const struct chart_look chart_looks[CHART_LOOKS];

/* UTF-8, without what a script, a string in it, or a page it goes to would
 * heed. */
void chart_put_name(FILE *script, const char *name);

/* Begin a picture, and end the one before. */
void chart_put_terminal(FILE *script, const struct chart *chart,
			unsigned height);

/* One more plot, in pages alone: what a pointer meets at points that stand in
 * the block `format`, "$d3": `columns`, "1:2:6", says in which of its columns
 * are x, y and the text. */
__attribute__((format(printf, 4, 5))) void chart_put_tips(
	FILE *script, const struct chart *chart, const char *columns,
	const char *format, ...);

/* Logarithmic, from one number of items to another: powers of two, some eight
 * of them. */
void chart_put_sizes_axis(FILE *script, double lo, double hi);

/* Logarithmic, of speed-ups over `base`, with a line at 1. */
void chart_put_ratio_axis(FILE *script, double lo, double hi, const char *base);

/* Logarithmic, of times in ns; of `axis` 'x' or 'y'. */
void chart_put_time_axis(FILE *script, char axis, double lo, double hi);

#endif

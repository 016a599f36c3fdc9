/* SPDX-License-Identifier: MIT */
/*
 * The charts of one record in a page.
 */
#ifndef BREAKEVEN_REPORT_CHART_HTML_CHART_H
#define BREAKEVEN_REPORT_CHART_HTML_CHART_H

#include "report/chart/gnuplot.h"

#include <stdio.h>

struct picture {
	unsigned id; /* "c<id>" in its script */
	const char *svg;
	size_t size;
};

struct pictures {
	struct gnuplot_output output;
	char missing[GNUPLOT_ERROR_MAX]; /* why there are none; or "" */
	size_t count;
	struct picture *list;
};

/* Draw them. 0 also where gnuplot cannot, which `missing` tells; -ENOMEM.
 * pictures_free() is due in any case. */
int pictures_draw(const char *script, size_t length, struct pictures *pictures);
void pictures_free(struct pictures *pictures);

/* What all pictures refer to, to stand in the page once. */
void pictures_put_marks(FILE *out, const struct pictures *pictures);

/* Write one into the page, as "#chart-ID", without what only a file needs;
 * `label` says what it shows, `groups` is of chart_groups(). false, and
 * nothing: it was not drawn. */
bool pictures_put(FILE *out, const struct pictures *pictures, unsigned id,
		  const char *label, const char *groups);

#endif

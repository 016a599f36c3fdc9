/* SPDX-License-Identifier: MIT */
/*
 * The charts of one record in a page.
 */
#ifndef BREAKEVEN_REPORT_CHART_HTML_CHART_H
#define BREAKEVEN_REPORT_CHART_HTML_CHART_H

#include "report/chart/chart.h"
#include "report/chart/gnuplot.h"
#include "report/doc/doc.h"

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

/* Ids of the charts of one record; its last one is a picture of all marks. */
enum { PICTURES_IDS = 10000, PICTURES_MARKS = PICTURES_IDS - 1 };

/*
 * Draw what `write` has written to a script, all at once: a gnuplot for each
 * would take longer than all that it draws. 0 also where gnuplot cannot, which
 * `missing` tells; -ENOMEM, or what `write` returns. pictures_free() is due in
 * any case.
 */
typedef int pictures_script(FILE *script, void *data);
int pictures_draw(pictures_script *write, void *data,
		  struct pictures *pictures);
void pictures_free(struct pictures *pictures);

/* At the beginning of a record in a page: why there are none; and, with
 * `first`, what all pictures of the page refer to. */
void pictures_put_opening(struct doc *doc, const struct pictures *pictures,
			  bool first);

/* How a line looks, as a small picture for a legend; and an item of a list
 * "key lines", with its name. */
void pictures_put_swatch(FILE *out, struct chart_look look);
void pictures_put_key(FILE *out, struct chart_look look, const char *name);

/* Was it drawn? */
bool pictures_has(const struct pictures *pictures, unsigned id);

/* Write one into the page, as "#chart-ID", without what only a file needs;
 * `label` says what it shows, `groups` is of chart_groups(). false, and
 * nothing: it was not drawn. */
bool pictures_put(FILE *out, const struct pictures *pictures, unsigned id,
		  const char *label, const char *groups);

/* The caption of one, which is text, with a link to it. */
void pictures_put_caption(FILE *out, unsigned id, const char *caption);

#endif

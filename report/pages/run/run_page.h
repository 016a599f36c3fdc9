/* SPDX-License-Identifier: MIT */
/*
 * The page of a run, in parts that each add to a document.
 */
#ifndef BREAKEVEN_REPORT_PAGES_RUN_RUN_PAGE_H
#define BREAKEVEN_REPORT_PAGES_RUN_RUN_PAGE_H

#include "analysis/findings.h"
#include "report/chart/html_chart.h"
#include "report/doc/doc.h"
#include "report/doc/view.h"

#include <stdbool.h>

struct run_page {
	struct doc *doc;
	const struct record *record;
	const struct findings *findings;
	enum report_detail detail;
	struct pictures *pictures; /* NULL: the format has none */
	unsigned chart;		   /* id of the next chart */
};

/* From which size on each runner pays, in a table and in sentences. */
void run_put_answer(struct run_page *page);

/* A kernel, the k-th: its tables and charts. 0 or -ENOMEM. */
int run_put_kernel(struct run_page *page, size_t k, const char *kernel);

/* What creating the workers took, what was left out, whether the run can be
 * trusted, and how to repeat it. */
void run_put_closing(struct run_page *page);

/* ------------------------------------------------------------- charts */

/* Draw all charts of the record, before any of them is put. 0 or -ENOMEM. */
int run_draw_charts(struct run_page *page, const struct report_style *style);

/* The next charts of the page: of a view, of a split, of creation. They must be
 * put in the order in which run_draw_charts() visits them. */
void run_put_charts(struct run_page *page, const struct view *view);
void run_put_split_chart(struct run_page *page);
void run_put_creation_chart(struct run_page *page);

/* ------------------------------------------------------------- pieces */

/* A column for a runner, with its workers unless they are `workers`. */
void run_put_column(struct doc *doc, enum doc_align align,
		    const struct pair *pair, unsigned workers);

/* Is the i-th crossing the first of its runner and workers, which makes it a
 * column of a table over all kernels? */
bool run_is_column(const struct findings *findings, size_t i);

#endif

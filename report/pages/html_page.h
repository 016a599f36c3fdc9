/* SPDX-License-Identifier: MIT */
/*
 * A page in the making: what its parts share.
 */
#ifndef BREAKEVEN_REPORT_PAGES_HTML_PAGE_H
#define BREAKEVEN_REPORT_PAGES_HTML_PAGE_H

#include "report/chart/chart.h"
#include "report/chart/html_chart.h"
#include "report/doc/html_text.h"
#include "report/doc/style.h"
#include "report/doc/view.h"

struct page {
	FILE *out;
	const struct record *record;
	const struct findings *findings;
	const struct report_style *style;
	unsigned next; /* id of a chart */
	FILE *script;  /* where charts are collected, in a first walk */
	struct pictures pictures;
};

/* ------------------------------------------------------------- parts */

/* What was found, in words and in one table, and links to what follows. All
 * parts return 0 or -ENOMEM. */
int html_put_opening(const struct page *page);

/* A kernel, the k-th: its charts, and the tables that they are drawn from. */
int html_put_kernel(struct page *page, size_t k, const char *kernel);

/* The scripts of a kernel's charts, in the order in which html_put_kernel()
 * shows them. */
int html_script_kernel(struct page *page, const char *kernel);

/* Where the time of its calls goes, where the record says that; and the script
 * of its chart. */
int html_put_split(struct page *page, const char *kernel);
int html_script_split(struct page *page, const char *kernel);

/* What creating the workers took. */
int html_put_creation(struct page *page);

/* What was left out, whether all that can be trusted, and how to repeat it. */
int html_put_closing(const struct page *page);

/* ------------------------------------------------------------- pieces */

/* A chart, which takes the next id. */
struct chart html_next_chart(struct page *page);

int html_put_paragraph(const struct page *page, struct draft_text *draft);

/* A table up to its first row's first head, and what ends it. */
void html_begin_table(const struct page *page, const char *caption,
		      const char *corner);
void html_end_table(const struct page *page);

/* As a field of a table; NaN: an empty one. */
void html_put_time(const struct page *page, double ns);

/* Is the i-th crossing the first of its runner and workers, so that it makes a
 * column of a table over all kernels? */
bool html_is_column(const struct page *page, size_t i);

#endif

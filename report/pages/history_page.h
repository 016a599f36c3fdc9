/* SPDX-License-Identifier: MIT */
/*
 * Runs, one after the other: what was measured where and when, and what came
 * out.
 */
#ifndef BREAKEVEN_REPORT_PAGES_HISTORY_PAGE_H
#define BREAKEVEN_REPORT_PAGES_HISTORY_PAGE_H

#include "report/doc/style.h"
#include "results/record_summary.h"

struct history_run {
	const char *path;
	struct record_summary glance;
	char error[ERROR_TEXT_MAX]; /* "": it could be read */
};

struct history {
	size_t count;
	struct history_run *runs;    /* in the order in which they are told */
	const char *kernel, *runner; /* NULL: all; else only of these, a line
					for each run */
};

/* 0 or -ENOMEM. What is written is flushed by the caller. */
int history_table(const struct history *history, FILE *out,
		  const struct report_style *style);
int history_json(const struct history *history, FILE *out);

/* Does any run conclude anything about the kernel and the runner that were
 * named? True if none was. */
bool history_says(const struct history *history);

/* Why not, and which names there are, without a line's end. */
void history_put_nothing(FILE *out, const struct history *history);

#endif

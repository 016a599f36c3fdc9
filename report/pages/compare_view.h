/* SPDX-License-Identifier: MIT */
/*
 * The pairs of one kernel in one placement, as rows and columns.
 */
#ifndef BREAKEVEN_REPORT_PAGES_COMPARE_VIEW_H
#define BREAKEVEN_REPORT_PAGES_COMPARE_VIEW_H

#include "analysis/compare/compare.h"

struct compare_view {
	const char *placement; /* "" where all columns are of one worker */
	unsigned workers;      /* of all runners; 0: they differ */
	size_t ncolumns, nrows;
	const struct compared_pair **columns; /* those with cells */
	uint64_t *sizes;		      /* by row, ascending */
};

/* Where the pairs of the kernel end that begin at `begin`. */
size_t compare_kernel_end(const struct comparison *comparison, size_t begin);

/*
 * The index-th view of the pairs [begin, end); one without columns is behind
 * the last. 0 or -ENOMEM; compare_view_free() frees what it holds in either
 * case. Serial, and other runners of one worker, stand in the first.
 */
int compare_view_init(struct compare_view *view,
		      const struct comparison *comparison, size_t begin,
		      size_t end, size_t index);
void compare_view_free(struct compare_view *view);

/* NULL: there is none. */
const struct compared_cell *compare_view_cell(const struct compare_view *view,
					      size_t row, size_t column);

#endif

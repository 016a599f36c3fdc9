/* SPDX-License-Identifier: MIT */
/*
 * One kernel in one placement over one base, as rows and columns.
 */
#ifndef BREAKEVEN_REPORT_DOC_VIEW_H
#define BREAKEVEN_REPORT_DOC_VIEW_H

#include "analysis/findings.h"

struct view {
	const char *kernel, *placement;
	const char *base; /* what all columns are compared with */
	bool seen;	  /* there is anything of it */
	bool rare; /* beside a commoner placement, and in too few generations
		      for any verdict */
	unsigned workers; /* of all runners; 0: they differ */
	size_t nrows;
	uint64_t *sizes; /* by row: those of the first pass */
	size_t more;	 /* sizes that were measured beside them */
	size_t ncolumns;
	const struct crossing **columns;
	const struct cell **cells; /* [row][column]; NULL: there is none */
};

/* Is it over serial, or over another base? */
bool view_is_first(const struct view *view);

/* Does the view show it? */
bool view_holds(const struct view *view, const struct pair *pair);

/* 0 or -ENOMEM; view_free() frees what it holds in either case. A placement in
 * which the kernel was not seen has no columns. */
int view_init(struct view *view, const struct record *record,
	      const struct findings *findings, const char *kernel,
	      const char *base, const char *placement);
void view_free(struct view *view);

/*
 * Visit all views of a kernel that have anything: base by base, and in
 * each the placements. 0, -ENOMEM, or what a visit returned that was not 0,
 * after which there is no other.
 */
typedef int view_visit(void *data, const struct view *view);
int view_each(const struct record *record, const struct findings *findings,
	      const char *kernel, view_visit *visit, void *data);

/* The cell of a row that was measured most often: where serial's time is taken
 * from. NULL: none was. */
const struct cell *view_base(const struct view *view, size_t row);

#endif

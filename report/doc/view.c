/* SPDX-License-Identifier: MIT */
#include "report/doc/view.h"

#include "analysis/samples.h"
#include "analysis/trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The `index`-th base at the kernel, serial first; NULL: there are not so
 * many. */
static const char *over(const struct findings *findings, const char *kernel,
			size_t index)
{
	const char *last = NULL;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) != 0 ||
		    (last && strcmp(pair->base, last) == 0))
			continue;
		last = pair->base;
		if (index-- == 0)
			return last;
	}
	return NULL;
}

bool view_is_first(const struct view *view)
{
	return strcmp(view->base, "serial") == 0;
}

bool view_holds(const struct view *view, const struct pair *pair)
{
	return strcmp(view->kernel, pair->kernel) == 0 &&
	       strcmp(view->base, pair->base) == 0 &&
	       strcmp(view->placement, pair->placement) == 0;
}

/* ------------------------------------------------------------- columns */

/* What all runners have at this kernel and base; 0: they differ. */
static unsigned common_workers(const struct findings *findings,
			       const char *kernel, const char *base)
{
	unsigned workers = 0;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) != 0 ||
		    strcmp(pair->base, base) != 0)
			continue;
		if (workers && workers != pair->workers)
			return 0;
		workers = pair->workers;
	}
	return workers;
}

static bool has_cells(const struct findings *findings, const struct pair *pair)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (pair_equal(&findings->cells[i].pair, pair))
			return true;
	return false;
}

static void find_columns(struct view *view, const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (!view_holds(view, &crossing->pair))
			continue;
		view->seen = true;
		if (has_cells(findings, &crossing->pair))
			view->columns[view->ncolumns++] = crossing;
	}
}

/* ------------------------------------------------------------- rows */

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* All sizes of the view, each once. */
static void find_sizes(struct view *view, const struct findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		if (view_holds(view, &findings->cells[i].pair))
			view->sizes[view->nrows++] = findings->cells[i].n;
	qsort(view->sizes, view->nrows, sizeof(*view->sizes), ascending);
	for (size_t i = 0; i < view->nrows; i++)
		if (kept == 0 || view->sizes[kept - 1] != view->sizes[i])
			view->sizes[kept++] = view->sizes[i];
	view->nrows = kept;
}

/* Sizes that the search added would hide the rest; without a grid, none are
 * known to be added. */
static void keep_grid(struct view *view, const struct record *record)
{
	size_t kept = 0, known = 0;

	for (size_t i = 0; i < view->nrows; i++)
		known += samples_on_grid(record, view->sizes[i]);
	if (known == 0)
		return;
	for (size_t i = 0; i < view->nrows; i++)
		if (samples_on_grid(record, view->sizes[i]))
			view->sizes[kept++] = view->sizes[i];
	view->more = view->nrows - kept;
	view->nrows = kept;
}

static void place_cell(struct view *view, const struct cell *cell)
{
	for (size_t row = 0; row < view->nrows; row++)
		for (size_t c = 0; c < view->ncolumns; c++)
			if (view->sizes[row] == cell->n &&
			    pair_equal(&cell->pair, &view->columns[c]->pair))
				view->cells[row * view->ncolumns + c] = cell;
}

/* Of the first pass, cells of a placement that something can be said of. */
static size_t known_cells(const struct view *view, const struct record *record,
			  const struct findings *findings,
			  const char *placement)
{
	size_t known = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		known += strcmp(cell->pair.kernel, view->kernel) == 0 &&
			 strcmp(cell->pair.base, view->base) == 0 &&
			 strcmp(cell->pair.placement, placement) == 0 &&
			 cell->generations >= FINDINGS_GENERATIONS &&
			 samples_on_grid(record, cell->n);
	}
	return known;
}

/* Half of what is known of the other placement is enough for a table. */
static bool is_rare(const struct view *view, const struct record *record,
		    const struct findings *findings)
{
	const char *commoner = findings->placements[0];

	return strcmp(view->placement, commoner) != 0 &&
	       2 * known_cells(view, record, findings, view->placement) <=
		       known_cells(view, record, findings, commoner);
}

int view_init(struct view *view, const struct record *record,
	      const struct findings *findings, const char *kernel,
	      const char *base, const char *placement)
{
	*view = (struct view){
		.kernel = kernel, .placement = placement, .base = base};
	view->columns = calloc(findings->ncrossings + 1, sizeof(void *));
	view->sizes = calloc(findings->ncells + 1, sizeof(*view->sizes));
	if (!view->columns || !view->sizes)
		return -ENOMEM;
	view->workers = common_workers(findings, kernel, base);
	find_columns(view, findings);
	find_sizes(view, findings);
	keep_grid(view, record);
	view->rare = is_rare(view, record, findings);
	view->cells = calloc(view->nrows * view->ncolumns + 1, sizeof(void *));
	if (!view->cells)
		return -ENOMEM;
	for (size_t i = 0; i < findings->ncells; i++)
		place_cell(view, &findings->cells[i]);
	return 0;
}

void view_free(struct view *view)
{
	free(view->columns);
	free(view->sizes);
	free(view->cells);
}

static int visit_base(const struct record *record,
		      const struct findings *findings, const char *kernel,
		      const char *base, view_visit *visit, void *data)
{
	int rc = 0;

	for (size_t p = 0; rc == 0 && p < findings->nplacements; p++) {
		struct view view;

		rc = view_init(&view, record, findings, kernel, base,
			       findings->placements[p]);
		if (rc == 0 && view.seen)
			rc = visit(data, &view);
		view_free(&view);
	}
	return rc;
}

int view_each(const struct record *record, const struct findings *findings,
	      const char *kernel, view_visit *visit, void *data)
{
	const char *base;
	int rc = 0;

	for (size_t b = 0; rc == 0 && (base = over(findings, kernel, b)); b++)
		rc = visit_base(record, findings, kernel, base, visit, data);
	return rc;
}

const struct cell *view_base(const struct view *view, size_t row)
{
	const struct cell *best = NULL;

	for (size_t c = 0; c < view->ncolumns; c++) {
		const struct cell *cell = view->cells[row * view->ncolumns + c];

		if (cell && cell->rounds > 0 &&
		    (!best || cell->rounds > best->rounds))
			best = cell;
	}
	return best;
}

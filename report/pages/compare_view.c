/* SPDX-License-Identifier: MIT */
#include "report/pages/compare_view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t compare_kernel_end(const struct comparison *comparison, size_t begin)
{
	const struct compare_names *first = &comparison->pairs[begin].kernel;
	size_t end = begin + 1;

	while (end < comparison->npairs &&
	       strcmp(comparison->pairs[end].kernel.a, first->a) == 0 &&
	       strcmp(comparison->pairs[end].kernel.b, first->b) == 0)
		end++;
	return end;
}

/* The index-th placement that pairs with cells have, in their order; NULL:
 * there are not so many. Without any, "" is the first. */
static const char *placement_at(const struct compared_pair *pairs, size_t count,
				size_t index)
{
	const char *seen[4];
	size_t nseen = 0, known;

	for (size_t i = 0; i < count && nseen < 4; i++) {
		if (pairs[i].ncells == 0 || !pairs[i].placement[0])
			continue;
		for (known = 0; known < nseen; known++)
			if (strcmp(seen[known], pairs[i].placement) == 0)
				break;
		if (known == nseen)
			seen[nseen++] = pairs[i].placement;
	}
	if (nseen == 0 && index == 0)
		return "";
	return index < nseen ? seen[index] : NULL;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Ascending, each once. */
static void sort_rows(struct compare_view *view)
{
	size_t kept = 0;

	qsort(view->sizes, view->nrows, sizeof(*view->sizes), ascending);
	for (size_t i = 0; i < view->nrows; i++)
		if (kept == 0 || view->sizes[kept - 1] != view->sizes[i])
			view->sizes[kept++] = view->sizes[i];
	view->nrows = kept;
}

static void find_columns(struct compare_view *view,
			 const struct compared_pair *pairs, size_t count,
			 bool first)
{
	bool differ = false;

	for (size_t i = 0; i < count; i++) {
		const struct compared_pair *pair = &pairs[i];
		bool here = pair->placement[0] ? strcmp(pair->placement,
							view->placement) == 0
					       : first;

		if (!here || pair->ncells == 0)
			continue;
		view->columns[view->ncolumns++] = pair;
		for (size_t c = 0; c < pair->ncells; c++)
			view->sizes[view->nrows++] = pair->cells[c].n;
		if (!pair->runner.a)
			continue;
		differ |= view->workers && view->workers != pair->workers;
		view->workers = pair->workers;
	}
	if (differ)
		view->workers = 0;
}

int compare_view_init(struct compare_view *view,
		      const struct comparison *comparison, size_t begin,
		      size_t end, size_t index)
{
	const struct compared_pair *pairs = comparison->pairs + begin;
	size_t count = end - begin, rows = 0;

	*view = (struct compare_view){
		.placement = placement_at(pairs, count, index)};
	if (!view->placement)
		return 0;
	for (size_t i = 0; i < count; i++)
		rows += pairs[i].ncells;
	view->columns = calloc(count + 1, sizeof(void *));
	view->sizes = calloc(rows + 1, sizeof(*view->sizes));
	if (!view->columns || !view->sizes)
		return -ENOMEM;
	find_columns(view, pairs, count, index == 0);
	sort_rows(view);
	return 0;
}

void compare_view_free(struct compare_view *view)
{
	free(view->columns);
	free(view->sizes);
}

const struct compared_cell *compare_view_cell(const struct compare_view *view,
					      size_t row, size_t column)
{
	const struct compared_pair *pair = view->columns[column];

	for (size_t i = 0; i < pair->ncells; i++)
		if (pair->cells[i].n == view->sizes[row])
			return &pair->cells[i];
	return NULL;
}

/* SPDX-License-Identifier: MIT */
#include "bench/session/pace.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* The more a cell costs, and the more it loses, the sooner it makes way: that
 * it loses by a factor of a thousand needs no precision. */
static double find_weight(const struct pace_cell *cell)
{
	return cell->loss > 1 ? cell->full_s * log2(cell->loss) : 0;
}

static int by_weight(const void *a, const void *b)
{
	double x = find_weight(a), y = find_weight(b);

	return (x < y) - (x > y);
}

static double cost_of(const struct pace_cell *cell)
{
	switch (cell->pace) {
	case PACE_FULL:
		return cell->full_s;
	case PACE_FEW:
		return cell->few_s;
	default:
		return 0;
	}
}

static int by_cost(const void *a, const void *b)
{
	const struct pace_cell *x = a, *y = b;

	return (x->full_s < y->full_s) - (x->full_s > y->full_s);
}

/* Of those that lose, or win, until all take at most `seconds`. Returns what
 * they take. */
static double set_pace(struct pace_cell *cells, size_t count, bool losers,
		       enum pace pace, double total, double seconds)
{
	for (size_t i = 0; i < count && total > seconds; i++) {
		if (losers != (cells[i].loss > 1))
			continue;
		total -= cost_of(&cells[i]);
		cells[i].pace = pace;
		total += cost_of(&cells[i]);
	}
	return total;
}

void pace_set(struct pace_cell *cells, size_t count, double good, double most)
{
	double total = 0;

	qsort(cells, count, sizeof(*cells), by_weight);
	for (size_t i = 0; i < count; i++) {
		cells[i].pace = PACE_FULL;
		total += cells[i].full_s;
	}
	total = set_pace(cells, count, true, PACE_FEW, total, good);
	total = set_pace(cells, count, true, PACE_OUT, total, most);
	qsort(cells, count, sizeof(*cells), by_cost);
	set_pace(cells, count, false, PACE_FEW, total, good);
}

/* SPDX-License-Identifier: MIT */
#include "bench/session/pace.h"

#include <math.h>
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
	case PACE_ONCE:
		return cell->once_s;
	default:
		return 0;
	}
}

/* Until all take at most `seconds`. Returns what they take. */
static double set_pace(struct pace_cell *cells, size_t count, enum pace pace,
		       double total, double seconds)
{
	for (size_t i = 0; i < count && total > seconds; i++) {
		if (!(cells[i].loss > 1))
			break;
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
	total = set_pace(cells, count, PACE_ONCE, total, good);
	set_pace(cells, count, PACE_OUT, total, most);
}

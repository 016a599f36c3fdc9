/* SPDX-License-Identifier: MIT */
#include "analysis/compare/compare.h"

#include <math.h>

const char *const limit_names[] = {
	[LIMIT_SLOWER] = "slower",
	[LIMIT_FASTER] = "faster",
	[LIMIT_BREAKEVEN] = "breakeven",
};

double compare_limit(const struct compare_limits *limits, enum limit_kind kind)
{
	switch (kind) {
	case LIMIT_SLOWER:
		return limits->slower;
	case LIMIT_FASTER:
		return limits->faster;
	default:
		return limits->breakeven;
	}
}

/* A value that must not be larger than the limit. */
static int limit_beyond(struct interval interval, double limit)
{
	if (interval.lo > limit)
		return 1;
	return interval.hi <= limit ? -1 : 0;
}

int compare_cell_beyond(const struct comparison *comparison,
			const struct compared_cell *cell, enum limit_kind kind,
			double limit)
{
	bool less_is_worse =
		(kind == LIMIT_SLOWER) == (comparison->of == TIMINGS_SPEEDUP);
	struct interval interval = cell->interval;

	if (less_is_worse)
		interval = (struct interval){-interval.hi, -interval.lo};
	return limit_beyond(interval, limit);
}

/* Is the break-even size larger by more than the limit, from interval to
 * interval? If it no longer pays, it is larger than any limit. */
int compare_start_beyond(const struct compared_pair *pair, double limit)
{
	const struct breakeven *a = &pair->a->at, *b = &pair->b->at;

	switch (pair->start) {
	case START_GONE:
		return 1;
	case START_NEW:
	case START_SOONER:
	case START_NEITHER:
		return -1;
	case START_UNKNOWN:
		return 0;
	default:
		break;
	}
	if (b->n_lo > a->n_hi * exp(limit))
		return 1;
	/* "From the smallest size on" has no lower end that was measured. */
	if (b->verdict == BREAKEVEN_ALWAYS && b->n_hi <= a->n_hi)
		return -1;
	return b->n_hi <= a->n_lo * exp(limit) ? -1 : 0;
}

static void limit_count(struct compare_count *count, int beyond_it)
{
	count->caught += beyond_it > 0;
	count->open += beyond_it == 0;
	count->within += beyond_it < 0;
}

struct compare_count compare_judge(const struct comparison *comparison,
				   enum limit_kind kind, double limit)
{
	struct compare_count counted = {0, 0, 0};

	for (size_t p = 0; p < comparison->npairs; p++) {
		const struct compared_pair *pair = &comparison->pairs[p];

		if (kind == LIMIT_BREAKEVEN && pair->a)
			limit_count(&counted,
				    compare_start_beyond(pair, limit));
		if (kind == LIMIT_BREAKEVEN)
			continue;
		for (size_t i = 0; i < pair->ncells; i++)
			limit_count(&counted,
				    compare_cell_beyond(comparison,
							&pair->cells[i], kind,
							limit));
	}
	return counted;
}

bool compare_is_beyond(const struct comparison *comparison,
		       const struct compare_limits *limits)
{
	for (int kind = 0; kind < LIMIT_KINDS; kind++) {
		double limit = compare_limit(limits, (enum limit_kind)kind);

		if (!isnan(limit) &&
		    compare_judge(comparison, (enum limit_kind)kind, limit)
				    .caught > 0)
			return true;
	}
	return false;
}

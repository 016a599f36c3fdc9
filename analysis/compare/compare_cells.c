/* SPDX-License-Identifier: MIT */
#include "analysis/compare/compare_steps.h"

#include "analysis/compare/compare.h"
#include "analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_RATE 0.05 /* of all that is compared */

/* While it is made. */
struct compare_builder {
	struct comparison *comparison;
	const struct timings *a, *b;
	size_t ncells;
	double alpha; /* of a cell */
	/* The values of a cell, and room for what they differ by. */
	double *x, *y, *differences;
	size_t nx, ny;
};

/* Is it a cell of that pair, on side A or B? */
static bool cells_belong(const struct timing *timing,
			 const struct compared_pair *pair, bool b)
{
	const char *runner = b ? pair->runner.b : pair->runner.a;

	if (strcmp(timing->kernel, b ? pair->kernel.b : pair->kernel.a) != 0 ||
	    timing->workers != pair->workers ||
	    (timing->runner == NULL) != (runner == NULL))
		return false;
	return !runner || (strcmp(timing->runner, runner) == 0 &&
			   (!pair->placement[0] ||
			    strcmp(timing->placement, pair->placement) == 0));
}

static const struct timing *cells_find_timing(const struct timings *timings,
					      const struct compared_pair *pair,
					      bool b, uint64_t n)
{
	for (size_t i = 0; i < timings->count; i++)
		if (timings->list[i].n == n &&
		    cells_belong(&timings->list[i], pair, b))
			return &timings->list[i];
	return NULL;
}

static bool cells_on_grid(const struct comparison *comparison, uint64_t n)
{
	return samples_on_grid(comparison->a.record, n) ||
	       samples_on_grid(comparison->b.record, n);
}

static void cells_take_pairs(struct compare_builder *builder,
			     const struct timing *a, const struct timing *b)
{
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		unsigned own = a->values[i].generation;
		unsigned other = b->values[j].generation;

		if (own == other) {
			builder->x[builder->nx++] = a->values[i].x;
			builder->y[builder->ny++] = b->values[j].x;
		}
		i += own <= other;
		j += other <= own;
	}
}

/* The values that are compared, of A in x and of B in y: of two runs all, of
 * the sides of one run those of generations that both have, which are of the
 * same moments. */
static void cells_take_values(struct compare_builder *builder,
			      const struct timing *a, const struct timing *b)
{
	builder->nx = builder->ny = 0;
	if (builder->comparison->paired) {
		cells_take_pairs(builder, a, b);
		return;
	}
	while (builder->nx < a->count) {
		builder->x[builder->nx] = a->values[builder->nx].x;
		builder->nx++;
	}
	while (builder->ny < b->count) {
		builder->y[builder->ny] = b->values[builder->ny].x;
		builder->ny++;
	}
}

/* Have both sides enough generations to be compared? */
static bool cells_can_tell(const struct compare_builder *builder)
{
	return builder->nx >= FINDINGS_GENERATIONS &&
	       builder->ny >= FINDINGS_GENERATIONS;
}

/* The same, of A's cell and of B's. False: B has none, or none of the same
 * generations. */
static bool cells_take(struct compare_builder *builder,
		       const struct compared_pair *pair, const struct timing *a)
{
	const struct timing *b =
		cells_find_timing(builder->b, pair, true, a->n);

	if (b)
		cells_take_values(builder, a, b);
	return b && builder->nx && builder->ny;
}

/* Count the pair's cells that both sides have: they share the error rate. */
static void cells_count(struct compare_builder *builder,
			const struct compared_pair *pair)
{
	struct comparison *comparison = builder->comparison;

	for (size_t i = 0; i < builder->a->count; i++) {
		const struct timing *a = &builder->a->list[i];

		if (!cells_belong(a, pair, false) ||
		    !cells_on_grid(comparison, a->n))
			continue;
		if (!cells_take(builder, pair, a))
			comparison->only_a++;
		else if (cells_can_tell(builder))
			comparison->comparisons++;
		else
			comparison->few++;
	}
	for (size_t i = 0; i < builder->b->count; i++) {
		const struct timing *b = &builder->b->list[i];

		if (cells_belong(b, pair, true) &&
		    cells_on_grid(comparison, b->n))
			comparison->only_b += !cells_find_timing(
				builder->a, pair, false, b->n);
	}
}

/* +1 where more is better for B. */
static int cells_better_sign(const struct comparison *comparison)
{
	return comparison->of == TIMINGS_TIME ? -1 : 1;
}

/* What the machine did is not what is compared. */
static struct interval cells_reach_over(struct interval interval,
					struct interval machine)
{
	return (struct interval){interval.lo - machine.hi,
				 interval.hi - machine.lo};
}

static int cells_find_shift(const struct compare_builder *builder,
			    struct stats_shift *shift)
{
	size_t count = builder->nx;

	if (!builder->comparison->paired)
		return stats_shift(builder->x, builder->nx, builder->y,
				   builder->ny, builder->alpha, shift);
	for (size_t i = 0; i < count; i++)
		builder->differences[i] = builder->y[i] - builder->x[i];
	stats_sort(builder->differences, count);
	shift->shift = stats_median(builder->differences, count);
	shift->interval =
		stats_few_interval(builder->differences, count, builder->alpha);
	return 0;
}

/* The values that were taken last, of n items. */
static int cells_compare(struct compare_builder *builder, uint64_t n)
{
	struct comparison *comparison = builder->comparison;
	struct compared_cell *cell = &comparison->cells[builder->ncells++];
	struct stats_shift shift;
	struct interval gain;
	int rc = cells_find_shift(builder, &shift);

	if (rc)
		return rc;
	shift.interval =
		cells_reach_over(shift.interval, comparison->machine.reach);
	gain = cells_better_sign(comparison) > 0
		       ? shift.interval
		       : (struct interval){-shift.interval.hi,
					   -shift.interval.lo};
	*cell = (struct compared_cell){
		.n = n,
		.a = exp(stats_find_median(builder->x, builder->nx)),
		.b = exp(stats_find_median(builder->y, builder->ny)),
		.log_ratio = shift.shift,
		.interval = shift.interval,
		.generations_a = (unsigned)builder->nx,
		.generations_b = (unsigned)builder->ny,
		.verdict = stats_verdict(gain),
	};
	comparison->counts[cell->verdict]++;
	return 0;
}

static int cells_compare_pair(struct compare_builder *builder,
			      struct compared_pair *pair)
{
	struct comparison *comparison = builder->comparison;
	int rc = 0;

	pair->cells = comparison->cells + builder->ncells;
	for (size_t i = 0; rc == 0 && i < builder->a->count; i++) {
		const struct timing *a = &builder->a->list[i];

		if (cells_belong(a, pair, false) &&
		    cells_on_grid(comparison, a->n) &&
		    cells_take(builder, pair, a))
			rc = cells_compare(builder, a->n);
	}
	pair->ncells =
		(size_t)(comparison->cells + builder->ncells - pair->cells);
	return rc;
}

/* Drop serial at kernels that have no cell in both. */
static void cells_drop_empty(struct comparison *comparison)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->npairs; i++)
		if (comparison->pairs[i].a || comparison->pairs[i].ncells > 0)
			comparison->pairs[kept++] = comparison->pairs[i];
	comparison->npairs = kept;
}

static int cells_make_all(struct compare_builder *builder)
{
	struct comparison *comparison = builder->comparison;
	int rc = 0;

	for (size_t i = 0; i < comparison->npairs; i++)
		cells_count(builder, &comparison->pairs[i]);
	builder->alpha = (ERROR_RATE - comparison->machine.rate) /
			 fmax(1, (double)comparison->comparisons);
	comparison->cells =
		calloc(comparison->comparisons + comparison->few + 1,
		       sizeof(*comparison->cells));
	if (!comparison->cells)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < comparison->npairs; i++)
		rc = cells_compare_pair(builder, &comparison->pairs[i]);
	cells_drop_empty(comparison);
	return rc;
}

int compare_make_cells(struct comparison *comparison, const struct timings *a,
		       const struct timings *b)
{
	struct compare_builder builder = {
		.comparison = comparison,
		.a = a,
		.b = b,
		.x = calloc(timings_most(a) + 1, sizeof(double)),
		.y = calloc(timings_most(b) + 1, sizeof(double)),
		.differences = calloc(timings_most(a) + 1, sizeof(double)),
	};
	int rc = -ENOMEM;

	if (builder.x && builder.y && builder.differences)
		rc = cells_make_all(&builder);
	free(builder.x);
	free(builder.y);
	free(builder.differences);
	return rc;
}

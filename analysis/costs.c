/* SPDX-License-Identifier: MIT */
#include "analysis/costs.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cells of one pair, ascending in n, that were measured. */
struct column {
	size_t count;
	const struct cell **cells;
	struct stats_point *points;
};

static void cost_find_cells(const struct findings *findings,
			    const struct pair *pair, struct column *column)
{
	column->count = 0;
	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].rounds > 0 &&
		    pair_equal(&findings->cells[i].pair, pair))
			column->cells[column->count++] = &findings->cells[i];
}

static struct stats_point cost_make_point(const struct cell *cell,
					  double log_ratio,
					  struct interval interval)
{
	return (struct stats_point){
		.n = (double)cell->n,
		.log_ratio = log_ratio,
		.weight = (double)cell->rounds,
		.interval = interval,
	};
}

/* ------------------------------------------------------------- CPU time */

static void cost_judge_cpu(const struct column *column,
			   struct crossing *crossing)
{
	size_t kept = 0;

	for (size_t i = 0; i < column->count; i++) {
		const struct cell *cell = column->cells[i];

		if (isnan(cell->cpu_log_ratio))
			continue;
		column->points[kept++] = cost_make_point(
			cell, cell->cpu_log_ratio, cell->cpu_proof);
		crossing->cpu_log_ratio = cell->cpu_log_ratio;
	}
	crossing->cpu_at = stats_breakeven(column->points, kept);
}

/* ------------------------------------------------------------- METG */

/* Wall time x workers / tasks, the worker time of one tile: between the two
 * cells about n, where times and tiles are straight over n. */
static double cost_granularity_at(const struct column *column, double n)
{
	for (size_t i = 1; i < column->count; i++) {
		const struct cell *below = column->cells[i - 1];
		const struct cell *above = column->cells[i];
		double from = (double)below->n, to = (double)above->n;
		double share = (n - from) / (to - from);
		double ns = below->runner_ns +
			    share * (above->runner_ns - below->runner_ns);
		double tiles =
			(double)below->tiles +
			share * ((double)above->tiles - (double)below->tiles);

		if (n <= to)
			return tiles > 0 ? ns * below->pair.workers / tiles
					 : NAN;
	}
	return NAN;
}

/*
 * Task Bench's METG(50 %) (Slaughter et al. 2020): the break-even size against
 * not 1 but half of the workers, and the size of its tasks.
 */
static void cost_judge_metg(const struct column *column,
			    struct crossing *crossing)
{
	double half = log(crossing->pair.workers / 2.0);
	struct breakeven at;

	if (crossing->pair.workers < 2)
		return;
	for (size_t i = 0; i < column->count; i++) {
		const struct cell *cell = column->cells[i];
		const struct interval shifted = {cell->proof.lo - half,
						 cell->proof.hi - half};

		column->points[i] =
			cost_make_point(cell, cell->log_ratio - half, shifted);
	}
	/* With two workers that is the break-even size, which is known better.
	 */
	at = crossing->pair.workers == 2
		     ? crossing->at
		     : stats_breakeven(column->points, column->count);
	if (!isnan(at.n_star))
		crossing->metg_ns = cost_granularity_at(column, at.n_star);
}

/* ------------------------------------------------------------- creation */

static double cost_open_ns(const struct record *record, const struct pair *pair,
			   double *scratch)
{
	unsigned generation = 0;
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];

		for (size_t i = 0; i < block->nseries; i++) {
			const struct series *series = &block->series[i];

			if (series->role != ROLE_RUNNER ||
			    series->workers != pair->workers ||
			    strcmp(series->runner, pair->runner) != 0 ||
			    !(series->open_ns > 0) ||
			    block->generation == generation)
				continue;
			generation = block->generation;
			scratch[count++] = series->open_ns;
		}
	}
	return stats_find_median(scratch, count);
}

/* Who creates workers at every call has that in each call. */
static void cost_judge_creation(const struct column *column,
				const struct record *record,
				struct crossing *crossing, double *scratch)
{
	const struct cell *last = column->cells[column->count - 1];
	double gain = last->serial_ns - last->runner_ns;

	if (strcmp(crossing->pair.regime, "one-shot") == 0)
		return;
	crossing->open_ns = cost_open_ns(record, &crossing->pair, scratch);
	if (gain > 0 && last->proof.lo > 0)
		crossing->amortised = crossing->open_ns / gain;
}

int costs_judge(struct findings *findings, const struct record *record)
{
	size_t room = findings->ncells + 1;
	struct column column = {
		.cells = calloc(room, sizeof(void *)),
		.points = calloc(room, sizeof(*column.points)),
	};
	double *scratch = calloc(record->nblocks + 1, sizeof(*scratch));
	int rc = column.cells && column.points && scratch ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++) {
		struct crossing *crossing = &findings->crossings[i];

		cost_find_cells(findings, &crossing->pair, &column);
		if (column.count == 0)
			continue;
		cost_judge_cpu(&column, crossing);
		cost_judge_metg(&column, crossing);
		cost_judge_creation(&column, record, crossing, scratch);
	}
	free(column.cells);
	free(column.points);
	free(scratch);
	return rc;
}

/* SPDX-License-Identifier: MIT */
#include "analysis/scaling.h"

#include "analysis/samples.h"
#include "analysis/timings.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a line is made from. */
struct scaling_source {
	const struct record *record;
	const struct findings *findings;
	const struct timings *timings;
};

static bool scaling_counts(const struct findings *findings,
			   const struct pair *pair)
{
	return strcmp(pair->base, "serial") == 0 &&
	       strcmp(pair->runner, "serial") != 0 &&
	       findings->nplacements > 0 &&
	       strcmp(pair->placement, findings->placements[0]) == 0;
}

static bool scaling_is_of(const struct pair *pair, const char *kernel,
			  const char *runner)
{
	return strcmp(pair->kernel, kernel) == 0 &&
	       (!runner || strcmp(pair->runner, runner) == 0);
}

/* Was the cell measured, and is it of that kernel and runner? NULL: any. */
static bool scaling_takes(const struct findings *findings,
			  const struct cell *cell, const char *kernel,
			  const char *runner)
{
	return cell->rounds > 0 && scaling_counts(findings, &cell->pair) &&
	       (!kernel || scaling_is_of(&cell->pair, kernel, runner));
}

/* NULL: it was not measured. */
static const struct cell *scaling_cell(const struct findings *findings,
				       const char *kernel, const char *runner,
				       unsigned workers, uint64_t n)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->n == n && cell->pair.workers == workers &&
		    scaling_takes(findings, cell, kernel, runner))
			return cell;
	}
	return NULL;
}

/* ------------------------------------------------------------- workers */

static void scaling_note_workers(unsigned *list, size_t *count,
				 unsigned workers)
{
	size_t at = 0;

	while (at < *count && list[at] < workers)
		at++;
	if ((at < *count && list[at] == workers) ||
	    *count == SCALING_WORKERS_MAX)
		return;
	memmove(&list[at + 1], &list[at], (*count - at) * sizeof(*list));
	list[at] = workers;
	(*count)++;
}

/* Those of a runner at a kernel, or of all; ascending. Returns how many. */
static size_t scaling_find_workers(const struct findings *findings,
				   const char *kernel, const char *runner,
				   unsigned list[SCALING_WORKERS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (scaling_takes(findings, cell, kernel, runner))
			scaling_note_workers(list, &count, cell->pair.workers);
	}
	return count;
}

/* The largest size of the first pass that all of them have; 0: there is none.
 */
static uint64_t scaling_find_size(const struct scaling_source *source,
				  const char *kernel, const char *runner,
				  const unsigned *workers, size_t count)
{
	const struct findings *findings = source->findings;
	uint64_t largest = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];
		size_t have = 0;

		if (cell->n <= largest ||
		    !samples_on_grid(source->record, cell->n) ||
		    !scaling_takes(findings, cell, kernel, runner))
			continue;
		while (have < count && scaling_cell(findings, kernel, runner,
						    workers[have], cell->n))
			have++;
		if (have == count)
			largest = cell->n;
	}
	return largest;
}

/* ------------------------------------------------------------- weak */

/* The median time of serial, or of a runner, at n: straight over n between the
 * sizes about it. NaN: there are none. */
static double scaling_time_at(const struct findings *findings,
			      const char *kernel, const char *runner,
			      unsigned workers, double n, bool serial)
{
	const struct cell *below = NULL, *above = NULL;
	double share, from, to;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->pair.workers != workers ||
		    !scaling_takes(findings, cell, kernel, runner))
			continue;
		if ((double)cell->n <= n && (!below || cell->n > below->n))
			below = cell;
		if ((double)cell->n >= n && (!above || cell->n < above->n))
			above = cell;
	}
	if (!below || !above)
		return NAN;
	from = serial ? below->serial_ns : below->runner_ns;
	to = serial ? above->serial_ns : above->runner_ns;
	if (above->n == below->n)
		return from;
	share = (n - (double)below->n) / (double)(above->n - below->n);
	return from + share * (to - from);
}

/* Serial's time with a worker's share of items, over that of all workers with a
 * share each. */
static double scaling_weak(const struct findings *findings,
			   const struct scaling_line *line, unsigned workers,
			   unsigned most)
{
	/* So that all workers have no more than all items, by rounding. */
	double all_items = (double)line->n * workers / most;
	double one = scaling_time_at(findings, line->kernel, line->runner,
				     workers, (double)line->n / most, true);
	double all = scaling_time_at(findings, line->kernel, line->runner,
				     workers, all_items, false);

	return one / all;
}

/* ------------------------------------------------------------- fits */

/* The speed-ups of one generation; fewer than the line has points: some were
 * not measured in it. */
static size_t scaling_of_generation(const struct scaling_line *line,
				    const struct timing *const *timings,
				    unsigned generation,
				    struct stats_speedup *speedups)
{
	size_t count = 0;

	for (size_t p = 0; p < line->npoints; p++)
		for (size_t g = 0; g < timings[p]->count; g++)
			if (timings[p]->values[g].generation == generation)
				speedups[count++] = (struct stats_speedup){
					line->points[p].workers,
					exp(timings[p]->values[g].x)};
	return count;
}

static struct scaling_fit scaling_estimate(struct stats_value *values,
					   size_t count, double *scratch)
{
	struct stats_estimate estimate =
		stats_estimate(values, count, FINDINGS_RATE, scratch);

	return (struct scaling_fit){estimate.median, estimate.interval};
}

/* Of the parameters of the laws, each a value a generation. */
struct scaling_values {
	struct stats_value *share, *contention, *coherence, *peak;
	double *scratch;
};

static void scaling_fit_line(struct scaling_line *line,
			     const struct timing *const *timings,
			     const struct scaling_values *values)
{
	const struct timing *first = timings[0];
	size_t shares = 0, laws = 0;

	for (size_t g = 0; g < first->count; g++) {
		unsigned generation = first->values[g].generation;
		struct stats_speedup speedups[SCALING_WORKERS_MAX];
		size_t count = scaling_of_generation(line, timings, generation,
						     speedups);
		struct stats_usl usl;

		if (count < line->npoints)
			continue;
		values->share[shares++] = (struct stats_value){
			stats_amdahl(speedups, count), generation};
		if (stats_usl(speedups, count, &usl) < 0)
			continue;
		values->contention[laws] =
			(struct stats_value){usl.contention, generation};
		values->coherence[laws] =
			(struct stats_value){usl.coherence, generation};
		values->peak[laws++] = (struct stats_value){
			fmin(stats_usl_peak(&usl), DBL_MAX), generation};
	}
	line->serial_share =
		scaling_estimate(values->share, shares, values->scratch);
	line->contention =
		scaling_estimate(values->contention, laws, values->scratch);
	line->coherence =
		scaling_estimate(values->coherence, laws, values->scratch);
	line->peak = scaling_estimate(values->peak, laws, values->scratch);
}

/* ------------------------------------------------------------- lines */

static const struct timing *scaling_find_timing(
	const struct scaling_source *source, const struct scaling_line *line,
	unsigned workers)
{
	for (size_t i = 0; i < source->timings->count; i++) {
		const struct timing *timing = &source->timings->list[i];

		if (timing->runner && timing->n == line->n &&
		    timing->workers == workers &&
		    strcmp(timing->kernel, line->kernel) == 0 &&
		    strcmp(timing->runner, line->runner) == 0 &&
		    strcmp(timing->placement,
			   source->findings->placements[0]) == 0)
			return timing;
	}
	return NULL;
}

static struct scaling_point scaling_make_point(const struct findings *findings,
					       const struct scaling_line *line,
					       unsigned workers, unsigned most)
{
	const struct cell *cell = scaling_cell(findings, line->kernel,
					       line->runner, workers, line->n);
	struct stats_speedup speedup = {workers, exp(cell->log_ratio)};

	return (struct scaling_point){
		.workers = workers,
		.speedup = speedup.speedup,
		.interval = {exp(cell->interval.lo), exp(cell->interval.hi)},
		.efficiency = speedup.speedup / workers,
		.weak = scaling_weak(findings, line, workers, most),
		.serial_share = stats_karp_flatt(&speedup),
	};
}

/* False: fewer than two numbers of workers have a size in common. */
static bool scaling_make_line(const struct scaling_source *source,
			      const struct scaling_values *values,
			      const struct pair *pair,
			      struct scaling_line *line)
{
	const struct timing *timings[SCALING_WORKERS_MAX];
	unsigned workers[SCALING_WORKERS_MAX];
	size_t count = scaling_find_workers(source->findings, pair->kernel,
					    pair->runner, workers);

	*line = (struct scaling_line){.kernel = pair->kernel,
				      .runner = pair->runner};
	line->n = scaling_find_size(source, pair->kernel, pair->runner, workers,
				    count);
	if (count < 2 || line->n == 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		line->points[i] = scaling_make_point(
			source->findings, line, workers[i], workers[count - 1]);
		timings[i] = scaling_find_timing(source, line, workers[i]);
		if (!timings[i])
			return false;
	}
	line->npoints = count;
	scaling_fit_line(line, timings, values);
	return true;
}

static bool scaling_has_line(const struct scaling *scaling,
			     const struct pair *pair)
{
	for (size_t i = 0; i < scaling->nlines; i++)
		if (scaling_is_of(pair, scaling->lines[i].kernel,
				  scaling->lines[i].runner))
			return true;
	return false;
}

static void scaling_make_lines(const struct scaling_source *source,
			       const struct scaling_values *values,
			       struct scaling *scaling)
{
	const struct findings *findings = source->findings;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (scaling_counts(findings, pair) &&
		    !scaling_has_line(scaling, pair))
			scaling->nlines += scaling_make_line(
				source, values, pair,
				&scaling->lines[scaling->nlines]);
	}
}

/* ------------------------------------------------------------- best */

/* Is all that was measured there slower than serial, or equal? */
static bool scaling_is_serial(const struct findings *findings,
			      const char *kernel, uint64_t n)
{
	size_t seen = 0;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->n != n ||
		    !scaling_takes(findings, cell, kernel, NULL))
			continue;
		if (cell->verdict != CELL_SLOWER && cell->verdict != CELL_EQUAL)
			return false;
		seen++;
	}
	return seen > 0;
}

/* The fastest that is proven to beat serial, or NULL. */
static const struct cell *scaling_find_fastest(const struct findings *findings,
					       const char *kernel, uint64_t n)
{
	const struct cell *fastest = NULL;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->n == n && cell->verdict == CELL_FASTER &&
		    scaling_takes(findings, cell, kernel, NULL) &&
		    (!fastest || cell->log_ratio > fastest->log_ratio))
			fastest = cell;
	}
	return fastest;
}

/* Is it as good an answer as the fastest? */
static bool scaling_ties(const struct findings *findings,
			 const struct cell *cell, const struct cell *fastest)
{
	return cell->n == fastest->n && cell->verdict == CELL_FASTER &&
	       scaling_takes(findings, cell, fastest->pair.kernel, NULL) &&
	       cell->log_ratio >= fastest->log_ratio - SCALING_TIE;
}

/* Of ties with as many workers: what is best at the size before, then the
 * fastest. */
static bool scaling_is_better(const struct cell *cell, const struct cell *best,
			      const struct cell *before)
{
	if (cell->pair.workers != best->pair.workers)
		return cell->pair.workers < best->pair.workers;
	if (before && pair_equal(&best->pair, &before->pair))
		return false;
	return (before && pair_equal(&cell->pair, &before->pair)) ||
	       cell->log_ratio > best->log_ratio;
}

static const struct cell *scaling_find_best(const struct findings *findings,
					    const struct scaling_best *at,
					    const struct cell *before)
{
	const struct cell *fastest =
		scaling_find_fastest(findings, at->kernel, at->n);
	const struct cell *best = fastest;

	for (size_t i = 0; fastest && i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (scaling_ties(findings, cell, fastest) &&
		    scaling_is_better(cell, best, before))
			best = cell;
	}
	return best;
}

static bool scaling_has_best(const struct scaling *scaling, const char *kernel,
			     uint64_t n)
{
	for (size_t i = 0; i < scaling->nbest; i++)
		if (scaling->best[i].n == n &&
		    strcmp(scaling->best[i].kernel, kernel) == 0)
			return true;
	return false;
}

/* Kernels stay in their order. */
static void scaling_sort_best(struct scaling *scaling)
{
	for (size_t i = 1; i < scaling->nbest; i++)
		for (size_t j = i; j > 0; j--) {
			struct scaling_best *a = &scaling->best[j - 1];
			struct scaling_best *b = &scaling->best[j], kept = *a;

			if (strcmp(a->kernel, b->kernel) != 0 || a->n <= b->n)
				break;
			*a = *b;
			*b = kept;
		}
}

static void scaling_make_best(const struct scaling_source *source,
			      struct scaling *scaling)
{
	const struct findings *findings = source->findings;

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];
		const char *kernel = cell->pair.kernel;

		if (scaling_takes(findings, cell, NULL, NULL) &&
		    samples_on_grid(source->record, cell->n) &&
		    !scaling_has_best(scaling, kernel, cell->n))
			scaling->best[scaling->nbest++] = (struct scaling_best){
				kernel, cell->n, NULL, false};
	}
	scaling_sort_best(scaling);
	for (size_t i = 0; i < scaling->nbest; i++) {
		struct scaling_best *best = &scaling->best[i];
		bool first =
			i == 0 || strcmp(best[-1].kernel, best->kernel) != 0;

		best->cell = scaling_find_best(findings, best,
					       first ? NULL : best[-1].cell);
		best->serial =
			scaling_is_serial(findings, best->kernel, best->n);
	}
}

/* ------------------------------------------------------------- all */

static int scaling_fill(const struct scaling_source *source,
			struct scaling *scaling)
{
	size_t most = timings_most(source->timings) + 1;
	struct scaling_values values = {
		.share = calloc(most, sizeof(*values.share)),
		.contention = calloc(most, sizeof(*values.contention)),
		.coherence = calloc(most, sizeof(*values.coherence)),
		.peak = calloc(most, sizeof(*values.peak)),
		.scratch = calloc(most, sizeof(*values.scratch)),
	};
	int rc = -ENOMEM;

	if (values.share && values.contention && values.coherence &&
	    values.peak && values.scratch) {
		scaling_make_lines(source, &values, scaling);
		scaling_make_best(source, scaling);
		rc = 0;
	}
	free(values.share);
	free(values.contention);
	free(values.coherence);
	free(values.peak);
	free(values.scratch);
	return rc;
}

int scaling_make(const struct record *record, const struct findings *findings,
		 struct scaling *scaling)
{
	struct timings timings;
	const struct scaling_source source = {record, findings, &timings};
	int rc = timings_init(&timings, record, findings, TIMINGS_SPEEDUP);

	*scaling = (struct scaling){
		.lines = calloc(findings->ncrossings + 1,
				sizeof(*scaling->lines)),
		.best = calloc(findings->ncells + 1, sizeof(*scaling->best)),
	};
	scaling->nworkers =
		scaling_find_workers(findings, NULL, NULL, scaling->workers);
	if (!scaling->lines || !scaling->best)
		rc = -ENOMEM;
	if (rc == 0)
		rc = scaling_fill(&source, scaling);
	timings_free(&timings);
	return rc;
}

void scaling_free(struct scaling *scaling)
{
	free(scaling->lines);
	free(scaling->best);
	*scaling = (struct scaling){.nlines = 0};
}

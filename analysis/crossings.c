/* SPDX-License-Identifier: MIT */
#include "analysis/draft.h"
#include "core/number.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool crossing_is_measured(const struct draft *draft)
{
	return draft->cell.rounds > 0;
}

/* The first cell that failed or is invalid: larger sizes do not count. */
static const struct draft *crossing_find_broken(const struct draft *drafts,
						size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (verdict_severity(drafts[i].cell.verdict) >
		    verdict_severity(CELL_SKIPPED))
			return &drafts[i];
	return NULL;
}

static const struct draft *crossing_find_worst(const struct draft *drafts,
					       size_t count)
{
	const struct draft *worst = drafts;

	for (size_t i = 1; i < count; i++)
		if (verdict_severity(drafts[i].cell.verdict) >
		    verdict_severity(worst->cell.verdict))
			worst = &drafts[i];
	return worst;
}

static size_t crossing_take_points(const struct draft *drafts, size_t count,
				   const struct draft *broken,
				   struct stats_point *points,
				   struct crossing *crossing)
{
	size_t kept = 0;

	for (size_t i = 0; i < count && &drafts[i] != broken; i++) {
		const struct cell *cell = &drafts[i].cell;

		if (!crossing_is_measured(&drafts[i]))
			continue;
		points[kept++] = (struct stats_point){
			.n = (double)cell->n,
			.log_ratio = cell->log_ratio,
			.weight = (double)cell->rounds,
			.interval = cell->proof,
		};
		crossing->n_max = cell->n;
		crossing->asymptote = cell->log_ratio;
		crossing->asymptote_interval = cell->interval;
		crossing->asymptote_verdict = cell->verdict;
	}
	return kept;
}

/* Nothing was measured: the notes are all there is. */
static void crossing_apply_notes(struct crossing *crossing,
				 const struct draft *drafts, size_t count)
{
	const struct cell *cell = &crossing_find_worst(drafts, count)->cell;

	crossing->reason = cell->reason;
	switch (cell->verdict) {
	case CELL_INVALID:
		crossing->at.verdict = BREAKEVEN_INVALID;
		break;
	case CELL_FAILED:
		crossing->at.verdict = BREAKEVEN_FAILED;
		break;
	case CELL_SKIPPED:
		crossing->at.verdict = BREAKEVEN_SKIPPED;
		break;
	default:
		break;
	}
}

static unsigned crossing_max_generations(const struct draft *drafts,
					 size_t count)
{
	unsigned most = 0;

	for (size_t i = 0; i < count; i++)
		if (drafts[i].cell.generations > most)
			most = drafts[i].cell.generations;
	return most;
}

static int crossing_explain(struct findings *findings,
			    struct crossing *crossing,
			    const struct draft *drafts, size_t count,
			    const struct draft *broken)
{
	unsigned generations = crossing_max_generations(drafts, count);

	if (broken)
		crossing->reason = findings_make_text(
			findings,
			"%s at %s items, so larger sizes do not count: %s",
			cell_verdict_names[broken->cell.verdict],
			text_size(broken->cell.n).s, broken->cell.reason);
	else if (crossing->at.verdict == BREAKEVEN_UNRESOLVED &&
		 generations < FINDINGS_GENERATIONS)
		crossing->reason = findings_make_text(
			findings,
			"not enough data, %u of 6 process generations",
			generations);
	else if (crossing->at.verdict == BREAKEVEN_UNRESOLVED &&
		 strcmp(crossing->pair.placement, findings->placements[0]) != 0)
		crossing->reason = findings_make_text(
			findings, "the CPUs were %s at some sizes only",
			crossing->pair.placement);
	else
		return 0;
	return crossing->reason ? 0 : -ENOMEM;
}

/* All samples of a pair, which lie next to one another. */
static size_t crossing_take_samples(const struct samples *samples,
				    const struct key *pair,
				    struct stats_sample *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < samples->count; i++) {
		const struct sample *sample = &samples->list[i];

		if (key_compare_pair(&sample->key, pair) == 0 &&
		    !isnan(sample_log_ratio(sample)))
			out[kept++] = (struct stats_sample){
				.n = (double)sample->key.n,
				.log_ratio = sample_log_ratio(sample),
				.generation = sample->generation,
			};
	}
	return kept;
}

/*
 * The break-even size is proven to lie between two sizes: all samples around it
 * say where, within these bounds.
 */
static int crossing_sharpen(const struct drafts *all, const struct draft *first,
			    struct crossing *found)
{
	struct breakeven *at = &found->at;
	struct stats_sample *list =
		calloc(all->samples.count + 1, sizeof(*list));
	struct stats_crossing crossing;
	int rc = -ENOMEM;

	if (list)
		rc = stats_crossing(
			list,
			crossing_take_samples(&all->samples, &first->key, list),
			at->n_star, FINDINGS_SIZE_RATE, &crossing);
	free(list);
	if (rc == 0 && crossing.between && crossing.n_star >= at->n_lo &&
	    crossing.n_star <= at->n_hi) {
		found->sensitivity = crossing.sensitivity;
		at->n_star = crossing.n_star;
		at->n_lo = fmax(at->n_lo, crossing.n.lo);
		at->n_hi = fmin(at->n_hi, crossing.n.hi);
	}
	return rc == -ENOMEM ? rc : 0;
}

/* The smallest and the largest size of a pair in any placement. */
static void crossing_find_range(const struct drafts *all,
				const struct key *pair, uint64_t *lo,
				uint64_t *hi)
{
	*lo = UINT64_MAX;
	*hi = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct draft *draft = &all->list[i];

		if (draft->key.kernel != pair->kernel ||
		    draft->key.runner != pair->runner ||
		    draft->key.workers != pair->workers ||
		    !crossing_is_measured(draft))
			continue;
		*lo = draft->key.n < *lo ? draft->key.n : *lo;
		*hi = draft->key.n > *hi ? draft->key.n : *hi;
	}
}

/* "Always" and "never" are of all sizes. A placement that was met by and by was
 * seen at some of them only. */
static void crossing_check_range(const struct drafts *all,
				 const struct key *pair,
				 const struct stats_point *points, size_t count,
				 struct breakeven *at)
{
	uint64_t lo, hi;

	crossing_find_range(all, pair, &lo, &hi);
	if ((at->verdict == BREAKEVEN_ALWAYS && points[0].n > (double)lo) ||
	    (at->verdict == BREAKEVEN_NEVER &&
	     points[count - 1].n < (double)hi))
		at->verdict = BREAKEVEN_UNRESOLVED;
}

static int crossing_make(const struct drafts *all, struct findings *findings,
			 const struct draft *drafts, size_t count,
			 struct stats_point *points)
{
	struct crossing *crossing =
		&findings->crossings[findings->ncrossings++];
	const struct draft *broken = crossing_find_broken(drafts, count);
	size_t kept;

	*crossing = (struct crossing){
		.pair = drafts->cell.pair,
		.at = {BREAKEVEN_UNRESOLVED, NAN, NAN, NAN, NAN, NAN, NAN},
		.cpu_at = {BREAKEVEN_UNRESOLVED, NAN, NAN, NAN, NAN, NAN, NAN},
		.sensitivity = NAN,
		.model = NAN,
		.cpu_log_ratio = NAN,
		.metg_ns = NAN,
		.open_ns = NAN,
		.amortised = NAN,
		.asymptote = NAN,
		.asymptote_interval = {-INFINITY, INFINITY},
		.asymptote_verdict = CELL_UNRESOLVED,
	};
	kept = crossing_take_points(drafts, count, broken, points, crossing);
	if (kept == 0) {
		crossing_apply_notes(crossing, drafts, count);
		return 0;
	}
	crossing->at = stats_breakeven(points, kept);
	if (!broken)
		crossing_check_range(all, &drafts->key, points, kept,
				     &crossing->at);
	if (!isnan(crossing->at.n_star) &&
	    crossing_sharpen(all, drafts, crossing) < 0)
		return -ENOMEM;
	return crossing_explain(findings, crossing, drafts, count, broken);
}

int crossings_make(const struct drafts *all, struct findings *findings)
{
	const struct draft *drafts = all->list;
	struct stats_point *points = calloc(all->count + 1, sizeof(*points));
	int rc = points ? 0 : -ENOMEM;
	size_t end;

	for (size_t begin = 0; rc == 0 && begin < all->count; begin = end) {
		end = begin + 1;
		while (end < all->count &&
		       key_compare_pair(&drafts[end].key, &drafts[begin].key) ==
			       0)
			end++;
		rc = crossing_make(all, findings, drafts + begin, end - begin,
				   points);
	}
	free(points);
	return rc;
}

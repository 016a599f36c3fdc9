/* SPDX-License-Identifier: MIT */
#include "analysis/advise.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct interval unknown = {-INFINITY, INFINITY};

/* ------------------------------------------------------------- cells */

static bool advise_is_for(const struct cell *cell, const char *kernel)
{
	return cell->rounds > 0 && strcmp(cell->pair.base, "serial") == 0 &&
	       strcmp(cell->pair.kernel, kernel) == 0;
}

bool advise_knows(const struct findings *findings, const char *kernel)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (advise_is_for(&findings->cells[i], kernel))
			return true;
	return false;
}

/* The measured cells of a pair about n: the largest up to it, and the smallest
 * from it on; the same where n itself was measured, NULL where there is none.
 */
struct neighbours {
	const struct cell *below, *above;
};

static struct neighbours advise_find_neighbours(const struct findings *findings,
						const struct pair *pair,
						uint64_t n)
{
	struct neighbours found = {NULL, NULL};

	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->rounds == 0 || !pair_equal(&cell->pair, pair))
			continue;
		if (cell->n <= n && (!found.below || cell->n > found.below->n))
			found.below = cell;
		if (cell->n >= n && (!found.above || cell->n < found.above->n))
			found.above = cell;
	}
	return found;
}

/* Straight over log n; at the ends, the end's own. */
static double advise_between(const struct neighbours *at, uint64_t n,
			     double below, double above)
{
	double span = log((double)at->above->n) - log((double)at->below->n);
	double share = log((double)n) - log((double)at->below->n);

	if (at->above == at->below || !isfinite(below) || !isfinite(above))
		return isfinite(below) ? above : below;
	return below + (above - below) * share / span;
}

/* What serial takes at n, from the cells of whatever runner. */
static double advise_serial_at(const struct advice *advice, uint64_t n)
{
	const struct findings *findings = advice->findings;

	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;
		struct neighbours at;

		if (strcmp(pair->base, "serial") != 0 ||
		    strcmp(pair->kernel, advice->question.kernel) != 0)
			continue;
		at = advise_find_neighbours(findings, pair, n);
		if (at.below && at.above)
			return exp(advise_between(&at, n,
						  log(at.below->serial_ns),
						  log(at.above->serial_ns)));
	}
	return NAN;
}

/* ------------------------------------------------------------- options */

static const struct record_runner *advise_find_runner(
	const struct record *record, const char *spec)
{
	for (size_t i = 0; i < record->nrunners; i++)
		if (strcmp(record->runners[i].spec, spec) == 0)
			return &record->runners[i];
	return NULL;
}

/* Does the runner take its data as the question has it? Not if it is no
 * backend. */
static bool advise_is_candidate(const struct record_runner *runner,
				bool shipped)
{
	bool ships;

	if (!runner || strcmp(runner->spec, "serial") == 0 ||
	    strncmp(runner->spec, "planted", strlen("planted")) == 0)
		return false;
	ships = strcmp(runner->data, "shipped") == 0 ||
		strcmp(runner->data, "inherited") == 0;
	return ships == shipped;
}

/* Speed-up with the share of creating a pool: 1 / (1 / r + share). */
static double advise_with_share(double log_ratio, double share)
{
	return -log(exp(-log_ratio) + share);
}

/* The interval at n, between those of the two cells about it. */
static struct interval advise_make_interval(const struct neighbours *at,
					    uint64_t n, struct interval a,
					    struct interval b, double share)
{
	double lo = advise_between(at, n, a.lo, b.lo);
	double hi = advise_between(at, n, a.hi, b.hi);

	/* The share alone bounds a speed-up: that is no measurement. */
	if (!isfinite(lo) || !isfinite(hi))
		return unknown;
	return (struct interval){advise_with_share(lo, share),
				 advise_with_share(hi, share)};
}

static void advise_measure_option(struct advise_option *option,
				  double serial_ns, double calls,
				  const struct neighbours *at, uint64_t n)
{
	const struct cell *a = at->below, *b = at->above;
	double share = isnan(option->open_ns)
			       ? 0
			       : option->open_ns / calls / serial_ns;

	option->known = true;
	option->between = a != b;
	option->log_ratio = advise_between(at, n, a->log_ratio, b->log_ratio);
	option->warm_ns = serial_ns * exp(-option->log_ratio);
	option->log_ratio = advise_with_share(option->log_ratio, share);
	option->interval =
		advise_make_interval(at, n, a->interval, b->interval, share);
	option->call_ns = serial_ns * exp(-option->log_ratio);
	option->verdict = stats_verdict(
		advise_make_interval(at, n, a->proof, b->proof, share));
}

static void advise_add_option(const struct advice *advice,
			      struct advise_set *set,
			      const struct advise_question *question,
			      const struct crossing *crossing)
{
	struct advise_option option = {
		.crossing = crossing,
		.runner = advise_find_runner(advice->record,
					     crossing->pair.runner),
		.call_ns = NAN,
		.warm_ns = NAN,
		.log_ratio = NAN,
		.interval = unknown,
		.verdict = CELL_UNRESOLVED,
		.open_ns = NAN,
	};
	struct neighbours at;

	if (!advise_is_candidate(option.runner, question->shipped))
		return;
	if (strcmp(option.runner->lifetime, "pooled") == 0 &&
	    crossing->open_ns > 0)
		option.open_ns = crossing->open_ns;
	at = advise_find_neighbours(advice->findings, &crossing->pair, set->n);
	if (at.below && at.above && set->serial_ns > 0)
		advise_measure_option(&option, set->serial_ns, question->calls,
				      &at, set->n);
	set->options[set->count++] = option;
}

static int advise_fastest_first(const void *a, const void *b)
{
	const struct advise_option *x = a, *y = b;

	if (x->known != y->known)
		return x->known ? -1 : 1;
	return (y->log_ratio > x->log_ratio) - (y->log_ratio < x->log_ratio);
}

/* ------------------------------------------------------------- choice */

static bool advise_is_simpler(const struct advise_option *a,
			      const struct advise_option *b)
{
	bool thread_a = strcmp(a->runner->unit, "process") != 0;
	bool thread_b = strcmp(b->runner->unit, "process") != 0;

	if (thread_a != thread_b)
		return thread_a;
	return a->crossing->pair.workers < b->crossing->pair.workers;
}

static void advise_choose(struct advise_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		struct advise_option *option = &set->options[i];

		if (!option->known || option->verdict != CELL_FASTER)
			continue;
		if (!set->best)
			set->best = option;
		option->tie = option->log_ratio >= set->best->interval.lo;
		if (option->tie &&
		    (!set->chosen || advise_is_simpler(option, set->chosen)))
			set->chosen = option;
	}
}

/* Ask at n in a placement. 0 or -ENOMEM. */
static int advise_ask(const struct advice *advice,
		      const struct advise_question *question,
		      const char *placement, uint64_t n, struct advise_set *set)
{
	const struct findings *findings = advice->findings;

	*set = (struct advise_set){.n = n,
				   .serial_ns = advise_serial_at(advice, n)};
	set->options = calloc(findings->ncrossings + 1, sizeof(*set->options));
	if (!set->options)
		return -ENOMEM;
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];
		const struct pair *pair = &crossing->pair;

		if (crossing->n_max > 0 && strcmp(pair->base, "serial") == 0 &&
		    strcmp(pair->kernel, question->kernel) == 0 &&
		    (pair->workers == 1 ||
		     strcmp(pair->placement, placement) == 0))
			advise_add_option(advice, set, question, crossing);
	}
	qsort(set->options, set->count, sizeof(*set->options),
	      advise_fastest_first);
	advise_choose(set);
	return 0;
}

/* ------------------------------------------------------------- changes */

/* The nearest measured size beyond n, in that direction; 0: there is none. */
static uint64_t advise_next_size(const struct advice *advice, uint64_t n,
				 bool larger)
{
	uint64_t found = 0;

	for (size_t i = 0; i < advice->findings->ncells; i++) {
		const struct cell *cell = &advice->findings->cells[i];

		if (!advise_is_for(cell, advice->question.kernel) ||
		    (larger ? cell->n <= n : cell->n >= n))
			continue;
		if (found == 0 || (larger ? cell->n < found : cell->n > found))
			found = cell->n;
	}
	return found;
}

/* Is the choice at this size proven to be worse than another one at that size?
 */
static bool advise_is_refuted(const struct advise_set *here,
			      const struct advise_set *there)
{
	if (!here->chosen)
		return there->best != NULL;
	for (size_t i = 0; i < there->count; i++) {
		const struct advise_option *option = &there->options[i];

		if (option->crossing != here->chosen->crossing ||
		    !option->known)
			continue;
		if (there->best)
			return option->interval.hi < there->best->interval.lo;
		return option->verdict == CELL_SLOWER ||
		       option->verdict == CELL_EQUAL;
	}
	return false;
}

static int advise_find_change(const struct advice *advice, bool larger,
			      struct advise_set *change)
{
	for (uint64_t n = advice->here.n;
	     (n = advise_next_size(advice, n, larger)) > 0;) {
		int rc = advise_ask(advice, &advice->question,
				    advice->placement, n, change);

		if (rc || advise_is_refuted(&advice->here, change))
			return rc;
		free(change->options);
		*change = (struct advise_set){.n = 0};
	}
	return 0;
}

static int advise_ask_otherwise(struct advice *advice)
{
	struct advise_question other = advice->question;
	int rc = 0;

	if (isfinite(other.calls)) {
		other.calls = INFINITY;
		rc = advise_ask(advice, &other, advice->placement,
				advice->here.n, &advice->many_calls);
		other = advice->question;
	}
	if (rc == 0 && advice->findings->nplacements > 1)
		rc = advise_ask(advice, &other, advice->findings->placements[1],
				advice->here.n, &advice->other_placement);
	other.shipped = !other.shipped;
	if (rc == 0)
		rc = advise_ask(advice, &other, advice->placement,
				advice->here.n, &advice->other_data);
	return rc;
}

/* ------------------------------------------------------------- all */

static void advise_find_range(struct advice *advice)
{
	for (size_t i = 0; i < advice->findings->ncells; i++) {
		const struct cell *cell = &advice->findings->cells[i];

		if (!advise_is_for(cell, advice->question.kernel))
			continue;
		if (advice->n_min == 0 || cell->n < advice->n_min)
			advice->n_min = cell->n;
		if (cell->n > advice->n_max)
			advice->n_max = cell->n;
	}
}

int advise_init(struct advice *advice, const struct record *record,
		const struct findings *findings,
		const struct advise_question *question)
{
	uint64_t n = question->n;
	int rc;

	*advice = (struct advice){
		.question = *question,
		.record = record,
		.findings = findings,
		.placement = findings->nplacements ? findings->placements[0]
						   : "unknown",
	};
	advise_find_range(advice);
	n = n < advice->n_min ? advice->n_min : n;
	n = n > advice->n_max ? advice->n_max : n;
	rc = advise_ask(advice, question, advice->placement, n, &advice->here);
	if (rc == 0)
		rc = advise_find_change(advice, false, &advice->smaller);
	if (rc == 0)
		rc = advise_find_change(advice, true, &advice->larger);
	return rc ? rc : advise_ask_otherwise(advice);
}

void advise_free(struct advice *advice)
{
	free(advice->here.options);
	free(advice->smaller.options);
	free(advice->larger.options);
	free(advice->many_calls.options);
	free(advice->other_placement.options);
	free(advice->other_data.options);
}

double advise_calls(const struct advise_option *option, double than_ns)
{
	double gain = than_ns - option->warm_ns;

	if (isnan(option->open_ns) || !(gain > 0))
		return NAN;
	return floor(option->open_ns / gain) + 1;
}

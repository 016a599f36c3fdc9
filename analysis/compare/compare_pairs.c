/* SPDX-License-Identifier: MIT */
#include "analysis/compare/compare_steps.h"

#include "analysis/compare/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- names */

static bool pairs_have_kernel(const struct record *record, const char *kernel)
{
	return compare_find_name(record->kernels, record->nkernels, kernel,
				 strlen(kernel)) != NULL;
}

static bool pairs_have_runner(const struct record *record, const char *runner)
{
	for (size_t i = 0; i < record->nrunners; i++)
		if (strcmp(record->runners[i].spec, runner) == 0)
			return true;
	return false;
}

/* What stands in B for the k-th kernel of A: in the two sides of one run, the
 * one in its place. */
static const char *pairs_find_other(const struct comparison *comparison,
				    size_t k)
{
	const struct record *b = comparison->b.record;

	return comparison->paired && k < b->nkernels
		       ? b->kernels[k]
		       : comparison->a.record->kernels[k];
}

/* A runner stands in a record once for each number of its workers. */
static bool pairs_is_first(const struct record *record, size_t r)
{
	for (size_t i = 0; i < r; i++)
		if (strcmp(record->runners[i].spec, record->runners[r].spec) ==
		    0)
			return false;
	return true;
}

/* Names that were not given are all those of A. */
static int pairs_complete_names(struct comparison *comparison,
				struct compare_wishes *wishes)
{
	const struct record *a = comparison->a.record;
	struct compare_names *next =
		calloc(a->nkernels + a->nrunners + 1, sizeof(*next));

	if (!next)
		return -ENOMEM;
	comparison->made = next;
	if (wishes->nkernels == 0) {
		wishes->kernels = next;
		for (size_t k = 0; k < a->nkernels; k++)
			*next++ = (struct compare_names){
				a->kernels[k], pairs_find_other(comparison, k)};
		wishes->nkernels = a->nkernels;
	}
	if (wishes->nrunners == 0) {
		wishes->runners = next;
		for (size_t r = 0; r < a->nrunners; r++)
			if (pairs_is_first(a, r))
				wishes->runners[wishes->nrunners++] =
					(struct compare_names){
						a->runners[r].spec,
						a->runners[r].spec};
	}
	return 0;
}

/* ------------------------------------------------------------- sizes */

/* Where it begins to pay, as a range; false: it does not, or that is unknown.
 */
static bool pairs_find_start(const struct breakeven *at, struct interval *start)
{
	if (at->verdict != BREAKEVEN_AT && at->verdict != BREAKEVEN_ALWAYS &&
	    at->verdict != BREAKEVEN_WINDOW)
		return false;
	*start = (struct interval){isnan(at->n_lo) ? 0 : at->n_lo, at->n_hi};
	return true;
}

static enum compared_start pairs_compare_starts(const struct breakeven *a,
						const struct breakeven *b)
{
	struct interval x, y;
	bool pays_a = pairs_find_start(a, &x), pays_b = pairs_find_start(b, &y);

	if (pays_a && pays_b && y.hi < x.lo)
		return START_SOONER;
	if (pays_a && pays_b)
		return y.lo > x.hi ? START_LATER : START_SAME;
	if (pays_a && b->verdict == BREAKEVEN_NEVER)
		return START_GONE;
	if (pays_b && a->verdict == BREAKEVEN_NEVER)
		return START_NEW;
	if (a->verdict == BREAKEVEN_NEVER && b->verdict == BREAKEVEN_NEVER)
		return START_NEITHER;
	return START_UNKNOWN;
}

/* ------------------------------------------------------------- pairs */

static bool pairs_is_known(const struct comparison *comparison,
			   const struct compared_absent *absent)
{
	for (size_t i = 0; i < comparison->nabsent; i++) {
		const struct compared_absent *old = &comparison->absent[i];

		if (old->in_b == absent->in_b &&
		    old->kernel == absent->kernel &&
		    old->runner == absent->runner &&
		    old->workers == absent->workers &&
		    old->placement == absent->placement && old->n == absent->n)
			return true;
	}
	return false;
}

static int pairs_add_absent(struct comparison *comparison,
			    struct compared_absent absent)
{
	struct compared_absent *grown;

	if (pairs_is_known(comparison, &absent))
		return 0;
	grown = reallocarray(comparison->absent, comparison->nabsent + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	comparison->absent = grown;
	grown[comparison->nabsent++] = absent;
	return 0;
}

/* Add an absent pair; or its kernel or runner, if the other side has nothing of
 * that at all. */
static int pairs_add_absent_pair(struct comparison *comparison, bool in_b,
				 const struct pair *pair, const char *kernel,
				 const char *runner, const char *reason)
{
	const struct record *other =
		in_b ? comparison->a.record : comparison->b.record;
	struct compared_absent absent = {.in_b = in_b, .placement = ""};

	if (!pairs_have_kernel(other, kernel)) {
		absent.kernel = pair->kernel;
	} else if (!pairs_have_runner(other, runner)) {
		absent.runner = pair->runner;
	} else {
		absent.kernel = pair->kernel;
		absent.runner = pair->runner;
		absent.workers = pair->workers;
		absent.placement = pair->workers > 1 ? pair->placement : "";
		absent.reason = reason;
	}
	return pairs_add_absent(comparison, absent);
}

#define FARTHER 2.0 /* the ratio of two placements, as in stats_two_modes() */

/* Each record knows of one placement only; is it another one? Between different
 * CPUs it always is. */
static bool pairs_have_moved(const struct comparison *comparison)
{
	const struct findings *a = comparison->a.findings;
	const struct findings *b = comparison->b.findings;
	double times = a->checks.trip_ns[1] / b->checks.trip_ns[1];

	return a->nplacements == 1 && b->nplacements == 1 &&
	       !compare_other_cpu(comparison->a.record, comparison->b.record) &&
	       (times >= FARTHER || times <= 1 / FARTHER);
}

/* The crossing in the place of `like`, called `kernel` and `runner` there. */
static const struct crossing *pairs_find_crossing(
	const struct findings *findings, const struct pair *like,
	const char *kernel, const char *runner)
{
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct pair *pair = &findings->crossings[i].pair;

		if (strcmp(pair->kernel, kernel) == 0 &&
		    strcmp(pair->runner, runner) == 0 &&
		    strcmp(pair->base, "serial") == 0 &&
		    pair->workers == like->workers &&
		    (pair->workers == 1 ||
		     strcmp(pair->placement, like->placement) == 0))
			return &findings->crossings[i];
	}
	return NULL;
}

/* What one side says of sizes that it does not publish a time of. */
static int pairs_add_broken(struct comparison *comparison, bool in_b,
			    const struct crossing *broken,
			    const struct crossing *whole)
{
	const struct findings *findings =
		in_b ? comparison->a.findings : comparison->b.findings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->verdict >= CELL_INVALID &&
		    pair_equal(&cell->pair, &broken->pair))
			rc = pairs_add_absent(
				comparison,
				(struct compared_absent){
					.in_b = in_b,
					.kernel = whole->pair.kernel,
					.runner = whole->pair.runner,
					.workers = whole->pair.workers,
					.placement = whole->pair.placement,
					.n = cell->n,
					.reason = cell->reason,
				});
	}
	return rc;
}

/* What only one of them measured; b may be NULL. */
static int pairs_add_half(struct comparison *comparison,
			  const struct compare_names *kernel,
			  const struct compare_names *runner,
			  const struct crossing *a, const struct crossing *b)
{
	if (a->n_max > 0)
		return pairs_add_absent_pair(comparison, false, &a->pair,
					     kernel->b, runner->b,
					     b ? b->reason : NULL);
	if (b && b->n_max > 0)
		return pairs_add_absent_pair(comparison, true, &b->pair,
					     kernel->a, runner->a, a->reason);
	return 0;
}

static int pairs_add(struct comparison *comparison,
		     const struct compare_names *kernel,
		     const struct compare_names *runner,
		     const struct crossing *a)
{
	const struct crossing *b = pairs_find_crossing(
		comparison->b.findings, &a->pair, kernel->b, runner->b);

	if (comparison->moved && a->pair.workers > 1)
		return 0;
	if (!b || b->n_max == 0 || a->n_max == 0)
		return pairs_add_half(comparison, kernel, runner, a, b);
	comparison->pairs[comparison->npairs++] = (struct compared_pair){
		.kernel = *kernel,
		.runner = *runner,
		.workers = a->pair.workers,
		.placement = a->pair.workers > 1 ? a->pair.placement : "",
		.a = a,
		.b = b,
		.start = pairs_compare_starts(&a->at, &b->at),
	};
	return pairs_add_broken(comparison, false, b, a)
		       ? -ENOMEM
		       : pairs_add_broken(comparison, true, a, b);
}

static int pairs_add_runner(struct comparison *comparison,
			    const struct compare_names *kernel,
			    const struct compare_names *runner)
{
	const struct findings *a = comparison->a.findings;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->ncrossings; i++) {
		const struct pair *pair = &a->crossings[i].pair;

		if (strcmp(pair->base, "serial") == 0 &&
		    strcmp(pair->kernel, kernel->a) == 0 &&
		    strcmp(pair->runner, runner->a) == 0)
			rc = pairs_add(comparison, kernel, runner,
				       &a->crossings[i]);
	}
	return rc;
}

static int pairs_add_kernel(struct comparison *comparison,
			    const struct compare_names *kernel,
			    const struct compare_wishes *wishes)
{
	bool itself = comparison->a.record == comparison->b.record &&
		      strcmp(kernel->a, kernel->b) == 0;
	int rc = 0;

	if (comparison->of == TIMINGS_TIME && !itself &&
	    pairs_have_kernel(comparison->b.record, kernel->b))
		comparison->pairs[comparison->npairs++] =
			(struct compared_pair){.kernel = *kernel,
					       .workers = 1,
					       .placement = "",
					       .start = START_UNKNOWN};
	for (size_t r = 0; rc == 0 && r < wishes->nrunners; r++)
		rc = pairs_add_runner(comparison, kernel, &wishes->runners[r]);
	return rc;
}

/* Was B's crossing asked for by these names, and has A no counterpart? */
static bool pairs_is_unmet(const struct comparison *comparison,
			   const struct compare_names *kernel,
			   const struct compare_names *runner,
			   const struct crossing *b)
{
	return strcmp(b->pair.kernel, kernel->b) == 0 &&
	       strcmp(b->pair.runner, runner->b) == 0 &&
	       !pairs_find_crossing(comparison->a.findings, &b->pair, kernel->a,
				    runner->a);
}

static int pairs_add_unmet(struct comparison *comparison,
			   const struct compare_wishes *wishes,
			   const struct crossing *b)
{
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < wishes->nkernels; k++)
		for (size_t r = 0; rc == 0 && r < wishes->nrunners; r++)
			if (pairs_is_unmet(comparison, &wishes->kernels[k],
					   &wishes->runners[r], b))
				rc = pairs_add_absent_pair(
					comparison, true, &b->pair,
					wishes->kernels[k].a,
					wishes->runners[r].a, NULL);
	return rc;
}

/* What only B has, among the names that were asked for. */
static int pairs_add_new(struct comparison *comparison,
			 const struct compare_wishes *wishes, bool all_kernels,
			 bool all_runners)
{
	const struct findings *b = comparison->b.findings;
	const struct record *a = comparison->a.record;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < b->ncrossings; i++) {
		const struct crossing *crossing = &b->crossings[i];
		const struct pair *pair = &crossing->pair;

		if (strcmp(pair->base, "serial") != 0 || crossing->n_max == 0)
			continue;
		if ((all_kernels && !pairs_have_kernel(a, pair->kernel)) ||
		    (all_runners && !pairs_have_runner(a, pair->runner)))
			rc = pairs_add_absent_pair(comparison, true, pair,
						   pair->kernel, pair->runner,
						   NULL);
		else
			rc = pairs_add_unmet(comparison, wishes, crossing);
	}
	return rc;
}

/* How many pairs there are at most. */
static size_t pairs_max(const struct comparison *comparison,
			const struct compare_wishes *wishes)
{
	return wishes->nkernels *
	       (1 + wishes->nrunners * comparison->a.findings->ncrossings);
}

int compare_make_pairs(struct comparison *comparison,
		       struct compare_wishes *wishes)
{
	bool all_kernels = wishes->nkernels == 0 && !comparison->paired;
	bool all_runners = wishes->nrunners == 0;
	int rc = pairs_complete_names(comparison, wishes);

	if (rc)
		return rc;
	comparison->moved = pairs_have_moved(comparison);
	comparison->pairs = calloc(pairs_max(comparison, wishes) + 1,
				   sizeof(*comparison->pairs));
	if (!comparison->pairs)
		return -ENOMEM;
	for (size_t k = 0; rc == 0 && k < wishes->nkernels; k++)
		rc = pairs_add_kernel(comparison, &wishes->kernels[k], wishes);
	return rc ? rc
		  : pairs_add_new(comparison, wishes, all_kernels, all_runners);
}

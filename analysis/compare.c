/* SPDX-License-Identifier: MIT */
#include "analysis/compare.h"

#include "analysis/samples.h"
#include "analysis/trust.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_RATE 0.05 /* of all that is compared */

const char *const compared_start_names[] = {
	[START_SAME] = "overlapping", [START_SOONER] = "sooner",
	[START_LATER] = "later",      [START_NEW] = "new",
	[START_GONE] = "gone",	      [START_NEITHER] = "never in both",
	[START_UNKNOWN] = "unknown",
};

/* While it is made. */
struct compare_builder {
	struct comparison *comparison;
	struct timings a, b;
	size_t ncells;
	double alpha; /* of a cell */
};

/* ------------------------------------------------------------- names */

static const char *string_of(const struct record *record, const char *object,
			     const char *key)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(record->header, object), key));

	return text ? text : "";
}

bool compare_other_cpu(const struct record *a, const struct record *b)
{
	return strcmp(string_of(a, "machine", "model"),
		      string_of(b, "machine", "model")) != 0;
}

/* The name in the list that is the first `length` characters of the text. */
static const char *name_in(const char *const *list, size_t count,
			   const char *text, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == length &&
		    strncmp(list[i], text, length) == 0)
			return list[i];
	return NULL;
}

bool compare_find_names(const char *text, const char *const *a, size_t na,
			const char *const *b, size_t nb,
			struct compare_names *names)
{
	size_t length = strlen(text);

	*names = (struct compare_names){name_in(a, na, text, length),
					name_in(b, nb, text, length)};
	for (const char *at = text;
	     !(names->a && names->b) && (at = strchr(at, '=')); at++)
		*names = (struct compare_names){
			name_in(a, na, text, (size_t)(at - text)),
			name_in(b, nb, at + 1, strlen(at + 1))};
	return names->a && names->b;
}

static bool has_kernel(const struct record *record, const char *kernel)
{
	return name_in(record->kernels, record->nkernels, kernel,
		       strlen(kernel)) != NULL;
}

static bool has_runner(const struct record *record, const char *runner)
{
	for (size_t i = 0; i < record->nrunners; i++)
		if (strcmp(record->runners[i].spec, runner) == 0)
			return true;
	return false;
}

/* Names that were not given are all those of A. */
static int settle_names(struct comparison *comparison,
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
			*next++ = (struct compare_names){a->kernels[k],
							 a->kernels[k]};
		wishes->nkernels = a->nkernels;
	}
	if (wishes->nrunners == 0) {
		wishes->runners = next;
		for (size_t r = 0; r < a->nrunners; r++)
			*next++ = (struct compare_names){a->runners[r].spec,
							 a->runners[r].spec};
		wishes->nrunners = a->nrunners;
	}
	return 0;
}

/* ------------------------------------------------------------- cells */

/* Is it a cell of that pair, on side A or B? */
static bool belongs(const struct timing *timing,
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

static const struct timing *find_timing(const struct timings *timings,
					const struct compared_pair *pair,
					bool b, uint64_t n)
{
	for (size_t i = 0; i < timings->count; i++)
		if (timings->list[i].n == n &&
		    belongs(&timings->list[i], pair, b))
			return &timings->list[i];
	return NULL;
}

static bool on_grid(const struct comparison *comparison, uint64_t n)
{
	return samples_on_grid(comparison->a.record, n) ||
	       samples_on_grid(comparison->b.record, n);
}

/* Enough generations on both sides to be able to tell anything. */
static bool can_tell(const struct timing *a, const struct timing *b)
{
	return a->count >= FINDINGS_GENERATIONS &&
	       b->count >= FINDINGS_GENERATIONS;
}

/* Of the pair's cells that both sides have, how many share the error rate. */
static void count_cells(struct compare_builder *making,
			const struct compared_pair *pair)
{
	struct comparison *comparison = making->comparison;

	for (size_t i = 0; i < making->a.count; i++) {
		const struct timing *a = &making->a.list[i], *b;

		if (!belongs(a, pair, false) || !on_grid(comparison, a->n))
			continue;
		b = find_timing(&making->b, pair, true, a->n);
		if (!b)
			comparison->only_a++;
		else if (can_tell(a, b))
			comparison->comparisons++;
		else
			comparison->few++;
	}
	for (size_t i = 0; i < making->b.count; i++) {
		const struct timing *b = &making->b.list[i];

		if (belongs(b, pair, true) && on_grid(comparison, b->n))
			comparison->only_b +=
				!find_timing(&making->a, pair, false, b->n);
	}
}

/* +1 where more is better for B. */
static int better(const struct comparison *comparison)
{
	return comparison->of == TIMINGS_TIME ? -1 : 1;
}

static int compare_cell(struct compare_builder *making, const struct timing *a,
			const struct timing *b)
{
	struct comparison *comparison = making->comparison;
	struct compared_cell *cell = &comparison->cells[making->ncells++];
	struct stats_shift shift;
	struct interval gain;
	int rc = stats_shift(a->values, a->count, b->values, b->count,
			     making->alpha, &shift);

	if (rc)
		return rc;
	gain = better(comparison) > 0 ? shift.interval
				      : (struct interval){-shift.interval.hi,
							  -shift.interval.lo};
	*cell = (struct compared_cell){
		.n = a->n,
		.a = exp(stats_median(a->values, a->count)),
		.b = exp(stats_median(b->values, b->count)),
		.log_ratio = shift.shift,
		.interval = shift.interval,
		.generations_a = (unsigned)a->count,
		.generations_b = (unsigned)b->count,
		.verdict = stats_verdict(gain),
	};
	comparison->counts[cell->verdict]++;
	return 0;
}

static int compare_cells(struct compare_builder *making,
			 struct compared_pair *pair)
{
	struct comparison *comparison = making->comparison;
	int rc = 0;

	pair->cells = comparison->cells + making->ncells;
	for (size_t i = 0; rc == 0 && i < making->a.count; i++) {
		const struct timing *a = &making->a.list[i], *b;

		if (!belongs(a, pair, false) || !on_grid(comparison, a->n))
			continue;
		b = find_timing(&making->b, pair, true, a->n);
		if (b)
			rc = compare_cell(making, a, b);
	}
	pair->ncells =
		(size_t)(comparison->cells + making->ncells - pair->cells);
	return rc;
}

/* ------------------------------------------------------------- sizes */

/* Where it begins to pay, as a range; false: it does not, or nobody knows. */
static bool start_of(const struct breakeven *at, struct interval *start)
{
	if (at->verdict != BREAKEVEN_AT && at->verdict != BREAKEVEN_ALWAYS &&
	    at->verdict != BREAKEVEN_WINDOW)
		return false;
	*start = (struct interval){isnan(at->n_lo) ? 0 : at->n_lo, at->n_hi};
	return true;
}

static enum compared_start compare_starts(const struct breakeven *a,
					  const struct breakeven *b)
{
	struct interval x, y;
	bool pays_a = start_of(a, &x), pays_b = start_of(b, &y);

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

static bool is_known(const struct comparison *comparison,
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

static int add_absent(struct comparison *comparison,
		      struct compared_absent absent)
{
	struct compared_absent *grown;

	if (is_known(comparison, &absent))
		return 0;
	grown = reallocarray(comparison->absent, comparison->nabsent + 1,
			     sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	comparison->absent = grown;
	grown[comparison->nabsent++] = absent;
	return 0;
}

/* As an absent pair where that is all that the other side lacks; as a kernel
 * or a runner where it has nothing of that at all. */
static int add_absent_pair(struct comparison *comparison, bool in_b,
			   const struct pair *pair, const char *kernel,
			   const char *runner, const char *reason)
{
	const struct record *other =
		in_b ? comparison->a.record : comparison->b.record;
	struct compared_absent absent = {.in_b = in_b, .placement = ""};

	if (!has_kernel(other, kernel)) {
		absent.kernel = pair->kernel;
	} else if (!has_runner(other, runner)) {
		absent.runner = pair->runner;
	} else {
		absent.kernel = pair->kernel;
		absent.runner = pair->runner;
		absent.workers = pair->workers;
		absent.placement = pair->workers > 1 ? pair->placement : "";
		absent.reason = reason;
	}
	return add_absent(comparison, absent);
}

#define FARTHER 2.0 /* so much between two placements, as stats_two_modes() */

/* Each record knows of one placement only; is it another one? Between different
 * CPUs it always is. */
static bool have_moved(const struct comparison *comparison)
{
	const struct findings *a = comparison->a.findings;
	const struct findings *b = comparison->b.findings;
	double times = a->proof.trip_ns[1] / b->proof.trip_ns[1];

	return a->nplacements == 1 && b->nplacements == 1 &&
	       !compare_other_cpu(comparison->a.record, comparison->b.record) &&
	       (times >= FARTHER || times <= 1 / FARTHER);
}

/* The crossing in the place of `like`, called `kernel` and `runner` there. */
static const struct crossing *find_crossing(const struct findings *findings,
					    const struct pair *like,
					    const char *kernel,
					    const char *runner)
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
static int add_broken(struct comparison *comparison, bool in_b,
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
			rc = add_absent(
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
static int add_half_pair(struct comparison *comparison,
			 const struct compare_names *kernel,
			 const struct compare_names *runner,
			 const struct crossing *a, const struct crossing *b)
{
	if (a->n_max > 0)
		return add_absent_pair(comparison, false, &a->pair, kernel->b,
				       runner->b, b ? b->reason : NULL);
	if (b && b->n_max > 0)
		return add_absent_pair(comparison, true, &b->pair, kernel->a,
				       runner->a, a->reason);
	return 0;
}

static int add_pair(struct comparison *comparison,
		    const struct compare_names *kernel,
		    const struct compare_names *runner,
		    const struct crossing *a)
{
	const struct crossing *b = find_crossing(
		comparison->b.findings, &a->pair, kernel->b, runner->b);

	if (comparison->moved && a->pair.workers > 1)
		return 0;
	if (!b || b->n_max == 0 || a->n_max == 0)
		return add_half_pair(comparison, kernel, runner, a, b);
	comparison->pairs[comparison->npairs++] = (struct compared_pair){
		.kernel = *kernel,
		.runner = *runner,
		.workers = a->pair.workers,
		.placement = a->pair.workers > 1 ? a->pair.placement : "",
		.a = a,
		.b = b,
		.start = compare_starts(&a->at, &b->at),
	};
	return add_broken(comparison, false, b, a)
		       ? -ENOMEM
		       : add_broken(comparison, true, a, b);
}

static int add_runner(struct comparison *comparison,
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
			rc = add_pair(comparison, kernel, runner,
				      &a->crossings[i]);
	}
	return rc;
}

static int add_kernel(struct comparison *comparison,
		      const struct compare_names *kernel,
		      const struct compare_wishes *wishes)
{
	bool itself = comparison->a.record == comparison->b.record &&
		      strcmp(kernel->a, kernel->b) == 0;
	int rc = 0;

	if (comparison->of == TIMINGS_TIME && !itself &&
	    has_kernel(comparison->b.record, kernel->b))
		comparison->pairs[comparison->npairs++] =
			(struct compared_pair){.kernel = *kernel,
					       .workers = 1,
					       .placement = "",
					       .start = START_UNKNOWN};
	for (size_t r = 0; rc == 0 && r < wishes->nrunners; r++)
		rc = add_runner(comparison, kernel, &wishes->runners[r]);
	return rc;
}

/* Has A nothing in the place of B's, which was asked for by these names? */
static bool is_unmet(const struct comparison *comparison,
		     const struct compare_names *kernel,
		     const struct compare_names *runner,
		     const struct crossing *b)
{
	return strcmp(b->pair.kernel, kernel->b) == 0 &&
	       strcmp(b->pair.runner, runner->b) == 0 &&
	       !find_crossing(comparison->a.findings, &b->pair, kernel->a,
			      runner->a);
}

static int add_unmet(struct comparison *comparison,
		     const struct compare_wishes *wishes,
		     const struct crossing *b)
{
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < wishes->nkernels; k++)
		for (size_t r = 0; rc == 0 && r < wishes->nrunners; r++)
			if (is_unmet(comparison, &wishes->kernels[k],
				     &wishes->runners[r], b))
				rc = add_absent_pair(comparison, true, &b->pair,
						     wishes->kernels[k].a,
						     wishes->runners[r].a,
						     NULL);
	return rc;
}

/* What B has beside it; where only some were asked for, of these. */
static int add_new(struct comparison *comparison,
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
		if ((all_kernels && !has_kernel(a, pair->kernel)) ||
		    (all_runners && !has_runner(a, pair->runner)))
			rc = add_absent_pair(comparison, true, pair,
					     pair->kernel, pair->runner, NULL);
		else
			rc = add_unmet(comparison, wishes, crossing);
	}
	return rc;
}

/* ------------------------------------------------------------- all */

/* How many pairs there are at most. */
static size_t most_pairs(const struct comparison *comparison,
			 const struct compare_wishes *wishes)
{
	return wishes->nkernels *
	       (1 + wishes->nrunners * comparison->a.findings->ncrossings);
}

static int make_pairs(struct comparison *comparison,
		      struct compare_wishes wishes)
{
	bool all_kernels = wishes.nkernels == 0;
	bool all_runners = wishes.nrunners == 0;
	int rc = settle_names(comparison, &wishes);

	if (rc)
		return rc;
	comparison->moved = have_moved(comparison);
	comparison->pairs = calloc(most_pairs(comparison, &wishes) + 1,
				   sizeof(*comparison->pairs));
	if (!comparison->pairs)
		return -ENOMEM;
	for (size_t k = 0; rc == 0 && k < wishes.nkernels; k++)
		rc = add_kernel(comparison, &wishes.kernels[k], &wishes);
	return rc ? rc : add_new(comparison, &wishes, all_kernels, all_runners);
}

/* Serial at kernels of which nothing is in both. */
static void drop_empty(struct comparison *comparison)
{
	size_t kept = 0;

	for (size_t i = 0; i < comparison->npairs; i++)
		if (comparison->pairs[i].a || comparison->pairs[i].ncells > 0)
			comparison->pairs[kept++] = comparison->pairs[i];
	comparison->npairs = kept;
}

static int make_cells(struct compare_builder *making)
{
	struct comparison *comparison = making->comparison;
	int rc = 0;

	for (size_t i = 0; i < comparison->npairs; i++)
		count_cells(making, &comparison->pairs[i]);
	making->alpha = ERROR_RATE / fmax(1, (double)comparison->comparisons);
	comparison->cells =
		calloc(comparison->comparisons + comparison->few + 1,
		       sizeof(*comparison->cells));
	if (!comparison->cells)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < comparison->npairs; i++)
		rc = compare_cells(making, &comparison->pairs[i]);
	drop_empty(comparison);
	return rc;
}

int compare_init(struct comparison *comparison, const struct compare_side *a,
		 const struct compare_side *b,
		 const struct compare_wishes *wishes)
{
	struct compare_builder making = {.comparison = comparison};
	int rc;

	*comparison = (struct comparison){.a = *a, .b = *b, .of = wishes->of};
	rc = make_pairs(comparison, *wishes);
	if (rc == 0)
		rc = timings_init(&making.a, a->record, a->findings,
				  wishes->of);
	if (rc == 0)
		rc = timings_init(&making.b, b->record, b->findings,
				  wishes->of);
	if (rc == 0)
		rc = make_cells(&making);
	timings_free(&making.a);
	timings_free(&making.b);
	return rc;
}

void compare_free(struct comparison *comparison)
{
	free(comparison->pairs);
	free(comparison->absent);
	free(comparison->cells);
	free(comparison->made);
}

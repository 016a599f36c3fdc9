/* SPDX-License-Identifier: MIT */
#include "analysis/self_checks.h"

#include "analysis/disturbed_rounds.h"
#include "analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_RATE  0.05
#define LINK_NS_MAX 1e9

enum { LINK_WORKERS_MAX = 65536 };

/* Of the second serial, and of the known size: what is missed by chance is a
 * false alarm of the whole run. */
#define ALARM_RATE 0.01

/* What the self-checks are judged by, and scratch memory. */
struct evidence {
	const struct record *record;
	double longest_ns; /* probe of an undisturbed round */
	size_t room;
	double *scratch;
	struct stats_value *values;
	struct stats_sample *samples;
};

static const struct series *check_find_role(const struct block *block,
					    enum role role)
{
	for (size_t i = 0; i < block->nseries; i++)
		if (block->series[i].role == role)
			return &block->series[i];
	return NULL;
}

/* log(base / series) of a round; NaN: not known, or disturbed. */
static double check_log_ratio(const struct evidence *evidence,
			      const struct block *block,
			      const struct series *series, size_t round)
{
	const struct series *base = check_find_role(block, ROLE_BASE);

	if (!base || !(base->ns[round] > 0) || !(series->ns[round] > 0) ||
	    disturbed_rounds_is(block, round, evidence->longest_ns))
		return NAN;
	return log(base->ns[round] / (double)base->calls) -
	       log(series->ns[round] / (double)series->calls);
}

/* ------------------------------------------------------------- twins */

/* Has this kernel and size been seen in an earlier block? */
static bool check_seen_before(const struct record *record, size_t b)
{
	for (size_t i = 0; i < b; i++)
		if (record->blocks[i].n == record->blocks[b].n &&
		    strcmp(record->blocks[i].kernel,
			   record->blocks[b].kernel) == 0 &&
		    check_find_role(&record->blocks[i], ROLE_AA_CONTROL))
			return true;
	return false;
}

/* All of this kernel and size. */
static size_t check_aa_values(const struct evidence *evidence,
			      const struct block *like)
{
	size_t kept = 0;

	for (size_t b = 0; b < evidence->record->nblocks; b++) {
		const struct block *block = &evidence->record->blocks[b];
		const struct series *aa_control =
			check_find_role(block, ROLE_AA_CONTROL);

		if (!aa_control || block->n != like->n ||
		    strcmp(block->kernel, like->kernel) != 0)
			continue;
		for (size_t r = 0; r < block->rounds; r++) {
			double x =
				check_log_ratio(evidence, block, aa_control, r);

			if (!isnan(x))
				evidence->values[kept++] = (struct stats_value){
					x, block->generation};
		}
	}
	return kept;
}

static size_t check_count_aa_cells(const struct record *record)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		count += check_find_role(&record->blocks[b], ROLE_AA_CONTROL) &&
			 !check_seen_before(record, b);
	return count;
}

static void check_judge_aa_cell(const struct evidence *evidence,
				const struct block *block, size_t comparisons,
				struct self_checks *checks)
{
	struct stats_estimate estimate = stats_estimate(
		evidence->values, check_aa_values(evidence, block),
		ALARM_RATE / (double)comparisons, evidence->scratch);
	enum cell_verdict verdict = stats_verdict(estimate.interval);

	if (estimate.count == 0)
		return;
	checks->aa_sizes++;
	checks->aa_differ += verdict == CELL_FASTER || verdict == CELL_SLOWER;
	checks->aa_worst = fmax(checks->aa_worst, fabs(estimate.median));
}

static void check_judge_aa(const struct evidence *evidence,
			   struct self_checks *checks)
{
	const struct record *record = evidence->record;
	size_t comparisons = check_count_aa_cells(record);

	for (size_t b = 0; b < record->nblocks; b++)
		if (check_find_role(&record->blocks[b], ROLE_AA_CONTROL) &&
		    !check_seen_before(record, b))
			check_judge_aa_cell(evidence, &record->blocks[b],
					    comparisons, checks);
}

/* ------------------------------------------------------------- planted */

static int check_by_size(const void *a, const void *b)
{
	const struct stats_sample *p = a, *q = b;

	return (p->n > q->n) - (p->n < q->n);
}

static size_t check_planted_samples(const struct evidence *evidence)
{
	struct stats_sample *samples = evidence->samples;
	size_t kept = 0;

	for (size_t b = 0; b < evidence->record->nblocks; b++) {
		const struct block *block = &evidence->record->blocks[b];
		const struct series *planted =
			check_find_role(block, ROLE_SELF_CHECK);

		for (size_t r = 0; planted && r < block->rounds; r++) {
			double x = check_log_ratio(evidence, block, planted, r);

			if (!isnan(x))
				samples[kept++] = (struct stats_sample){
					(double)block->n, x, block->generation};
		}
	}
	qsort(samples, kept, sizeof(*samples), check_by_size);
	return kept;
}

static int check_judge_planted(const struct evidence *evidence,
			       struct self_checks *checks)
{
	const json_t *truth = json_object_get(
		json_object_get(evidence->record->header, "proof"), "items");
	struct stats_crossing crossing;
	size_t count = check_planted_samples(evidence);
	int rc;

	checks->known_truth = truth ? json_number_value(truth) : NAN;
	checks->found = NAN;
	checks->found_interval = (struct interval){-INFINITY, INFINITY};
	if (count == 0 || !truth)
		return 0;
	rc = stats_crossing(evidence->samples, count, checks->known_truth,
			    ALARM_RATE, &crossing);
	if (rc == 0) {
		checks->found = crossing.n_star;
		checks->found_interval = crossing.n;
	}
	return rc == -ENOMEM ? rc : 0;
}

/* ------------------------------------------------------------- ceiling */

static size_t check_count_kinds(const struct record *record)
{
	return json_array_size(json_object_get(
		json_object_get(record->header, "machine"), "kinds"));
}

/* What the probes say that all CPUs in use do at once, in CPUs. */
static void check_judge_ceiling(const struct evidence *evidence,
				struct self_checks *checks)
{
	struct stats_estimate estimate;
	size_t kept = 0;

	for (size_t b = 0; b < evidence->record->nblocks; b++) {
		const struct block *block = &evidence->record->blocks[b];

		for (size_t r = 0; r < block->rounds; r++) {
			const struct reading *now = &block->readings[2 * r + 1];
			double share = now->alone_ns / now->together_ns;

			if (share > 0 && isfinite(share) &&
			    !disturbed_rounds_is(block, r,
						 evidence->longest_ns))
				evidence->values[kept++] = (struct stats_value){
					share, block->generation};
		}
	}
	/* A ceiling means nothing if the CPUs differ in speed. */
	checks->unequal = kept && check_count_kinds(evidence->record) > 1;
	if (checks->unequal)
		kept = 0;
	estimate = stats_estimate(evidence->values, kept, ERROR_RATE,
				  evidence->scratch);
	checks->compute = estimate.median;
	checks->compute_interval = estimate.interval;
}

/* What the next CPU is away. */
static void check_judge_trips(const struct evidence *evidence,
			      struct self_checks *checks)
{
	size_t kept = 0;

	for (size_t b = 0; b < evidence->record->nblocks; b++) {
		const struct block *block = &evidence->record->blocks[b];

		for (size_t r = 0; r < block->rounds; r++)
			if (block->readings[2 * r + 1].trip_ns > 0)
				evidence->scratch[kept++] =
					block->readings[2 * r + 1].trip_ns;
	}
	stats_sort(evidence->scratch, kept);
	for (size_t q = 0; q < 3; q++)
		checks->trip_ns[q] =
			kept ? evidence->scratch[(q + 1) * (kept - 1) / 4]
			     : NAN;
}

/* What is no such distance is not told. */
static void check_take_links(const struct record *record,
			     struct self_checks *checks)
{
	json_t *links = json_object_get(record->header, "links");
	double *ns = checks->link_ns;
	json_int_t workers = 0;

	if (json_unpack(links, "{s:I,s:F,s:F,s:F}", "workers", &workers,
			"least_ns", &ns[0], "median_ns", &ns[1], "most_ns",
			&ns[2]) == 0 &&
	    workers > 2 && workers <= LINK_WORKERS_MAX && ns[0] > 0 &&
	    ns[0] <= ns[1] && ns[1] <= ns[2] && ns[2] < LINK_NS_MAX)
		checks->link_workers = (unsigned)workers;
}

/* ------------------------------------------------------------- all */

static int check_prepare(const struct record *record, struct evidence *evidence)
{
	for (size_t b = 0; b < record->nblocks; b++)
		evidence->room += record->blocks[b].rounds;
	evidence->scratch =
		calloc(evidence->room + 1, sizeof(*evidence->scratch));
	evidence->values =
		calloc(evidence->room + 1, sizeof(*evidence->values));
	evidence->samples =
		calloc(evidence->room + 1, sizeof(*evidence->samples));
	return evidence->scratch && evidence->values && evidence->samples
		       ? 0
		       : -ENOMEM;
}

int self_checks_judge(struct findings *findings, const struct record *record,
		      double longest_ns)
{
	struct evidence evidence = {.record = record, .longest_ns = longest_ns};
	int rc = check_prepare(record, &evidence);

	if (rc == 0) {
		check_judge_aa(&evidence, &findings->checks);
		check_judge_ceiling(&evidence, &findings->checks);
		check_judge_trips(&evidence, &findings->checks);
		check_take_links(record, &findings->checks);
		rc = check_judge_planted(&evidence, &findings->checks);
	}
	free(evidence.scratch);
	free(evidence.values);
	free(evidence.samples);
	return rc;
}

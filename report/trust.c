/* SPDX-License-Identifier: MIT */
#include "report/trust.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GATED_LIMIT  0.3
#define TILING_LIMIT 1.05 /* serial by tiles over one direct run */

static void distrust(struct findings *findings, const char *reason)
{
	findings->trusted = false;
	if (findings->nreasons < FINDINGS_REASONS_MAX)
		findings->reasons[findings->nreasons++] = reason;
}

static const char *build_text(const struct record *record, const char *key)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(record->header, "build"), key));

	return text ? text : "";
}

/* How much dearer serial is by tiles than in one run, at sizes where tiles are
 * whole ones: the first two are cut from what is less than a grain. 1 when
 * nothing tells. */
static int tiling_cost(const struct findings *findings, double *cost)
{
	double *costs = malloc((findings->ncells + 1) * sizeof(*costs));
	size_t count = 0;

	if (!costs)
		return -ENOMEM;
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (cell->tiles > 2 && cell->direct_ns > 0 &&
		    cell->serial_ns > 0)
			costs[count++] = cell->serial_ns / cell->direct_ns;
	}
	*cost = count ? stats_median_of(costs, count) : 1;
	free(costs);
	return 0;
}

static bool any_invalid(const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].verdict == CELL_INVALID)
			return true;
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (findings->crossings[i].at.verdict == BREAKEVEN_INVALID)
			return true;
	return false;
}

/* Does serial differ from serial? */
static bool biased(const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (strcmp(cell->pair.runner, "serial") == 0 &&
		    (cell->verdict == CELL_FASTER ||
		     cell->verdict == CELL_SLOWER))
			return true;
	}
	return false;
}

static unsigned most_generations(const struct findings *findings)
{
	unsigned most = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].generations > most)
			most = findings->cells[i].generations;
	return most;
}

/* What every run proves of itself, where there was time for it. */
static void judge_proof(struct findings *findings)
{
	const struct proof *proof = &findings->proof;

	if (!isnan(proof->planted_truth) && isnan(proof->planted) &&
	    proof->twins == 0)
		distrust(findings, "it could prove nothing of itself: run it "
				   "where more processes may be started, or "
				   "give it more --budget");
	if (proof->twins_differ)
		distrust(findings,
			 "serial differs from a second serial: run it again "
			 "when the machine is quieter");
	if (proof->planted_truth < proof->planted_interval.lo ||
	    proof->planted_truth > proof->planted_interval.hi)
		distrust(findings,
			 "a planted break-even size was not found: run it "
			 "again when the machine is quieter");
	if (findings->gated > GATED_LIMIT * (double)findings->rounds)
		distrust(findings,
			 "over 30 % of the rounds were disturbed, as their "
			 "canaries say: run it again when the machine is "
			 "quieter");
}

int trust_judge(struct findings *findings, const struct record *record)
{
	double cost;

	if (tiling_cost(findings, &cost) < 0)
		return -ENOMEM;
	findings->complete = record->ended && record->complete;
	findings->trusted = true;
	if (!findings->complete)
		distrust(findings, "the run was interrupted: run it again");
	if (!findings_measured(findings))
		distrust(findings, "nothing was measured: see what was left "
				   "out, below");
	else if (most_generations(findings) < FINDINGS_GENERATIONS)
		distrust(findings,
			 "no cell was measured in six generations of fresh "
			 "processes: give it more --budget");
	if (any_invalid(findings))
		distrust(findings, "a runner is invalid: see why below, and "
				   "leave it out, or mend it");
	judge_proof(findings);
	if (biased(findings))
		distrust(findings,
			 "serial differs from serial: run it again when the "
			 "machine is quieter");
	if (strcmp(build_text(record, "type"), "Debug") == 0)
		distrust(findings, "a Debug build: build it with `make`");
	if (build_text(record, "sanitizer")[0])
		distrust(findings, "a build with sanitizers: build it with "
				   "`make`");
	if (cost > TILING_LIMIT)
		distrust(findings,
			 "serial by tiles takes over 5 % more than in one run: "
			 "give the kernel a larger grain");
	return 0;
}

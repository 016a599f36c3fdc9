/* SPDX-License-Identifier: MIT */
#include "analysis/trust.h"

#include "analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GATED_LIMIT  0.3
#define TILING_LIMIT 1.05 /* serial by tiles over one run(0, n) */
#define TILING_RATE  0.05 /* of errors, of that check */
#define ROOM	     1.25 /* over what would just do */

#define WAIT "run it again with --wait-for-quiet"

static void trust_distrust(struct findings *findings, const char *reason)
{
	findings->trusted = false;
	if (findings->nreasons < FINDINGS_REASONS_MAX)
		findings->reasons[findings->nreasons++] = reason;
}

/* There is too little of something: how to get more. `share` of what is needed
 * is there, in the same time. */
static void trust_ask_for_more(struct findings *findings,
			       const struct record *record, const char *reason,
			       double share)
{
	double budget = record_budget_s(record), wanted, step;
	const char *text;

	if (findings->counted) {
		text = findings_make_text(findings, "%sask for --generations 6",
					  reason);
	} else if (budget > 0) {
		wanted = ROOM * budget / share;
		step = wanted < 100 ? 5 : 10;
		text = findings_make_text(findings,
					  "%sgive it more, as --budget %.0f",
					  reason, ceil(wanted / step) * step);
	} else {
		text = findings_make_text(findings, "%sgive it more --budget",
					  reason);
	}
	trust_distrust(findings, text ? text : reason);
}

static const char *trust_build_text(const struct record *record,
				    const char *key)
{
	const char *text = json_string_value(
		json_object_get(json_object_get(record->header, "build"), key));

	return text ? text : "";
}

/* By round: log(serial by tiles / one run over all items). The base is the
 * latter, or in older records the former. */
static size_t trust_block_costs(const struct block *block,
				struct stats_value *costs)
{
	const struct series *base = samples_find_series(block, ROLE_BASE, NULL);
	const struct series *tiles =
		samples_find_series(block, ROLE_CONTROL, "tiles");
	const struct series *direct =
		samples_find_series(block, ROLE_CONTROL, "direct");
	const struct series *cut = tiles ? tiles : base;
	const struct series *whole = tiles ? base : direct;
	size_t count = 0;

	for (size_t r = 0; cut && whole && r < block->rounds; r++)
		if (cut->ns[r] > 0 && whole->ns[r] > 0)
			costs[count++] = (struct stats_value){
				log(cut->ns[r] / (double)cut->calls /
				    (whole->ns[r] / (double)whole->calls)),
				block->generation};
	return count;
}

/* Has a share of the block whole tiles? Of few items, tiles are smaller than a
 * grain, and cost more. */
static bool trust_has_whole_tiles(const struct block *block)
{
	const struct series *tiles =
		samples_find_series(block, ROLE_CONTROL, "tiles");

	return block->tiles > (tiles ? tiles->workers : 2);
}

/* Is it proven that a kernel's tiles cost too much? Only at sizes with whole
 * tiles. */
static bool trust_tiles_are_dear(const struct record *record,
				 const char *kernel, struct stats_value *costs,
				 double *scratch)
{
	struct stats_estimate estimate;
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		if (trust_has_whole_tiles(&record->blocks[b]) &&
		    strcmp(record->blocks[b].kernel, kernel) == 0)
			count += trust_block_costs(&record->blocks[b],
						   costs + count);
	estimate = stats_estimate(costs, count, TILING_RATE, scratch);
	return estimate.interval.lo > log(TILING_LIMIT);
}

/* Does the kernel come from a file, which its user can change? */
static bool trust_is_from_file(const struct record *record, size_t k)
{
	return json_is_string(json_object_get(
		json_array_get(json_object_get(record->header, "kernels"), k),
		"kernel"));
}

static int trust_judge_tiles(struct findings *findings,
			     const struct record *record)
{
	bool dear[2] = {false, false}; /* by whether it is from a file */
	struct stats_value *costs;
	size_t rounds = 0;
	double *scratch;

	for (size_t b = 0; b < record->nblocks; b++)
		rounds += record->blocks[b].rounds;
	costs = calloc(rounds + 1, sizeof(*costs));
	scratch = calloc(rounds + 1, sizeof(*scratch));
	for (size_t k = 0; costs && scratch && k < record->nkernels; k++)
		if (trust_tiles_are_dear(record, record->kernels[k], costs,
					 scratch))
			dear[trust_is_from_file(record, k)] = true;
	free(scratch);
	free(costs);
	if (!costs || !scratch)
		return -ENOMEM;
	if (dear[true])
		trust_distrust(
			findings,
			"serial by tiles takes over 5 % more than in one run: "
			"give the kernel a larger grain");
	if (dear[false])
		trust_distrust(
			findings,
			"serial by tiles takes over 5 % more than in one run, "
			"though its tiles are large enough: " WAIT);
	return 0;
}

static bool trust_any_invalid(const struct findings *findings)
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
static bool trust_biased(const struct findings *findings)
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

static unsigned trust_most_generations(const struct findings *findings)
{
	unsigned most = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		if (findings->cells[i].generations > most)
			most = findings->cells[i].generations;
	return most;
}

static void trust_flag_throttled(struct findings *findings,
				 const struct block *block)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		struct cell *cell = &findings->cells[i];

		if (cell->n == block->n &&
		    strcmp(cell->pair.kernel, block->kernel) == 0)
			cell->throttled = true;
	}
}

/* What was done to the run from outside. */
static void trust_judge_events(struct findings *findings,
			       const struct record *record)
{
	bool cpus_changed = false;

	for (size_t b = 0; b < record->nblocks; b++) {
		const struct block *block = &record->blocks[b];

		findings->throttled += block->throttled;
		cpus_changed |= block->cpus_changed;
		if (block->throttled)
			trust_flag_throttled(findings, block);
	}
	if (findings->throttled)
		trust_distrust(
			findings,
			"the CPU quota of its control group stopped it while "
			"it ran: raise the quota, or run it outside of the "
			"group");
	if (cpus_changed)
		trust_distrust(
			findings,
			"the CPUs that it might use changed while it ran: run "
			"it again when its cpuset stays as it is");
}

/* Which self-check of a run that makes them was not made, in words? Or NULL. */
static const char *trust_find_missing(const struct self_checks *checks)
{
	if (isnan(checks->known_truth))
		return NULL;
	if (isnan(checks->found) && checks->aa_sizes == 0)
		return "no self-check was made: run it where more processes "
		       "may be started, or ";
	if (isnan(checks->found))
		return "a known break-even size was not measured: run it where "
		       "more processes may be started, or ";
	if (checks->aa_sizes == 0)
		return "serial was not measured beside a second serial: ";
	return NULL;
}

/* The self-checks of a run, if it makes them. */
static void trust_judge_checks(struct findings *findings,
			       const struct record *record)
{
	const struct self_checks *checks = &findings->checks;
	const char *missing = trust_find_missing(checks);

	if (missing)
		trust_ask_for_more(findings, record, missing, 0.8);
	if (checks->aa_differ)
		trust_distrust(findings,
			       "serial differs from a second serial: " WAIT);
	if (checks->known_truth < checks->found_interval.lo ||
	    checks->known_truth > checks->found_interval.hi)
		trust_distrust(findings,
			       "a known break-even size was not found: " WAIT);
	if (findings->gated > GATED_LIMIT * (double)findings->rounds)
		trust_distrust(
			findings,
			"other load disturbed over 30 % of the rounds: " WAIT);
}

/* Was there enough to conclude anything? */
static void trust_judge_amount(struct findings *findings,
			       const struct record *record)
{
	unsigned most = trust_most_generations(findings);

	if (!findings_measured(findings) && record->nnotes > 0)
		trust_distrust(findings,
			       "nothing was measured: see what was left "
			       "out, and why");
	else if (!findings_measured(findings))
		trust_ask_for_more(findings, record, "nothing was measured: ",
				   1.0 / FINDINGS_GENERATIONS);
	else if (most < FINDINGS_GENERATIONS)
		trust_ask_for_more(findings, record,
				   "no cell was measured in six generations of "
				   "fresh processes: ",
				   (double)most / FINDINGS_GENERATIONS);
}

/* Runs of `bench` go on; of others it is not known, or known that they do not.
 */
static bool trust_can_resume(const struct record *record)
{
	const char *command = json_string_value(
		json_array_get(json_object_get(record->header, "command"), 1));

	return command && strcmp(command, "bench") == 0;
}

int trust_judge(struct findings *findings, const struct record *record)
{
	findings->complete = record->ended && record->complete;
	findings->counted = record_budget_s(record) == 0;
	findings->trusted = true;
	if (!findings->complete)
		trust_distrust(findings,
			       trust_can_resume(record)
				       ? "the run was interrupted: run it "
					 "again, or go on with `bench "
					 "--resume`"
				       : "the run was interrupted: run it "
					 "again");
	if (json_object_get(record->header, "pretended"))
		trust_distrust(
			findings,
			"the machine was pretended, and its workers took "
			"turns: no time of it means anything");
	trust_judge_amount(findings, record);
	trust_judge_events(findings, record);
	if (trust_any_invalid(findings))
		trust_distrust(findings, "a runner computed wrong results: "
					 "leave it out, or fix it");
	trust_judge_checks(findings, record);
	if (trust_biased(findings))
		trust_distrust(findings, "serial differs from serial: " WAIT);
	if (strcmp(trust_build_text(record, "type"), "Debug") == 0)
		trust_distrust(findings, "a Debug build: build it with `make`");
	if (trust_build_text(record, "sanitizer")[0])
		trust_distrust(findings,
			       "a build with sanitizers: build it with "
			       "`make`");
	return trust_judge_tiles(findings, record);
}

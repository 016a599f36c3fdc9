/* SPDX-License-Identifier: MIT */
#include "bench/studies/calibrate.h"

#include "bench/cli/interrupt.h"
#include "core/random.h"
#include "results/json_value.h"
#include "results/record.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIMULATED = 1000,
	OPS = 5, /* steps of an item: so few that halves of it do not matter */
};

/* In steps: some 10 us, beside which the few ns that a call takes in one host
 * and not in the other do not show. */
#define ALPHA_LO   7000.0
#define ALPHA_HI   700000.0
#define SPEEDUP_LO 1.15
#define SPEEDUP_HI 1.9
#define LATEST	   327680.0 /* items */
#define SIZES	   "64..1Mi"
#define CERTAIN	   0.05 /* a ratio so far from 1 must not be called the other */

/* ------------------------------------------------------------- tallies */

static void count(struct truth_tally *tally, double truth, double star,
		  double lo, double hi)
{
	tally->covered += lo <= truth && truth <= hi;
	tally->errors[tally->found] = fabs(star / truth - 1);
	tally->widths[tally->found++] = hi / lo;
}

/* ------------------------------------------------------------- simulated */

/* As measured here: rounds scatter by 5 %, generations by 1 %, and one round in
 * twenty is hit. */
static void simulate(struct calibration_study *calibration)
{
	enum { SIDES = 2, GENERATIONS = 12, ROUNDS = 8 };
	struct stats_sample samples[SIDES * GENERATIONS * ROUNDS];
	uint64_t *random = &calibration->runs.random;
	double speedup =
		SPEEDUP_LO + (SPEEDUP_HI - SPEEDUP_LO) * random_uniform(random);
	double alpha = 1 - 1 / speedup, shifts[GENERATIONS];
	struct stats_crossing crossing;
	size_t n = 0;

	for (int g = 0; g < GENERATIONS; g++)
		shifts[g] = random_normal(random, 0.01);
	for (int side = 0; side < SIDES; side++)
		for (unsigned g = 0; g < GENERATIONS; g++)
			for (int r = 0; r < ROUNDS; r++) {
				double at = side ? 1.2 : 1 / 1.2, hit = 0;

				if (random_uniform(random) < 0.05)
					hit = random_normal(random, 1);
				samples[n++] = (struct stats_sample){
					.n = at,
					.log_ratio =
						log(at /
						    (alpha + at / speedup)) +
						shifts[g] +
						random_normal(random, 0.05) +
						hit,
					.generation = g + 1,
				};
			}
	calibration->found.tallies[TALLY_SIMULATED].runs++;
	if (stats_crossing(samples, n, 1, FINDINGS_SIZE_RATE, &crossing) == 0)
		count(&calibration->found.tallies[TALLY_SIMULATED], 1,
		      crossing.n_star, crossing.n.lo, crossing.n.hi);
	else
		calibration->found.tallies[TALLY_SIMULATED].unresolved++;
}

/* ------------------------------------------------------------- planted */

struct planted_truth {
	double alpha, speedup, truth;
};

/* Not so late that it could not be seen to last. */
static struct planted_truth plant(struct calibration_study *calibration)
{
	uint64_t *random = &calibration->runs.random;
	struct planted_truth planted;

	do {
		planted.alpha = floor(ALPHA_LO * pow(ALPHA_HI / ALPHA_LO,
						     random_uniform(random)));
		planted.speedup = floor(100 * (SPEEDUP_LO +
					       (SPEEDUP_HI - SPEEDUP_LO) *
						       random_uniform(random)) +
					0.5) /
				  100;
		planted.truth =
			planted.alpha / (OPS * (1 - 1 / planted.speedup));
	} while (planted.truth > LATEST);
	return planted;
}

static const struct crossing *commonest(const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncrossings; i++)
		if (strcmp(findings->crossings[i].pair.placement,
			   findings->placements[0]) == 0)
			return &findings->crossings[i];
	return NULL;
}

static void count_cells(struct truth_tally *tally,
			const struct planted_truth *planted,
			const struct findings *findings)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];
		double n = (double)cell->n * OPS;
		double ratio = n / (planted->alpha + n / planted->speedup);

		if (cell->rounds == 0 || fabs(ratio - 1) <= CERTAIN)
			continue;
		tally->cells++;
		tally->wrong_sign += ratio > 1 ? cell->verdict == CELL_SLOWER
					       : cell->verdict == CELL_FASTER;
	}
}

/* What was planted is kept of every run, whatever came of it; `findings` and
 * `crossing` may be NULL. */
static void keep(struct truth_tally *tally, const struct planted_truth *planted,
		 const struct findings *findings,
		 const struct crossing *crossing)
{
	const struct breakeven none = {.n_star = NAN, .n_lo = NAN, .n_hi = NAN};
	const struct breakeven *at = crossing ? &crossing->at : &none;

	json_array_append_new(
		tally->details,
		json_pack(
			"{s:f,s:f,s:o,s:f,s:s?,s:o,s:o,s:o,s:b,s:s?}", "alpha",
			planted->alpha, "speedup", planted->speedup, "workers",
			crossing ? json_integer(crossing->pair.workers)
				 : json_null(),
			"truth", planted->truth, "verdict",
			crossing ? breakeven_verdict_names[at->verdict] : NULL,
			"n_star", json_number(at->n_star), "n_lo",
			json_number(at->n_lo), "n_hi", json_number(at->n_hi),
			"trusted", findings && findings->trusted, "placement",
			crossing ? crossing->pair.placement : NULL));
}

static void run_planted(struct calibration_study *calibration,
			struct truth_tally *tally)
{
	struct planted_truth planted = plant(calibration);
	struct findings *findings;
	struct record *record;
	const struct crossing *crossing;
	char kernel[64], runner[96];

	snprintf(kernel, sizeof(kernel), "spin:ops=%d", OPS);
	/* With one worker: two would have to meet, which costs something. */
	snprintf(runner, sizeof(runner), "planted:alpha=%.0f:speedup=%.2f",
		 planted.alpha, planted.speedup);
	tally->runs++;
	if (calibration_runs_measure(&calibration->runs, kernel, runner, SIZES,
				     &record, &findings)) {
		tally->failed++;
		keep(tally, &planted, NULL, NULL);
		return;
	}
	tally->untrusted += !findings->trusted;
	crossing = commonest(findings);
	if (crossing && crossing->at.verdict == BREAKEVEN_AT)
		count(tally, planted.truth, crossing->at.n_star,
		      crossing->at.n_lo, crossing->at.n_hi);
	else
		tally->unresolved++;
	count_cells(tally, &planted, findings);
	keep(tally, &planted, findings, crossing);
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- A/A */

static void run_twins(struct calibration_study *calibration)
{
	struct findings *findings;
	struct record *record;
	bool called = false;

	if (calibration_runs_measure(&calibration->runs, "sum", "serial",
				     "16..4Mi", &record, &findings))
		return;
	for (size_t i = 0; i < findings->ncells; i++)
		called |= findings->cells[i].verdict == CELL_FASTER ||
			  findings->cells[i].verdict == CELL_SLOWER;
	calibration->found.tables++;
	calibration->found.false_calls += called;
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- all */

bool calibration_is_interrupted(const struct calibration_study *calibration)
{
	return interrupt_pending(calibration->interrupt_fd);
}

static size_t count_runs(const struct calibration_options *options)
{
	return 2 * (size_t)options->runs + options->tables;
}

static void show(struct calibration_study *calibration, const char *what)
{
	size_t all = count_runs(&calibration->options);

	progress_part(&calibration->progress,
		      (double)calibration->done / (double)all);
	progress_show(&calibration->progress, "%s, run %zu of %zu", what,
		      ++calibration->done, all);
}

static int run_bursts(struct calibration_study *calibration, int cpu)
{
	int rc = calibration_runs_burst(&calibration->runs,
					calibration->topology, cpu);

	if (rc == 0 && !calibration_is_interrupted(calibration))
		run_planted(calibration,
			    &calibration->found.tallies[TALLY_BURST]);
	calibration_runs_calm(&calibration->runs);
	return rc;
}

/* The index-th of each: quiet and with bursts in turn, so that both see the
 * same hours, and tables spread over them. */
static int run_round(struct calibration_study *calibration, size_t i, int cpu)
{
	const struct calibration_options *options = &calibration->options;
	size_t rounds = options->runs ? options->runs : 1;
	int rc = 0;

	if (i < options->runs) {
		show(calibration, "planted");
		run_planted(calibration,
			    &calibration->found.tallies[TALLY_QUIET]);
		show(calibration, "planted, with bursts");
		rc = run_bursts(calibration, cpu);
	}
	while (rc == 0 && !calibration_is_interrupted(calibration) &&
	       calibration->begun * rounds < options->tables * (i + 1)) {
		calibration->begun++;
		show(calibration, "serial against itself");
		run_twins(calibration);
	}
	return rc;
}

static int run_all(struct calibration_study *calibration)
{
	size_t cpus = topology_order(calibration->topology, PIN_CORE, NULL, 0);
	size_t rounds =
		calibration->options.runs ? calibration->options.runs : 1;
	int order[2] = {0, 0}, rc = 0;

	topology_order(calibration->topology, PIN_CORE, order, 2);
	for (size_t i = 0; i < SIMULATED; i++) {
		progress_show(&calibration->progress,
			      "simulated, run %zu of %d", i + 1, SIMULATED);
		simulate(calibration);
	}
	for (size_t i = 0;
	     rc == 0 && i < rounds && !calibration_is_interrupted(calibration);
	     i++)
		rc = run_round(calibration, i, order[cpus > 1 ? i % 2 : 0]);
	progress_clear(&calibration->progress);
	return rc;
}

int calibration_run(struct calibration_study *calibration,
		    const struct topology *topology,
		    const struct calibration_options *options, char error[512])
{
	int rc;

	*calibration = (struct calibration_study){
		.options = *options,
		.topology = topology,
		.runs = {.budget_s = options->budget_s,
			 .generations = options->generations,
			 .random = options->seed},
		.found = {.budget_s = options->budget_s,
			  .generations = options->generations,
			  .seed = options->seed},
	};
	snprintf(error, 512, "out of memory");
	calibration->interrupt_fd = interrupt_open();
	rc = truth_tally_init(&calibration->found.tallies[TALLY_QUIET],
			      options->runs);
	if (rc == 0)
		rc = truth_tally_init(&calibration->found.tallies[TALLY_BURST],
				      options->runs);
	if (rc == 0)
		rc = truth_tally_init(
			&calibration->found.tallies[TALLY_SIMULATED],
			SIMULATED);
	if (rc < 0)
		return rc;
	progress_init(&calibration->progress, options->quiet, 0);
	/* Until the first run has ended: each takes its budget, if it has one.
	 */
	if (options->generations == 0)
		calibration->progress.end =
			calibration->progress.start +
			(double)count_runs(options) * options->budget_s;
	/* Interrupted, it has no run to make. */
	turn_wait(&options->turn, calibration->interrupt_fd);
	rc = run_all(calibration);
	calibration_runs_calm(&calibration->runs);
	if (rc < 0)
		snprintf(error, 512, "no processes: %s", strerror(-rc));
	return rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * How often `bench` is right, where what is right is known: simulated samples,
 * runners whose break-even size is planted, on a quiet machine and with a
 * neighbour that takes a CPU away in bursts, and serial against itself.
 */
#include "bench/cli/interrupt.h"
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/host/build_facts.h"
#include "bench/machine/machine.h"
#include "bench/studies/calibration_runs.h"
#include "core/random.h"
#include "report/doc/text.h"
#include "results/json_value.h"
#include "results/record.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	RUNS = 200,
	RUNS_MAX = 100000,
	SIMULATED = 1000,
	DIGITS = 6,
	OPS = 5, /* steps of an item: so few that halves of it do not matter */
};

/* Steps take 1.4 ns or so: a microsecond to a millisecond of overhead. */
#define ALPHA_LO   700.0
#define ALPHA_HI   700000.0
#define SPEEDUP_LO 1.15
#define SPEEDUP_HI 1.9
#define LATEST	   327680.0 /* items */
#define SIZES	   "64..1Mi"
#define CERTAIN	   0.05 /* a ratio so far from 1 must not be called the other */

struct calibrate_wishes {
	size_t runs, tables;
	bool own_tables; /* so many were asked for */
	double budget_s;
	unsigned generations; /* 0: as many as the budget has room for */
	uint64_t seed;
	bool json, quiet;
};

enum {
	KEY_RUNS = 256,
	KEY_TABLES,
	KEY_BUDGET,
	KEY_GENERATIONS,
	KEY_FORMAT,
	KEY_SEED,
	KEY_QUIET
};

static const struct argp_option calibrate_options[] = {
	{"runs", KEY_RUNS, "N", 0,
	 "Planted runs, quiet and with bursts each (default 200)", 0},
	{"tables", KEY_TABLES, "N", 0,
	 "Tables of serial against itself (default: half the runs)", 0},
	{"budget", KEY_BUDGET, "SECONDS", 0, "Of each run (default 4)", 0},
	{"seed", KEY_SEED, "N", 0, "Seed of what is planted (default 1)", 0},
	{"generations", KEY_GENERATIONS, "G", 0,
	 "Of each run, however long they take: instead of a budget", 0},
	{"format", KEY_FORMAT, "table|json", 0, "How to tell it", 0},
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_number(struct argp_state *state, const char *option,
			    const char *text, double lo, double hi, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end != text && !*end && *out >= lo && *out <= hi)
		return 0;
	argp_error(state, "--%s takes a number from %g to %g, not '%s'", option,
		   lo, hi, text);
	return EINVAL;
}

static error_t calibrate_parse(int key, char *arg, struct argp_state *state)
{
	struct calibrate_wishes *wishes = state->input;
	double number = 0;
	error_t rc;

	switch (key) {
	case KEY_RUNS:
		rc = parse_number(state, "runs", arg, 0, RUNS_MAX, &number);
		wishes->runs = (size_t)number;
		return rc;
	case KEY_TABLES:
		rc = parse_number(state, "tables", arg, 0, RUNS_MAX, &number);
		wishes->tables = (size_t)number;
		wishes->own_tables = true;
		return rc;
	case KEY_BUDGET:
		return parse_number(state, "budget", arg, 0.5, 1e4,
				    &wishes->budget_s);
	case KEY_GENERATIONS:
		rc = parse_number(state, "generations", arg, 1, 1e6, &number);
		wishes->generations = (unsigned)number;
		return rc;
	case KEY_SEED:
		rc = parse_number(state, "seed", arg, 0, 1e15, &number);
		wishes->seed = (uint64_t)number;
		return rc;
	case KEY_FORMAT:
		return usage_format(state, arg, &wishes->json);
	case KEY_QUIET:
		wishes->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp calibrate_argp = {
	.options = calibrate_options,
	.parser = calibrate_parse,
	.doc = "Measure what is known beforehand, many times, and count how "
	       "often `bench` is right. Takes the runs times 2.5 times their "
	       "budget: half an hour and more.",
};

/* ------------------------------------------------------------- tallies */

/* Of planted runs. */
struct truth_tally {
	size_t runs, covered, unresolved, untrusted, failed;
	size_t found; /* with a point and an interval */
	double *errors, *widths;
	size_t cells, wrong_sign; /* certain ones; called the other */
	json_t *details;	  /* of each run */
};

struct calibrate {
	struct calibrate_wishes wishes;
	struct calibration_runs runs;
	struct topology *topology;
	struct progress progress;
	int interrupt_fd;
	struct truth_tally quiet, burst, simulated;
	size_t begun, tables, false_calls; /* of serial against itself */
	size_t done;
};

static int tally_init(struct truth_tally *tally, size_t runs)
{
	tally->errors = calloc(runs + 1, sizeof(*tally->errors));
	tally->widths = calloc(runs + 1, sizeof(*tally->widths));
	tally->details = json_array();
	return tally->errors && tally->widths && tally->details ? 0 : -ENOMEM;
}

static void tally_free(struct truth_tally *tally)
{
	free(tally->errors);
	free(tally->widths);
	json_decref(tally->details);
}

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
static void simulate(struct calibrate *calibration)
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
	calibration->simulated.runs++;
	if (stats_crossing(samples, n, 1, FINDINGS_CROSSING_RATE,
			   FINDINGS_CROSSING_GENERATIONS_RATE, &crossing) == 0)
		count(&calibration->simulated, 1, crossing.n_star,
		      crossing.n.lo, crossing.n.hi);
	else
		calibration->simulated.unresolved++;
}

/* ------------------------------------------------------------- planted */

struct planted_truth {
	double alpha, speedup, truth;
};

/* Not so late that it could not be seen to last. */
static struct planted_truth plant(struct calibrate *calibration)
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

static void run_planted(struct calibrate *calibration,
			struct truth_tally *tally)
{
	struct planted_truth planted = plant(calibration);
	struct findings *findings;
	struct record *record;
	const struct crossing *crossing;
	char kernel[32], runner[96];

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

static void run_twins(struct calibrate *calibration)
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
	calibration->tables++;
	calibration->false_calls += called;
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- all */

static bool interrupted(const struct calibrate *calibration)
{
	return interrupt_pending(calibration->interrupt_fd);
}

static size_t count_runs(const struct calibrate_wishes *wishes)
{
	return 2 * wishes->runs + wishes->tables;
}

static void show(struct calibrate *calibration, const char *what)
{
	size_t all = count_runs(&calibration->wishes);

	progress_part(&calibration->progress,
		      (double)calibration->done / (double)all);
	progress_show(&calibration->progress, "%s, run %zu of %zu", what,
		      ++calibration->done, all);
}

static int run_bursts(struct calibrate *calibration, int cpu)
{
	int rc = calibration_runs_burst(&calibration->runs,
					calibration->topology, cpu);

	if (rc == 0 && !interrupted(calibration))
		run_planted(calibration, &calibration->burst);
	calibration_runs_calm(&calibration->runs);
	return rc;
}

/* The index-th of each: quiet and with bursts in turn, so that both see the
 * same hours, and tables spread over them. */
static int run_round(struct calibrate *calibration, size_t i, int cpu)
{
	const struct calibrate_wishes *wishes = &calibration->wishes;
	size_t rounds = wishes->runs ? wishes->runs : 1;
	int rc = 0;

	if (i < wishes->runs) {
		show(calibration, "planted");
		run_planted(calibration, &calibration->quiet);
		show(calibration, "planted, with bursts");
		rc = run_bursts(calibration, cpu);
	}
	while (rc == 0 && !interrupted(calibration) &&
	       calibration->begun * rounds < wishes->tables * (i + 1)) {
		calibration->begun++;
		show(calibration, "serial against itself");
		run_twins(calibration);
	}
	return rc;
}

static int run_all(struct calibrate *calibration)
{
	size_t cpus = topology_order(calibration->topology, PIN_CORE, NULL, 0);
	size_t rounds = calibration->wishes.runs ? calibration->wishes.runs : 1;
	int order[2] = {0, 0}, rc = 0;

	topology_order(calibration->topology, PIN_CORE, order, 2);
	for (size_t i = 0; i < SIMULATED; i++) {
		progress_show(&calibration->progress,
			      "simulated, run %zu of %d", i + 1, SIMULATED);
		simulate(calibration);
	}
	for (size_t i = 0; rc == 0 && i < rounds && !interrupted(calibration);
	     i++)
		rc = run_round(calibration, i, order[cpus > 1 ? i % 2 : 0]);
	progress_clear(&calibration->progress);
	return rc;
}

static double quantile(double *values, size_t n, double share)
{
	stats_sort(values, n);
	return n ? values[(size_t)(share * (double)(n - 1) + 0.5)] : NAN;
}

static json_t *tally_json(const struct truth_tally *tally)
{
	return json_pack(
		"{s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "runs",
		(json_int_t)tally->runs, "found", (json_int_t)tally->found,
		"covered", (json_int_t)tally->covered, "unresolved",
		(json_int_t)tally->unresolved, "untrusted",
		(json_int_t)tally->untrusted, "failed",
		(json_int_t)tally->failed, "median_width",
		json_number(quantile(tally->widths, tally->found, 0.5)),
		"median_error",
		json_number(quantile(tally->errors, tally->found, 0.5)),
		"p95_error",
		json_number(quantile(tally->errors, tally->found, 0.95)),
		"worst_error",
		json_number(quantile(tally->errors, tally->found, 1)),
		"details", json_incref(tally->details));
}

static int tell_json(const struct calibrate *calibration)
{
	const struct truth_tally *quiet = &calibration->quiet;
	const struct truth_tally *burst = &calibration->burst;
	const struct calibrate_wishes *wishes = &calibration->wishes;
	json_t *bursts = tally_json(burst), *report;
	struct machine_facts facts;
	time_t now = time(NULL);
	char when[32];

	json_object_set_new(bursts, "cells",
			    json_integer((json_int_t)burst->cells));
	json_object_set_new(bursts, "wrong_sign",
			    json_integer((json_int_t)burst->wrong_sign));
	machine_collect(calibration->topology, &facts);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	report = json_pack(
		"{s:s,s:s,s:s,s:o,s:o,s:o,s:{s:I,s:I},s:o,s:o,s:I,s:I}",
		"version", build_facts.version, "commit", build_facts.commit,
		"time", when, "machine", machine_json(&facts), "planted",
		tally_json(quiet), "burst", bursts, "aa", "tables",
		(json_int_t)calibration->tables, "false_calls",
		(json_int_t)calibration->false_calls, "simulated",
		tally_json(&calibration->simulated), "budget_s",
		wishes->generations ? json_null() : json_real(wishes->budget_s),
		"generations", (json_int_t)wishes->generations, "seed",
		(json_int_t)wishes->seed);
	return json_put(stdout, report, DIGITS);
}

/* "1.134", "-" where nothing was found. */
static struct text figure(double value, int digits, const char *unit)
{
	struct text text = {"-"};

	if (isfinite(value))
		snprintf(text.s, sizeof(text.s), "%.*f%s", digits, value, unit);
	return text;
}

static void tell_tally(const char *name, const struct truth_tally *tally)
{
	double share = (double)tally->covered / (double)tally->found;

	printf("%-20s%5zu%7zu%7zu%8s%7s%8s%8s%8s\n", name, tally->runs,
	       tally->found, tally->covered, figure(100 * share, 1, " %").s,
	       figure(quantile(tally->widths, tally->found, 0.5), 3, "").s,
	       figure(100 * quantile(tally->errors, tally->found, 0.5), 2, " %")
		       .s,
	       figure(100 * quantile(tally->errors, tally->found, 0.95), 2,
		      " %")
		       .s,
	       figure(100 * quantile(tally->errors, tally->found, 1), 2, " %")
		       .s);
}

/* A paragraph as wide as standard output. */
__attribute__((format(printf, 1, 2))) static int tell(const char *format, ...)
{
	struct report_style style;
	struct draft_text draft;
	va_list args;

	if (!text_begin(&draft))
		return -ENOMEM;
	va_start(args, format);
	vfprintf(draft.file, format, args);
	va_end(args);
	terminal_style(&style);
	return text_end_paragraph(stdout, &draft, style.columns, 0);
}

static int tell_counts(const struct calibrate *calibration)
{
	const struct truth_tally *quiet = &calibration->quiet;
	const struct truth_tally *burst = &calibration->burst;
	int rc;

	putchar('\n');
	rc = tell("Found: runs that could tell a size. Inside: of these, the "
		  "interval holds the truth. Width: of the "
		  "interval, its end over its beginning. Error: how far the "
		  "size was off in the median run, at the 95 %% point, and at "
		  "worst.");
	if (rc == 0)
		rc = tell("No size was told by %zu and %zu runs: too little "
			  "was proven, which is no error. %zu and %zu runs did "
			  "not trust themselves, and %zu failed.",
			  quiet->unresolved, burst->unresolved,
			  quiet->untrusted, burst->untrusted,
			  quiet->failed + burst->failed);
	if (rc == 0)
		rc = tell("With bursts, %zu of %zu cells beyond 5 %% were "
			  "called the other way; quiet, %zu of %zu.",
			  burst->wrong_sign, burst->cells, quiet->wrong_sign,
			  quiet->cells);
	return rc ? rc
		  : tell("Serial against itself: %zu of %zu tables call a "
			 "difference.",
			 calibration->false_calls, calibration->tables);
}

static int tell_table(const struct calibrate *calibration)
{
	fputs("Break-even sizes that are known, each found by a run of ",
	      stdout);
	if (calibration->wishes.generations)
		printf("%u generation%s\n", calibration->wishes.generations,
		       calibration->wishes.generations == 1 ? "" : "s");
	else
		printf("%g s\n", calibration->wishes.budget_s);
	printf("%-20s%5s%7s%7s%8s%7s%8s%8s%8s\n", "", "runs", "found", "inside",
	       "", "width", "error", "95 %", "worst");
	tell_tally("simulated", &calibration->simulated);
	tell_tally("planted, quiet", &calibration->quiet);
	tell_tally("planted, with bursts", &calibration->burst);
	return tell_counts(calibration);
}

static int calibrate(struct calibrate *calibration)
{
	const struct calibrate_wishes *wishes = &calibration->wishes;
	char error[512] = "out of memory";
	int rc = tally_init(&calibration->quiet, wishes->runs);

	if (rc == 0)
		rc = tally_init(&calibration->burst, wishes->runs);
	if (rc == 0)
		rc = tally_init(&calibration->simulated, SIMULATED);
	if (rc == 0)
		rc = topology_load(NULL, &calibration->topology, error,
				   sizeof(error));
	if (rc == 0 &&
	    calibration_runs_open(&calibration->runs, wishes->budget_s,
				  wishes->generations, wishes->seed) < 0) {
		snprintf(error, sizeof(error), "no folder %s: %s",
			 calibration->runs.folder, strerror(errno));
		rc = -errno;
	}
	if (rc < 0) {
		fprintf(stderr, "breakeven calibrate: %s\n", error);
		return 1;
	}
	progress_init(&calibration->progress, wishes->quiet, 0);
	/* Until the first run has ended: each takes its budget, if it has one.
	 */
	if (wishes->generations == 0)
		calibration->progress.end =
			calibration->progress.start +
			(double)count_runs(wishes) * wishes->budget_s;
	rc = run_all(calibration);
	calibration_runs_close(&calibration->runs);
	if (rc < 0)
		fprintf(stderr, "breakeven calibrate: no processes: %s\n",
			strerror(-rc));
	else
		rc = wishes->json ? tell_json(calibration)
				  : tell_table(calibration);
	if (output_finish("breakeven calibrate") || rc < 0)
		return 1;
	if (interrupted(calibration))
		return interrupt_status(calibration->interrupt_fd);
	return calibration->quiet.failed + calibration->burst.failed ? 1 : 0;
}

int cmd_calibrate(int argc, char **argv)
{
	struct calibrate calibration = {
		.wishes = {.runs = RUNS, .budget_s = 4, .seed = 1},
	};
	int status =
		usage_parse(&calibrate_argp, argc, argv, &calibration.wishes);

	if (status)
		return usage_status(status);
	if (!calibration.wishes.own_tables)
		calibration.wishes.tables = (calibration.wishes.runs + 1) / 2;
	if (calibration.wishes.runs + calibration.wishes.tables == 0) {
		fputs("breakeven calibrate: nothing to do: name --runs or "
		      "--tables from 1 on\n",
		      stderr);
		return 2;
	}
	calibration.interrupt_fd = interrupt_open();
	status = calibrate(&calibration);
	tally_free(&calibration.quiet);
	tally_free(&calibration.burst);
	tally_free(&calibration.simulated);
	topology_free(calibration.topology);
	return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * How often what we say is right, and how often we say anything: records of
 * runs whose truth is known, under the noise of several machines, through the
 * whole analysis. Ends with 1 if a promise is broken.
 *
 *	simulate [-t TABLES] [-g GENERATIONS -r ROUNDS] [SCENARIO...]
 *
 * Without generations, as `bench`: looks at the grid after 12, 18, 24, 36 and
 * 48 of one round each, of what is open by then.
 */
#include "analysis/analyse.h"
#include "analysis/samples.h"
#include "core/random.h"
#include "results/record.h"
#include "stats/stats.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	RUNNERS = 5,
	SIZES = 10, /* of the grid: 16, 64, ... */
	CALLS = 1000,
	ROUNDS_MAX = 16,
	SEARCH_GENERATIONS = 6,
	SEARCH_ROUNDS = 4,
	SEARCH_PASSES = 2,
	LOOKS = 5,
	BIASES = 9,
};
#define BIAS_STEP 0.5

/* What one machine does to the logarithm of a ratio. */
struct scenario {
	const char *name;
	double generation; /* deviation between generations, of a cell */
	double round;	   /* and between rounds of one */
	double spread;	   /* cells differ in both by exp(spread * normal) */
	double skew;	   /* exponential, to one side, between generations */
	double slow_share, slow; /* of the generations are so much slower */
	double memory; /* of a block's state, which its runners share, in the
			  next block: AR(1) */
	double bursts; /* of a runner's rounds are hit, and serial is not */
	double drift;  /* of the machine, over the generations to the first look
			*/
	double far;    /* of the generations have their CPUs far apart */
	double step;   /* of the clock, as a part of serial's epoch */
	double least;  /* of the wins beyond WIN, so many are to be proven */
};

/* `vm`, `epyc` and `xeon` have the spread of records of such machines (the last
 * two: results/reference). */
static const struct scenario scenarios[] = {
	{"vm", .14, .19, .5, .least = .93},
	{"epyc", .045, .06, .5, .least = .99},
	{"xeon", .07, .13, .5, .least = .98},
	{"skewed", .02, .06, .5, .skew = .1, .least = .98},
	{"two-state", .07, .12, .5, .slow_share = .3, .slow = .15,
	 .least = .97},
	{"memory", .07, .13, .5, .memory = .7, .least = .98},
	{"bursts", .07, .13, .5, .bursts = .1, .least = .97},
	{"drift", .07, .13, .5, .drift = .2, .least = .98},
	{"near-far", .07, .13, .5, .far = .3, .least = .93},
	{"coarse", .045, .06, .5, .step = .01, .least = .99},
};

/* Of the variance between generations, what all runners of a block share. */
#define SHARED 0.56
#define WIN    1.25 /* a speed-up that should be proven */
#define WIDTH  8    /* of a window */
#define LOST   1.5
#define BEYOND 0.8 /* and a loss */
#define DIP    4   /* in which a runner that pays loses, as a cache makes it */

/* What a line takes between two CPUs, and how much longer dispatch takes where
 * they are far apart. */
#define NEAR_NS	 60
#define FAR_NS	 400
#define FAR_COST 3

struct runner_truth {
	double alpha, speedup; /* a call takes alpha + n / speedup */
	double end;	       /* of a window: from there on, n / LOST more;
				  or infinite */
	double again;	       /* from there on no more; or infinite */
};

/* What a table holds. */
enum kind {
	MIXED,	 /* a runner that never pays, and such that do from a size on */
	SAME,	 /* serial only */
	WINDOWS, /* runners that pay over a factor of WIDTH */
	DIPS,	 /* runners that pay but for a factor of DIP */
	KINDS,
};

struct table {
	const struct scenario *scenario;
	uint64_t random, seed; /* of placements */
	unsigned generations, rounds;
	struct runner_truth runners[RUNNERS];
	double scale[RUNNERS][SIZES];
	double state;	     /* of the block before */
	double bias[BIASES]; /* median of what the noise does to a generation,
				of a cell of scale exp(BIAS_STEP * (i -
				BIASES / 2)) */
};

/* What came of the tables of a scenario. */
struct tally {
	size_t tables;
	size_t wins, wins_found, losses, losses_found;
	size_t wrong_tables;	       /* with a mark that is false */
	size_t unknown;		       /* cells without an interval */
	size_t crossings, found;       /* of the commoner placement */
	size_t told, covered;	       /* of both */
	size_t windows, windows_found; /* with both ends covered */
	size_t dips, dips_wrong;       /* with N* where it does not pay */
	double width;		       /* sum of log2(hi / lo) */
};

static const unsigned looks[LOOKS] = {12, 18, 24, 36, 48};

static const char *const names[RUNNERS] = {"fork", "pthread", "fork-pool",
					   "pthread-pool", "openmp"};

static size_t find_runner(const char *name)
{
	size_t r = 0;

	while (strcmp(names[r], name) != 0)
		r++;
	return r;
}

static double draw_between(struct table *table, double lo, double hi)
{
	return lo * exp(random_uniform(&table->random) * log(hi / lo));
}

/* Long-tailed: Student's t of four degrees of freedom, to unit variance. */
static double draw_long_tailed(struct table *table)
{
	double square = 0;

	for (int i = 0; i < 4; i++) {
		double x = random_normal(&table->random, 1);

		square += x * x;
	}
	return random_normal(&table->random, 1) / sqrt(square / 4) / sqrt(2.0);
}

/* What a generation does to a runner. */
static double draw_generation(struct table *table)
{
	const struct scenario *scenario = table->scenario;
	double x = 0;

	if (scenario->skew > 0)
		x += scenario->skew *
		     log(random_uniform(&table->random) + 1e-12);
	if (random_uniform(&table->random) < scenario->slow_share)
		x -= log1p(scenario->slow);
	return x;
}

static double draw_noise(struct table *table, double scale, double shared)
{
	return scale * table->scenario->generation *
	       (sqrt(SHARED) * shared +
		sqrt(1 - SHARED) * draw_long_tailed(table));
}

static double draw_state(struct table *table)
{
	double memory = table->scenario->memory;

	table->state = memory * table->state +
		       sqrt(1 - memory * memory) * draw_long_tailed(table);
	return table->state;
}

/* What a round does to a runner. */
static double draw_round(struct table *table, double scale)
{
	double x = scale * table->scenario->round * draw_long_tailed(table);

	if (random_uniform(&table->random) < table->scenario->bursts)
		x -= log1p(3 * random_uniform(&table->random));
	return x;
}

/* Are the CPUs far apart in this generation? */
static bool is_far(const struct table *table, unsigned generation)
{
	uint64_t random = table->seed + generation;

	return random_uniform(&random) < table->scenario->far;
}

/* What a clock says that moves by steps. */
static double read_clock(struct table *table, double ns, double epoch_ns)
{
	double step = table->scenario->step * epoch_ns;

	return step > 0 ? step * floor(ns / step +
				       random_uniform(&table->random))
			: ns;
}

/* The median over generations of a generation's median, of a cell of that
 * scale. */
static double find_bias(struct table *table, double scale)
{
	enum { DRAWS = 20001 };
	static double x[DRAWS];

	for (size_t i = 0; i < DRAWS; i++) {
		double rounds[ROUNDS_MAX];
		double base = draw_generation(table) +
			      draw_noise(table, scale, draw_long_tailed(table));

		for (size_t r = 0; r < table->rounds; r++)
			rounds[r] = base + draw_round(table, scale);
		stats_sort(rounds, table->rounds);
		x[i] = stats_median(rounds, table->rounds);
	}
	return stats_find_median(x, DRAWS);
}

static void find_biases(struct table *table)
{
	for (int i = 0; i < BIASES; i++)
		table->bias[i] =
			find_bias(table, exp(BIAS_STEP * (i - BIASES / 2)));
}

/* Straight between the scales that are known. */
static double get_bias(const struct table *table, double scale)
{
	double at = fmin(fmax(log(scale) / BIAS_STEP + BIASES / 2, 0),
			 BIASES - 1.001);
	int i = (int)at;

	return table->bias[i] +
	       (at - i) * (table->bias[i + 1] - table->bias[i]);
}

static double true_alpha(const struct table *table, size_t runner, bool far)
{
	return (far ? FAR_COST : 1) * table->runners[runner].alpha;
}

static double true_log_ratio(const struct table *table, size_t runner, double n,
			     bool far)
{
	const struct runner_truth *truth = &table->runners[runner];
	bool slower = n >= truth->end && n < truth->again;
	double item = 1 / truth->speedup + (slower ? 1 / LOST : 0);

	return log(n / (true_alpha(table, runner, far) + n * item));
}

/* Where a runner breaks even; NaN: nowhere. */
static double true_crossing(const struct table *table, size_t runner, bool far)
{
	double speedup = table->runners[runner].speedup;

	return speedup > 1 ? true_alpha(table, runner, far) / (1 - 1 / speedup)
			   : NAN;
}

static struct runner_truth draw_runner(struct table *table, enum kind kind,
				       size_t runner)
{
	struct runner_truth truth = {0, 1, INFINITY, INFINITY};

	if (kind == SAME)
		return truth;
	truth.alpha = draw_between(table, 100, kind == MIXED ? 3e5 : 3e4);
	truth.speedup = draw_between(table, kind == MIXED ? 1.2 : 1.5, 1.95);
	if (kind == MIXED && runner == 0)
		truth.speedup = 0.9;
	if (kind == WINDOWS || kind == DIPS)
		truth.end = WIDTH * truth.alpha / (1 - 1 / truth.speedup);
	if (kind == DIPS)
		truth.again = DIP * truth.end;
	return truth;
}

static void draw_truth(struct table *table, enum kind kind)
{
	table->seed = random_mix(table->random);
	for (size_t r = 0; r < RUNNERS; r++) {
		table->runners[r] = draw_runner(table, kind, r);
		for (size_t i = 0; i < SIZES; i++)
			table->scale[r][i] =
				exp(table->scenario->spread *
				    random_normal(&table->random, 1));
	}
}

static json_t *make_header(const struct table *table)
{
	json_t *runners = json_array(), *sizes = json_array();
	json_t *after = json_array();

	for (size_t r = 0; r < RUNNERS; r++)
		json_array_append_new(
			runners, json_pack("{s:s,s:s,s:s}", "name", names[r],
					   "regime", "warm", "unit", "thread"));
	for (size_t i = 0; i < SIZES; i++)
		json_array_append_new(sizes, json_integer(16LL << 2 * i));
	for (size_t k = 0; !table->generations && k < LOOKS; k++)
		json_array_append_new(after, json_integer(looks[k]));
	return json_pack("{s:i,s:s,s:I,s:[s,s],s:{s:s,s:s,s:s},s:{s:s,s:i},"
			 "s:[{s:s,s:i}],s:o,s:{s:o,s:i,s:i,s:o}}",
			 "breakeven", RECORD_SCHEMA, "version", "0.1.0", "seed",
			 (json_int_t)1, "command", "breakeven", "bench",
			 "build", "type", "RelWithDebInfo", "sanitizer", "",
			 "commit", "", "machine", "model", "simulated", "cpus",
			 2, "kernels", "name", "sum", "bytes", 8, "runners",
			 runners, "plan", "sizes", sizes, "generations",
			 (int)table->generations, "rounds", (int)table->rounds,
			 "looks", after);
}

/* Runners `chosen` at one size. */
static void put_block(struct table *table, struct record *record,
		      unsigned generation, uint64_t n, size_t cell,
		      const bool *chosen, size_t rounds)
{
	struct reading readings[2 * ROUNDS_MAX];
	double base[ROUNDS_MAX], times[RUNNERS][ROUNDS_MAX];
	struct series series[RUNNERS + 1] = {
		{"serial", 1, ROLE_BASE, CALLS, base, NULL, NAN, 0}};
	struct block block = {
		.generation = generation,
		.kernel = "sum",
		.n = n,
		.tiles = 4,
		.rounds = rounds,
		.readings = readings,
		.nseries = 1,
		.series = series,
	};
	double shared = draw_state(table), epoch_ns = CALLS * (double)n;
	bool far = is_far(table, generation);
	double trip_ns = !(table->scenario->far > 0) ? NAN
			 : far			     ? FAR_NS
						     : NEAR_NS;

	epoch_ns *= exp(table->scenario->drift * generation / looks[0]);
	for (size_t r = 0; r < rounds; r++) {
		base[r] = read_clock(table, epoch_ns, epoch_ns);
		readings[2 * r] = readings[2 * r + 1] =
			(struct reading){trip_ns, NAN, NAN};
	}
	for (size_t i = 0; i < RUNNERS; i++) {
		double scale = table->scale[i][cell];
		double noise = draw_generation(table) +
			       draw_noise(table, scale, shared) -
			       get_bias(table, scale);

		if (!chosen[i])
			continue;
		for (size_t r = 0; r < rounds; r++)
			times[i][r] = read_clock(
				table,
				epoch_ns *
					exp(-true_log_ratio(table, i, (double)n,
							    far) -
					    noise - draw_round(table, scale)),
				epoch_ns);
		series[block.nseries++] =
			(struct series){names[i], 2,	ROLE_RUNNER, CALLS,
					times[i], NULL, NAN,	     0};
	}
	record_put_block(record, &block);
}

/* Generations (from, to] of the cells that are open. */
static void put_grid(struct table *table, struct record *record, unsigned from,
		     unsigned to, bool open[SIZES][RUNNERS])
{
	for (unsigned g = from + 1; g <= to; g++)
		for (size_t i = 0; i < SIZES; i++)
			put_block(table, record, g, UINT64_C(16) << 2 * i, i,
				  open[i], table->rounds);
}

/* Of the placement that fewer generations have. */
static bool is_rare(const struct pair *pair)
{
	return strcmp(pair->placement, "far") == 0;
}

/* Which cells a look at the record leaves open. */
static void find_open(const struct record *record, bool open[SIZES][RUNNERS])
{
	struct findings *findings = findings_make(record);

	memset(open, 0, sizeof(bool[SIZES][RUNNERS]));
	for (size_t c = 0; c < findings->ncells; c++) {
		const struct cell *cell = &findings->cells[c];
		size_t i = 0;

		while (cell->n > UINT64_C(16) << 2 * i)
			i++;
		if (!is_rare(&cell->pair))
			open[i][find_runner(cell->pair.runner)] =
				cell->verdict == CELL_UNRESOLVED;
	}
	findings_free(findings);
}

/* All generations, or those to the first look, and what each look leaves open.
 */
static void put_grids(struct table *table, struct record *record)
{
	bool open[SIZES][RUNNERS];
	unsigned first = table->generations ? table->generations : looks[0];

	memset(open, 1, sizeof(open));
	put_grid(table, record, 0, first, open);
	for (size_t k = 1; !table->generations && k < LOOKS; k++) {
		find_open(record, open);
		put_grid(table, record, looks[k - 1], looks[k], open);
	}
}

static unsigned last_look(const struct table *table)
{
	return table->generations ? table->generations : looks[LOOKS - 1];
}

/* Where the search of a pass believes that a runner breaks even; NaN: not in
 * the grid. */
static double draw_star(struct table *table, size_t runner, unsigned pass)
{
	double truth = true_crossing(table, runner, false);
	double again = table->runners[runner].again, star;

	/* What loses above N* has it search there. */
	if (pass && isfinite(again))
		truth = again;
	star = truth * exp(random_normal(&table->random, pass ? .05 : .15));

	return star > 32 && star < 16 << 2 * (SIZES - 2) ? star : NAN;
}

/* As the search would: about each break-even size, from what is known of it. */
static void put_search(struct table *table, struct record *record)
{
	static const double about[] = {1 / 1.2, 1.2, 1.4, 2};
	enum { ABOUT = sizeof(about) / sizeof(*about) };
	unsigned generation = last_look(table);

	for (unsigned pass = 0; pass < SEARCH_PASSES; pass++) {
		double stars[RUNNERS];

		for (size_t i = 0; i < RUNNERS; i++)
			stars[i] = draw_star(table, i, pass);
		for (unsigned g = 0; g < SEARCH_GENERATIONS; g++) {
			generation++;
			for (size_t k = 0; k < RUNNERS * ABOUT; k++) {
				size_t i = k / ABOUT;
				bool chosen[RUNNERS] = {false};

				chosen[i] = true;
				if (isnan(stars[i]))
					continue;
				put_block(
					table, record, generation,
					(uint64_t)(stars[i] * about[k % ABOUT]),
					SIZES / 2, chosen, SEARCH_ROUNDS);
			}
		}
	}
}

static void count_cells(const struct table *table, const struct record *record,
			const struct findings *findings, struct tally *tally)
{
	bool wrong = false;

	for (size_t c = 0; c < findings->ncells; c++) {
		const struct cell *cell = &findings->cells[c];
		double truth =
			true_log_ratio(table, find_runner(cell->pair.runner),
				       (double)cell->n, is_rare(&cell->pair));
		bool up = cell->verdict == CELL_FASTER,
		     down = cell->verdict == CELL_SLOWER;

		if (!samples_on_grid(record, cell->n))
			continue;
		wrong |= (up && !(truth > 0)) || (down && !(truth < 0));
		if (is_rare(&cell->pair))
			continue;
		tally->unknown += !isfinite(cell->interval.lo);
		tally->wins += truth > log(WIN);
		tally->wins_found += truth > log(WIN) && up;
		tally->losses += truth < log(BEYOND);
		tally->losses_found += truth < log(BEYOND) && down;
	}
	tally->wrong_tables += wrong;
}

/* N* is wrong if it neither pays there nor covers where it begins to. */
static void count_dips(const struct table *table,
		       const struct findings *findings, struct tally *tally)
{
	for (size_t c = 0; c < findings->ncrossings; c++) {
		const struct breakeven *at = &findings->crossings[c].at;
		const struct pair *pair = &findings->crossings[c].pair;
		size_t r = find_runner(pair->runner);
		double begin = true_crossing(table, r, is_rare(pair));
		double again = table->runners[r].again;

		if (at->verdict != BREAKEVEN_AT &&
		    at->verdict != BREAKEVEN_WINDOW)
			continue;
		tally->dips++;
		tally->dips_wrong +=
			!(begin >= at->n_lo && begin <= at->n_hi) &&
			!(again >= at->n_lo && again <= at->n_hi);
	}
}

static void count_windows(const struct table *table,
			  const struct findings *findings, struct tally *tally)
{
	for (size_t c = 0; c < findings->ncrossings; c++) {
		const struct breakeven *at = &findings->crossings[c].at;
		const struct pair *pair = &findings->crossings[c].pair;
		size_t r = find_runner(pair->runner);
		double begin = true_crossing(table, r, false);
		double end = table->runners[r].end;

		if (is_rare(pair))
			continue;
		tally->windows++;
		tally->windows_found +=
			at->verdict == BREAKEVEN_WINDOW && begin >= at->n_lo &&
			begin <= at->n_hi && end >= at->n_end_lo &&
			end <= at->n_end_hi;
	}
}

static void count_crossings(const struct table *table,
			    const struct findings *findings,
			    struct tally *tally)
{
	for (size_t c = 0; c < findings->ncrossings; c++) {
		const struct crossing *crossing = &findings->crossings[c];
		bool rare = is_rare(&crossing->pair);
		double truth = true_crossing(
			table, find_runner(crossing->pair.runner), rare);

		if (!(truth > 32 && truth < 16 << 2 * (SIZES - 2)))
			continue;
		tally->crossings += !rare;
		if (crossing->at.verdict != BREAKEVEN_AT)
			continue;
		tally->found += !rare;
		tally->told++;
		tally->covered += truth >= crossing->at.n_lo &&
				  truth <= crossing->at.n_hi;
		tally->width += log2(crossing->at.n_hi / crossing->at.n_lo);
	}
}

static void simulate_table(struct table *table, enum kind kind,
			   struct tally *tally)
{
	struct record *record = record_new();
	struct findings *findings;

	draw_truth(table, kind);
	record_put_header(record, make_header(table));
	put_grids(table, record);
	if (kind != WINDOWS)
		put_search(table, record);
	record_put_end(record, true, NULL);
	findings = findings_make(record);
	tally->tables++;
	count_cells(table, record, findings, tally);
	if (kind == WINDOWS)
		count_windows(table, findings, tally);
	else if (kind == DIPS)
		count_dips(table, findings, tally);
	else
		count_crossings(table, findings, tally);
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- promises */

static double share(size_t part, size_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

/* P(B > most) for B ~ Binomial(count, p). */
static double binomial_above(size_t count, double p, size_t most)
{
	double below = 0;

	for (size_t k = 0; k <= most; k++)
		below += exp(lgamma((double)count + 1) - lgamma((double)k + 1) -
			     lgamma((double)(count - k) + 1) +
			     (double)k * log(p) +
			     (double)(count - k) * log1p(-p));
	return 1 - below;
}

/* Were so many proven to happen more often than with probability p? One-sided,
 * with 99.9 %. */
static bool more_often(size_t part, size_t whole, double p)
{
	return part > 0 && binomial_above(whole, p, part - 1) < 0.001;
}

static bool keeps_promises(const struct scenario *scenario,
			   const struct tally tallies[KINDS])
{
	const struct tally *mixed = &tallies[MIXED], *same = &tallies[SAME];
	const struct tally *windows = &tallies[WINDOWS];
	const struct tally *dips = &tallies[DIPS];
	bool good = true;

	if (more_often(same->wrong_tables, same->tables, 0.05) ||
	    more_often(mixed->wrong_tables, mixed->tables, 0.05)) {
		puts("  more than one of twenty tables has a false mark");
		good = false;
	}
	if (more_often(mixed->told - mixed->covered, mixed->told, 0.06)) {
		puts("  more than 6 % of the intervals miss N*");
		good = false;
	}
	if (more_often(mixed->wins - mixed->wins_found, mixed->wins,
		       1 - scenario->least)) {
		puts("  too few wins are proven");
		good = false;
	}
	if (more_often(windows->windows - windows->windows_found,
		       windows->windows, 5 / 60.)) {
		puts("  too few windows are found");
		good = false;
	}
	if (more_often(dips->dips_wrong, dips->dips, 0.06)) {
		puts("  more than 6 % of the sizes miss where a dip ends");
		good = false;
	}
	if (mixed->unknown || same->unknown) {
		puts("  a cell has no interval");
		good = false;
	}
	return good;
}

static void print_heading(void)
{
	puts("           proven, of true  tables that have  break-even sizes"
	     "                     windows  dips");
	puts("noise      wins    losses   a false  (of A/A)  found  covered"
	     "  width, hi / lo  found    missed");
}

static void print_row(const struct scenario *scenario,
		      const struct tally tallies[KINDS])
{
	const struct tally *mixed = &tallies[MIXED], *same = &tallies[SAME];
	const struct tally *windows = &tallies[WINDOWS];
	const struct tally *dips = &tallies[DIPS];

	printf("%-10s %.3f   %.3f    %.3f    %.3f     %.3f  %.3f    "
	       "%-14.3f  %.3f    %.3f\n",
	       scenario->name, share(mixed->wins_found, mixed->wins),
	       share(mixed->losses_found, mixed->losses),
	       share(mixed->wrong_tables, mixed->tables),
	       share(same->wrong_tables, same->tables),
	       share(mixed->found, mixed->crossings),
	       share(mixed->covered, mixed->told),
	       exp2(mixed->width / (double)mixed->told),
	       share(windows->windows_found, windows->windows),
	       share(dips->dips_wrong, dips->dips));
}

static bool simulate(const struct scenario *scenario, size_t tables,
		     unsigned generations, unsigned rounds)
{
	struct table table = {.scenario = scenario,
			      .random = 1,
			      .generations = generations,
			      .rounds = rounds};
	struct tally tallies[KINDS] = {{0}};

	find_biases(&table);
	for (size_t t = 0; t < tables; t++)
		for (int kind = 0; kind < KINDS; kind++)
			simulate_table(&table, (enum kind)kind, &tallies[kind]);
	print_row(scenario, tallies);
	return keeps_promises(scenario, tallies);
}

int main(int argc, char **argv)
{
	size_t tables = 100;
	unsigned generations = 0, rounds = 1;
	bool good = true;
	int option;

	while ((option = getopt(argc, argv, "t:g:r:")) != -1) {
		if (option == 't')
			tables = strtoul(optarg, NULL, 10);
		else if (option == 'g')
			generations = (unsigned)strtoul(optarg, NULL, 10);
		else if (option == 'r')
			rounds = (unsigned)strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	print_heading();
	for (size_t s = 0; s < sizeof(scenarios) / sizeof(*scenarios); s++) {
		bool chosen = optind == argc;

		for (int i = optind; i < argc; i++)
			chosen |= strcmp(argv[i], scenarios[s].name) == 0;
		if (chosen)
			good &= simulate(&scenarios[s], tables, generations,
					 rounds);
	}
	return good ? 0 : 1;
}

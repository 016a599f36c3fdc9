/* SPDX-License-Identifier: MIT */
/* Two records held against each other. */
#include "analysis/analyse.h"
#include "analysis/compare/compare.h"
#include "report/doc/compare_facts.h"
#include "report/doc/text.h"
#include "report/pages/compare_formats.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NASTY "killed, \"hard\" | by\n\x1b[31msignal 9 \xc2\xb5"

enum { SIZES = 6, SIX = 6 };

static const struct report_style plain = {.columns = 80, .count = 1};
static const struct compare_limits no_limits = {NAN, NAN, NAN};

static const struct made_up_runner base[] = {
	{"fork", 60000, 1.7},
	{"fork-pool", 560, 1.8},
	{"openmp", 100, 1.9},
};
/* All by 10 %. */
static const struct made_up_runner slower[] = {
	{"fork", 66000, 1.7 / 1.1},
	{"fork-pool", 616, 1.8 / 1.1},
	{"openmp", 110, 1.9 / 1.1},
};

static struct record *record_of(const char *kernel, unsigned generations,
				const struct made_up_runner *runners,
				size_t count)
{
	struct record *record = made_up_record();

	assert_non_null(record);
	made_up_scan(record, kernel, SIZES, generations, runners, count);
	return record;
}

/* Two sides, and what is found. */
struct pairing {
	struct record *a, *b;
	struct findings *findings[2];
	struct compare_side sides[2];
	struct comparison found;
};

static void compare(struct pairing *pairing, struct record *a, struct record *b,
		    struct compare_wishes wishes)
{
	record_put_end(a, true, NULL);
	if (a != b)
		record_put_end(b, true, NULL);
	*pairing = (struct pairing){
		.a = a,
		.b = b,
		.findings = {findings_make(a), findings_make(b)}};
	assert_non_null(pairing->findings[0]);
	assert_non_null(pairing->findings[1]);
	pairing->sides[0] =
		(struct compare_side){"a.jsonl", a, pairing->findings[0]};
	pairing->sides[1] =
		(struct compare_side){"b.jsonl", b, pairing->findings[1]};
	if (compare_init(&pairing->found, &pairing->sides[0],
			 &pairing->sides[1], &wishes) < 0 ||
	    !pairing->found.pairs)
		abort();
}

static void drop(struct pairing *pairing)
{
	compare_free(&pairing->found);
	for (size_t i = 0; i < 2; i++)
		findings_free(pairing->findings[i]);
	record_free(pairing->a);
	if (pairing->b != pairing->a)
		record_free(pairing->b);
}

static const struct compared_pair *pair_of(const struct pairing *pairing,
					   const char *runner)
{
	for (size_t i = 0; i < pairing->found.npairs; i++) {
		const struct compared_pair *pair = &pairing->found.pairs[i];

		if (runner ? pair->runner.a &&
				     strcmp(pair->runner.a, runner) == 0
			   : !pair->runner.a)
			return pair;
	}
	fail_msg("no pair of %s", runner ? runner : "serial");
	abort();
}

static char *tell(const struct pairing *pairing, const char *format,
		  const struct compare_limits *limits)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(compare_find_format(format));
	assert_int_equal(compare_find_format(format)->write(
				 out, &pairing->found, limits, &plain),
			 0);
	fclose(out);
	return text;
}

static void assert_says(const char *text, const char *words)
{
	assert_non_null(text);
	if (text && !strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

/* ------------------------------------------------------------- cells */

static void the_same_is_equal(void **state)
{
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, base, 3), (struct compare_wishes){0});
	assert_int_equal(p.found.npairs, 4);
	assert_int_equal(p.found.comparisons, 4 * SIZES);
	assert_int_equal(p.found.counts[CELL_EQUAL], 4 * SIZES);
	assert_int_equal(p.found.nabsent, 0);
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < p.found.pairs[i].ncells; k++)
			assert_true(fabs(p.found.pairs[i].cells[k].log_ratio) <
				    1e-9);
	drop(&p);
}

static void finds_ten_per_cent(void **state)
{
	const struct compared_pair *pool;
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, slower, 3), (struct compare_wishes){0});
	assert_int_equal(p.found.counts[CELL_SLOWER], 3 * SIZES);
	assert_int_equal(p.found.counts[CELL_EQUAL], SIZES);
	pool = pair_of(&p, "fork-pool");
	assert_int_equal(pool->ncells, SIZES);
	for (size_t i = 0; i < SIZES; i++) {
		const struct compared_cell *cell = &pool->cells[i];

		assert_true(fabs(cell->log_ratio - log(1.1)) < 1e-3);
		assert_true(cell->interval.lo > log(1.09));
		assert_true(cell->interval.hi < log(1.11));
		assert_true(fabs(cell->b / cell->a - 1.1) < 1e-3);
		assert_int_equal(cell->n, UINT64_C(16) << 2 * i);
	}
	assert_int_equal(pair_of(&p, NULL)->cells[0].verdict, CELL_EQUAL);
	drop(&p);
}

/* A speed-up that falls is one that is smaller. */
static void speedups_have_the_other_sign(void **state)
{
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, slower, 3),
		(struct compare_wishes){.of = TIMINGS_SPEEDUP});
	assert_int_equal(p.found.npairs, 3);
	assert_int_equal(p.found.counts[CELL_SLOWER], 3 * SIZES);
	assert_true(fabs(p.found.pairs[0].cells[0].log_ratio + log(1.1)) <
		    1e-3);
	assert_int_equal(
		compare_judge(&p.found, LIMIT_SLOWER, log(1.05)).caught,
		3 * SIZES);
	assert_int_equal(
		compare_judge(&p.found, LIMIT_FASTER, log(1.05)).within,
		3 * SIZES);
	drop(&p);
}

static void few_generations_prove_nothing(void **state)
{
	struct compare_count count;
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX - 1, slower, 3),
		(struct compare_wishes){0});
	assert_int_equal(p.found.comparisons, 0);
	assert_int_equal(p.found.few, 4 * SIZES);
	assert_int_equal(p.found.counts[CELL_UNRESOLVED], 4 * SIZES);
	count = compare_judge(&p.found, LIMIT_SLOWER, log(1.05));
	assert_int_equal(count.caught, 0);
	assert_int_equal(count.open, 4 * SIZES);
	drop(&p);
}

/* Generations that scatter evenly, 1 % apart, in 9 sizes. */
static struct record *scattered(const char *const *kernels, size_t nkernels)
{
	struct made_up_runner five[] = {{"fork", 0, 1e9},
					{"pthread", 0, 1e9},
					{"fork-pool", 0, 1e9},
					{"pthread-pool", 0, 1e9},
					{"openmp", 0, 1e9}};
	struct record *record = made_up_record();

	for (unsigned g = 1; g <= SIX; g++) {
		for (size_t i = 0; i < 5; i++)
			five[i].alpha = 1000 * (1 + 0.01 * g);
		for (size_t k = 0; k < nkernels; k++)
			for (size_t i = 0; i < 9; i++)
				made_up_block(record, g, kernels[k],
					      UINT64_C(16) << 2 * i, NAN, five,
					      5);
	}
	return record;
}

/* The more there is, the surer each has to be. */
static void all_cells_share_the_rate(void **state)
{
	const char *const kernels[] = {"sum", "dot"};
	struct compare_names one[] = {{"fork-pool", "fork-pool"}};
	struct compared_cell alone, among;
	struct pairing p;

	(void)state;
	compare(&p, scattered(kernels, 1), scattered(kernels, 1),
		(struct compare_wishes){.runners = one, .nrunners = 1});
	assert_int_equal(p.found.comparisons, 2 * 9);
	alone = pair_of(&p, "fork-pool")->cells[0];
	drop(&p);
	compare(&p, scattered(kernels, 2), scattered(kernels, 2),
		(struct compare_wishes){0});
	assert_int_equal(p.found.comparisons, 2 * 6 * 9);
	among = pair_of(&p, "fork-pool")->cells[0];
	drop(&p);
	assert_true(among.interval.hi > 1.05 * alone.interval.hi);
	assert_true(among.interval.lo < 1.05 * alone.interval.lo);
}

static struct record *probed(double trip_ns)
{
	struct record *record = made_up_record();

	for (unsigned g = 1; g <= SIX; g++)
		for (size_t i = 0; i < SIZES; i++)
			made_up_block(record, g, "sum", UINT64_C(16) << 2 * i,
				      trip_ns, base, 3);
	return record;
}

static void placements_are_not_mixed(void **state)
{
	struct pairing p;

	(void)state;
	compare(&p, probed(NAN), probed(60), (struct compare_wishes){0});
	/* Serial alone has no placement. */
	assert_int_equal(p.found.npairs, 1);
	assert_null(p.found.pairs[0].runner.a);
	assert_int_equal(p.found.nabsent, 6);
	assert_string_equal(p.found.absent[0].placement, "unknown");
	drop(&p);
}

/* Each has one placement; the two may differ. */
static void near_is_not_compared_with_far(void **state)
{
	struct pairing p;
	char *text;

	(void)state;
	compare(&p, probed(60), probed(400), (struct compare_wishes){0});
	assert_true(p.found.moved);
	assert_int_equal(p.found.npairs, 1);
	assert_null(p.found.pairs[0].runner.a);
	text = tell(&p, "table", &no_limits);
	assert_says(text, "takes 60.0 ns in A");
	free(text);
	drop(&p);
	compare(&p, probed(60), probed(90), (struct compare_wishes){0});
	assert_false(p.found.moved);
	assert_int_equal(p.found.npairs, 4);
	drop(&p);
}

/* Generations that lie far apart, in which both sides meet the same machine. */
static struct record *by_turns(const char *run, const char *side,
			       unsigned first, double factor)
{
	struct made_up_runner pool = {"fork-pool", 0, 1e9};
	struct record *record = made_up_record();

	if (run)
		json_object_set_new(
			record->header, "turns",
			json_pack("{s:s,s:s}", "run", run, "side", side));
	for (unsigned g = first; g < first + 12; g++) {
		pool.alpha = factor * (1000 + 100 * (g * 5 % 7));
		made_up_block(record, g, "sum", 16, NAN, &pool, 1);
	}
	return record;
}

/* What the machine does in a generation is in the difference no more. */
static void turns_are_compared_generation_by_generation(void **state)
{
	const struct compared_cell *cell;
	struct pairing p;

	(void)state;
	compare(&p, by_turns("1f", "a", 1, 1), by_turns("1f", "b", 1, 1.05),
		(struct compare_wishes){0});
	assert_true(p.found.paired);
	cell = pair_of(&p, "fork-pool")->cells;
	assert_true(fabs(cell->log_ratio - log(1.05)) < 1e-5);
	assert_true(cell->interval.lo > log(1.049));
	assert_true(cell->interval.hi < log(1.051));
	assert_int_equal(cell->verdict, CELL_SLOWER);
	drop(&p);
	/* Of two runs they are not of the same moments. */
	compare(&p, by_turns("1f", "a", 1, 1), by_turns("2e", "b", 1, 1.05),
		(struct compare_wishes){0});
	assert_false(p.found.paired);
	assert_int_equal(pair_of(&p, "fork-pool")->cells->verdict,
			 CELL_UNRESOLVED);
	drop(&p);
	compare(&p, by_turns(NULL, NULL, 1, 1), by_turns(NULL, NULL, 1, 1.05),
		(struct compare_wishes){0});
	assert_false(p.found.paired);
	drop(&p);
}

/* A generation that one side lacks says nothing; five prove nothing. */
static void turns_need_both_sides(void **state)
{
	struct pairing p;

	(void)state;
	compare(&p, by_turns("1f", "a", 1, 1), by_turns("1f", "b", 7, 1.05),
		(struct compare_wishes){0});
	assert_int_equal(p.found.few, 0);
	assert_int_equal(pair_of(&p, "fork-pool")->cells->verdict, CELL_SLOWER);
	assert_int_equal(pair_of(&p, "fork-pool")->cells->generations_a, 6);
	assert_int_equal(pair_of(&p, "fork-pool")->cells->generations_b, 6);
	drop(&p);
	/* What never was of one moment is no cell. */
	compare(&p, by_turns("1f", "a", 1, 1), by_turns("1f", "b", 13, 1.05),
		(struct compare_wishes){0});
	assert_int_equal(p.found.comparisons + p.found.few, 0);
	drop(&p);
	compare(&p, by_turns("1f", "a", 1, 1), by_turns("1f", "b", 8, 1.05),
		(struct compare_wishes){0});
	assert_int_equal(p.found.comparisons, 0);
	assert_int_equal(pair_of(&p, "fork-pool")->cells->verdict,
			 CELL_UNRESOLVED);
	drop(&p);
}

/* ------------------------------------------------------------- machine */

/* All of a run, serial and the probe's work too, at so many times the time. */
static struct record *on_machine(double factor, double pool, bool probed_too)
{
	struct record *record = record_of("sum", SIX, base, 3);

	for (size_t b = 0; b < record->nblocks; b++) {
		struct block *block = &record->blocks[b];

		for (size_t s = 0; s < block->nseries; s++) {
			bool is_pool = strcmp(block->series[s].runner,
					      "fork-pool") == 0;

			for (size_t r = 0; r < block->rounds; r++)
				block->series[s].ns[r] *=
					factor * (is_pool ? pool : 1);
		}
		for (size_t i = 0; probed_too && i < 2 * block->rounds; i++)
			block->readings[i].alone_ns =
				5000 * factor *
				made_up_noise(block->generation, i);
	}
	return record;
}

/* A machine that is slower makes no program slower. */
static void intervals_reach_over_the_machine(void **state)
{
	struct pairing p;
	char *text;

	(void)state;
	compare(&p, on_machine(1, 1, true), on_machine(1.04, 1, true),
		(struct compare_wishes){0});
	assert_true(fabs(p.found.machine.work.shift - log(1.04)) < 2e-3);
	assert_int_equal(p.found.counts[CELL_SLOWER], 0);
	assert_true(p.found.pairs[0].cells[0].interval.lo < 0);
	text = tell(&p, "table", &no_limits);
	assert_says(text, "The machine: counted work");
	free(text);
	drop(&p);
	/* What is slower by more than that is found. */
	compare(&p, on_machine(1, 1, true), on_machine(1.04, 1.1, true),
		(struct compare_wishes){0});
	assert_int_equal(p.found.counts[CELL_SLOWER], SIZES);
	assert_int_equal(pair_of(&p, "fork-pool")->cells[0].verdict,
			 CELL_SLOWER);
	drop(&p);
	/* Without a canary, nobody can tell. */
	compare(&p, on_machine(1, 1, false), on_machine(1.04, 1, false),
		(struct compare_wishes){0});
	assert_true(isnan(p.found.machine.work.shift));
	assert_int_equal(p.found.counts[CELL_SLOWER], 4 * SIZES);
	drop(&p);
	compare(&p, on_machine(1, 1, true), on_machine(1.04, 1, true),
		(struct compare_wishes){.of = TIMINGS_SPEEDUP});
	assert_true(isnan(p.found.machine.work.shift));
	drop(&p);
}

/* As on_machine(), of a build and a plan. */
static struct record *built(const char *kernel, double factor,
			    const char *commit, const char *variable)
{
	struct record *record = record_new();
	json_t *header = made_up_header("RelWithDebInfo", "");
	json_t *build = json_object_get(header, "build");

	assert_non_null(record);
	json_object_set_new(
		json_array_get(json_object_get(header, "kernels"), 0), "name",
		json_string(kernel));
	record_put_header(record, header);
	made_up_scan(record, kernel, SIZES, SIX, base, 3);
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t s = 0; s < record->blocks[b].nseries; s++)
			for (size_t r = 0; r < MADE_UP_ROUNDS; r++)
				record->blocks[b].series[s].ns[r] *= factor;
	json_object_set_new(build, "commit", json_string(commit));
	json_object_set_new(build, "compiler", json_string("GNU"));
	json_object_set_new(build, "flags", json_string("-O2"));
	json_object_set_new(build, "kernels", json_string("native"));
	json_object_set_new(record->header, "environment",
			    json_pack("[s]", variable));
	json_object_set_new(record->header, "plan",
			    json_pack("{s:s,s:f,s:s}", "arena", "shared",
				      "epoch_ns", 1e6, "pin", "core"));
	return record;
}

static void assert_serial_tells(struct record *a, struct record *b, bool tells)
{
	struct pairing p;

	compare(&p, a, b, (struct compare_wishes){0});
	assert_int_equal(!isnan(p.found.machine.serial.shift), tells);
	if (tells)
		assert_true(fabs(p.found.machine.serial.shift - log(1.04)) <
			    1e-6);
	assert_int_equal(p.found.counts[CELL_SLOWER], tells ? 0 : 4 * SIZES);
	drop(&p);
}

/* Serial tells of the machine where it is the same program: else it may be what
 * has changed. */
static void serial_of_one_build_tells_of_the_machine(void **state)
{
	(void)state;
	assert_serial_tells(built("sum", 1, "abc", "A=1"),
			    built("sum", 1.04, "abc", "A=1"), true);
	assert_serial_tells(built("sum", 1, "abc", "A=1"),
			    built("sum", 1.04, "abd", "A=1"), false);
	assert_serial_tells(built("sum", 1, "abc-dirty", "A=1"),
			    built("sum", 1.04, "abc-dirty", "A=1"), false);
	assert_serial_tells(built("sum", 1, "", "A=1"),
			    built("sum", 1.04, "", "A=1"), false);
	assert_serial_tells(built("sum", 1, "abc", "A=1"),
			    built("sum", 1.04, "abc", "A=2"), false);
	assert_serial_tells(built("./mine.so", 1, "abc", "A=1"),
			    built("./mine.so", 1.04, "abc", "A=1"), false);
}

/* ------------------------------------------------------------- limits */

static void limits_need_proof(void **state)
{
	struct compare_count count;
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, slower, 3), (struct compare_wishes){0});
	count = compare_judge(&p.found, LIMIT_SLOWER, log(1.05));
	assert_int_equal(count.caught, 3 * SIZES);
	assert_int_equal(count.within, SIZES);
	assert_int_equal(count.open, 0);
	/* 10 % is neither proven to be more than 10 %, nor not to be. */
	count = compare_judge(&p.found, LIMIT_SLOWER, log(1.1));
	assert_int_equal(count.caught, 0);
	assert_int_equal(count.open, 3 * SIZES);
	count = compare_judge(&p.found, LIMIT_SLOWER, log(1.15));
	assert_int_equal(count.within, 4 * SIZES);
	count = compare_judge(&p.found, LIMIT_FASTER, log(1.05));
	assert_int_equal(count.within, 4 * SIZES);
	drop(&p);
	compare(&p, record_of("sum", SIX, slower, 3),
		record_of("sum", SIX, base, 3), (struct compare_wishes){0});
	count = compare_judge(&p.found, LIMIT_FASTER, log(1.05));
	assert_int_equal(count.caught, 3 * SIZES);
	drop(&p);
}

/* ------------------------------------------------------------- sizes */

static void starts_are(enum compared_start start, int beyond,
		       struct made_up_runner a, struct made_up_runner b)
{
	const struct compared_pair *pair;
	struct pairing p;

	compare(&p, record_of("sum", SIX, &a, 1), record_of("sum", SIX, &b, 1),
		(struct compare_wishes){0});
	pair = pair_of(&p, "openmp");
	assert_int_equal(pair->start, start);
	assert_int_equal(compare_start_beyond(pair, log(1.1)), beyond);
	assert_int_equal(
		compare_judge(&p.found, LIMIT_BREAKEVEN, log(1.1)).caught,
		beyond > 0);
	drop(&p);
}

static void tells_sizes_apart(void **state)
{
	const struct made_up_runner early = {"openmp", 100, 2};
	const struct made_up_runner late = {"openmp", 3000, 2};
	const struct made_up_runner never = {"openmp", 100, 0.9};

	(void)state;
	starts_are(START_LATER, 1, early, late);
	starts_are(START_SOONER, -1, late, early);
	starts_are(START_GONE, 1, early, never);
	starts_are(START_NEW, -1, never, early);
	starts_are(START_NEITHER, -1, never, never);
	/* The same interval does not exclude 10 %. */
	starts_are(START_SAME, 0, early, early);
}

/* From some 200 to some 6,000 items. */
static void a_limit_may_be_far(void **state)
{
	const struct made_up_runner early = {"openmp", 100, 2};
	const struct made_up_runner late = {"openmp", 3000, 2};
	const struct compared_pair *pair;
	struct pairing p;

	(void)state;
	compare(&p, record_of("sum", SIX, &early, 1),
		record_of("sum", SIX, &late, 1), (struct compare_wishes){0});
	pair = pair_of(&p, "openmp");
	assert_int_equal(compare_start_beyond(pair, log(2)), 1);
	assert_int_equal(compare_start_beyond(pair, log(20)), 0);
	assert_int_equal(compare_start_beyond(pair, log(1000)), -1);
	drop(&p);
}

/* ------------------------------------------------------------- names */

static void finds_names_with_signs(void **state)
{
	const char *const a[] = {"pool", "pool:wait=spin"};
	const char *const b[] = {"pool", "pool:wait=spin", "tbb"};
	struct compare_names names;

	(void)state;
	assert_true(compare_find_names("pool:wait=spin", a, 2, b, 3, &names));
	assert_ptr_equal(names.a, a[1]);
	assert_ptr_equal(names.b, b[1]);
	assert_true(
		compare_find_names("pool=pool:wait=spin", a, 2, b, 3, &names));
	assert_ptr_equal(names.a, a[0]);
	assert_ptr_equal(names.b, b[1]);
	assert_true(
		compare_find_names("pool:wait=spin=tbb", a, 2, b, 3, &names));
	assert_ptr_equal(names.a, a[1]);
	assert_ptr_equal(names.b, b[2]);
	assert_false(compare_find_names("tbb", a, 2, b, 3, &names));
	assert_false(compare_find_names("pool=", a, 2, b, 3, &names));
	assert_false(compare_find_names("=pool", a, 2, b, 3, &names));
	assert_false(compare_find_names("", a, 2, b, 3, &names));
}

static void compares_within_one_record(void **state)
{
	struct record *record = record_of("sum", SIX, base, 3);
	struct compare_names runners[] = {{"fork-pool", "openmp"}};
	struct pairing p;

	(void)state;
	compare(&p, record, record,
		(struct compare_wishes){.runners = runners, .nrunners = 1});
	assert_int_equal(p.found.npairs, 1);
	assert_int_equal(p.found.counts[CELL_FASTER], SIZES);
	assert_true(fabs(p.found.pairs[0].cells[0].log_ratio -
			 log((100 + 16 / 1.9) / (560 + 16 / 1.8))) < 1e-2);
	assert_int_equal(p.found.nabsent, 0);
	drop(&p);
}

/* ------------------------------------------------------------- absent */

static bool lacks(const struct pairing *pairing, bool in_b, const char *kernel,
		  const char *runner, uint64_t n, const char *reason)
{
	for (size_t i = 0; i < pairing->found.nabsent; i++) {
		const struct compared_absent *absent =
			&pairing->found.absent[i];

		if (absent->in_b == in_b && absent->n == n &&
		    (kernel ? absent->kernel &&
				      strcmp(absent->kernel, kernel) == 0
			    : !absent->kernel) &&
		    (runner ? absent->runner &&
				      strcmp(absent->runner, runner) == 0
			    : !absent->runner) &&
		    (!reason ||
		     (absent->reason && strcmp(absent->reason, reason) == 0)))
			return true;
	}
	return false;
}

static void says_what_is_in_one_only(void **state)
{
	struct record *a = record_of("sum", SIX, base, 3);
	struct record *b = record_of("sum", SIX, base, 2);
	struct pairing p;

	(void)state;
	made_up_note(b, "failed", "sum", "fork", 64, "killed");
	made_up_note(b, "skipped", "sum", "openmp", 0, "not here");
	compare(&p, a, b, (struct compare_wishes){0});
	assert_int_equal(pair_of(&p, "fork")->ncells, SIZES - 1);
	assert_true(lacks(&p, false, "sum", "fork", 64, "killed"));
	assert_true(lacks(&p, false, "sum", "openmp", 0, "not here"));
	assert_int_equal(p.found.nabsent, 2);
	drop(&p);

	a = record_of("dot", SIX, base, 3);
	made_up_scan(a, "sum", SIZES, SIX, base, 1);
	compare(&p, a, record_of("sum", SIX, base, 2),
		(struct compare_wishes){0});
	assert_true(lacks(&p, true, "sum", "fork-pool", 0, NULL));
	assert_true(lacks(&p, false, "dot", "fork", 0, NULL));
	drop(&p);
}

/* ------------------------------------------------------------- facts */

static void says_what_differs(void **state)
{
	struct record *a = made_up_record();
	struct record *b = record_new();
	struct compare_facts facts;

	(void)state;
	record_put_header(b, made_up_header("Debug", ""));
	assert_int_equal(compare_facts_init(&facts, a, b), 0);
	assert_int_equal(facts.count, 1);
	assert_string_equal(facts.list[0].what, "build type");
	assert_string_equal(facts.list[0].a, "RelWithDebInfo");
	assert_string_equal(facts.list[0].b, "Debug");
	compare_facts_free(&facts);
	json_object_set_new(
		json_array_get(json_object_get(b->header, "kernels"), 0),
		"grain", json_integer(7));
	json_object_set_new(json_object_get(b->header, "machine"), "l2",
			    json_integer(1 << 20));
	assert_int_equal(compare_facts_init(&facts, a, b), 0);
	assert_int_equal(facts.count, 3);
	assert_string_equal(facts.list[0].what, "L2 cache");
	assert_string_equal(facts.list[0].a, "not known");
	assert_string_equal(facts.list[0].b, "1 MiB");
	assert_string_equal(facts.list[2].what, "sum: items of a tile");
	compare_facts_free(&facts);
	record_free(a);
	record_free(b);
}

/* ------------------------------------------------------------- telling */

/* No line is wider than it may be, and no control character gets through. */
static void assert_tidy(const char *text)
{
	for (const char *line = text, *end; *line; line = end + 1) {
		char *own;

		end = strchr(line, '\n');
		assert_non_null(end);
		own = strndup(line, (size_t)(end - line));
		assert_non_null(own);
		if (text_width(own) > plain.columns)
			fail_msg("too wide: %s", own);
		free(own);
	}
	assert_null(strchr(text, '\x1b'));
}

static void tells_people(void **state)
{
	const struct compare_limits limits = {log(1.05), NAN, log(1.05)};
	struct record *b = record_of("sum", SIX - 1, slower, 3);
	struct pairing p;
	char *text;

	(void)state;
	made_up_note(b, "failed", "sum", "fork", 64, NASTY);
	compare(&p, record_of("sum", SIX, base, 3), b,
		(struct compare_wishes){0});
	text = tell(&p, "table", &limits);
	assert_tidy(text);
	assert_says(text, "B is not trusted");
	assert_says(text, "less than six generations");
	assert_says(text, "signal 9");
	assert_says(text, "Limit slower=5%: 0 of 23 cells are slower");
	free(text);
	drop(&p);

	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, slower, 3), (struct compare_wishes){0});
	text = tell(&p, "table", &limits);
	assert_tidy(text);
	assert_says(text, "1.10 [1.10,1.10]-");
	assert_says(text, "Limit slower=5%: 18 of 24 cells are slower");
	assert_says(text, "B is faster in 0, slower in 18");
	free(text);
	text = tell(&p, "markdown", &no_limits);
	assert_says(text, "| 1,024 | 1.00 [1.00,1.00] = | 1.10 [1.10,1.10] -");
	free(text);
	drop(&p);
}

static void tells_programs(void **state)
{
	const struct compare_limits limits = {log(1.05), NAN, NAN};
	struct pairing p;
	const json_t *object, *limit;
	json_t *root;
	char *text;

	(void)state;
	compare(&p, record_of("sum", SIX, base, 3),
		record_of("sum", SIX, slower, 3), (struct compare_wishes){0});
	text = tell(&p, "json", &limits);
	root = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(root), 1);
	object = json_array_get(root, 0);
	assert_int_equal(json_array_size(json_object_get(object, "cells")),
			 4 * SIZES);
	limit = json_array_get(json_object_get(object, "limits"), 0);
	assert_int_equal(json_integer_value(json_object_get(limit, "proven")),
			 3 * SIZES);
	assert_int_equal(
		json_integer_value(json_object_get(limit, "unresolved")), 0);
	json_decref(root);
	free(text);
	drop(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_is_equal),
		cmocka_unit_test(finds_ten_per_cent),
		cmocka_unit_test(speedups_have_the_other_sign),
		cmocka_unit_test(few_generations_prove_nothing),
		cmocka_unit_test(all_cells_share_the_rate),
		cmocka_unit_test(placements_are_not_mixed),
		cmocka_unit_test(turns_are_compared_generation_by_generation),
		cmocka_unit_test(turns_need_both_sides),
		cmocka_unit_test(intervals_reach_over_the_machine),
		cmocka_unit_test(serial_of_one_build_tells_of_the_machine),
		cmocka_unit_test(near_is_not_compared_with_far),
		cmocka_unit_test(limits_need_proof),
		cmocka_unit_test(tells_sizes_apart),
		cmocka_unit_test(a_limit_may_be_far),
		cmocka_unit_test(finds_names_with_signs),
		cmocka_unit_test(compares_within_one_record),
		cmocka_unit_test(says_what_is_in_one_only),
		cmocka_unit_test(says_what_differs),
		cmocka_unit_test(tells_people),
		cmocka_unit_test(tells_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

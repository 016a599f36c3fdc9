/* SPDX-License-Identifier: MIT */
#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct made_up_runner pool = {"fork-pool", 1000, 2};
static const struct made_up_runner threads = {"pthread-pool", 500, 2};

static const struct cell *find_cell(const struct findings *findings,
				    const char *kernel, const char *runner,
				    const char *placement, uint64_t n)
{
	for (size_t i = 0; i < findings->ncells; i++) {
		const struct cell *cell = &findings->cells[i];

		if (strcmp(cell->pair.kernel, kernel) == 0 &&
		    strcmp(cell->pair.runner, runner) == 0 &&
		    (!placement ||
		     strcmp(cell->pair.placement, placement) == 0) &&
		    cell->n == n)
			return cell;
	}
	return NULL;
}

static const struct crossing *find_crossing(const struct findings *findings,
					    const char *kernel,
					    const char *runner,
					    const char *placement)
{
	for (size_t i = 0; i < findings->ncrossings; i++) {
		const struct crossing *crossing = &findings->crossings[i];

		if (strcmp(crossing->pair.kernel, kernel) == 0 &&
		    strcmp(crossing->pair.runner, runner) == 0 &&
		    (!placement ||
		     strcmp(crossing->pair.placement, placement) == 0))
			return crossing;
	}
	return NULL;
}

static bool distrusts(const struct findings *findings, const char *words)
{
	for (size_t i = 0; i < findings->nreasons; i++)
		if (strstr(findings->reasons[i], words))
			return !findings->trusted;
	return false;
}

/* Analyse and take the record along. */
static struct findings *finish(struct record *record)
{
	struct findings *findings;

	if (!record->ended)
		record_put_end(record, true, NULL);
	findings = findings_make(record);
	assert_non_null(findings);
	return findings;
}

static void drop(struct findings *findings, struct record *record)
{
	findings_free(findings);
	record_free(record);
}

/* ------------------------------------------------------------- cells */

static void cells_and_break_even(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;
	const struct crossing *crossing;
	const struct cell *cell;

	(void)state;
	made_up_scan(record, "sum", 8, 6, &pool, 1);
	findings = finish(record);
	assert_int_equal(findings->ncells, 8);
	assert_int_equal(findings->ncrossings, 1);
	cell = find_cell(findings, "sum", "fork-pool", NULL, 16);
	assert_int_equal(cell->verdict, CELL_SLOWER);
	assert_int_equal(cell->rounds, 18);
	assert_int_equal(cell->generations, 6);
	assert_int_equal(cell->pair.workers, 2);
	assert_string_equal(cell->pair.regime, "warm");
	assert_string_equal(cell->pair.placement, "unknown");
	assert_true(fabs(cell->serial_ns - 16) < 0.1);
	assert_true(fabs(cell->runner_ns - 1008) < 5);
	assert_true(fabs(cell->direct_ns - 16) < 0.1);
	assert_true(fabs(cell->log_ratio - log(16 / 1008.)) < 0.005);
	assert_true(cell->interval.lo <= cell->log_ratio &&
		    cell->interval.hi >= cell->log_ratio);
	cell = find_cell(findings, "sum", "fork-pool", NULL, 1 << 18);
	assert_int_equal(cell->verdict, CELL_FASTER);
	crossing = &findings->crossings[0];
	assert_int_equal(crossing->at.verdict, BREAKEVEN_AT);
	assert_true(crossing->at.n_lo == 1024 && crossing->at.n_hi == 4096);
	assert_true(crossing->at.n_star > 1024 && crossing->at.n_star < 4096);
	assert_int_equal(crossing->n_max, 1 << 18);
	assert_true(fabs(crossing->asymptote - log(2)) < 0.02);
	assert_null(crossing->reason);
	assert_true(findings->complete && findings->trusted);
	drop(findings, record);
}

static void always_never_window_equal(void **state)
{
	static const struct made_up_runner all[] = {
		{"fork", 1e9, 2}, {"pthread", 1, 2}, {"openmp", 0, 1.001}};
	static const struct made_up_runner early = {"pthread-pool", 100, 2};
	static const struct made_up_runner late = {"pthread-pool", 0, 0.8};
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "sum", 6, 6, all, 3);
	for (unsigned g = 1; g <= 6; g++)
		for (size_t i = 0; i < 8; i++)
			made_up_block(record, g, "dot", UINT64_C(16) << 2 * i,
				      NAN, i < 5 ? &early : &late, 1);
	findings = finish(record);
	assert_int_equal(
		find_crossing(findings, "sum", "fork", NULL)->at.verdict,
		BREAKEVEN_NEVER);
	assert_int_equal(
		find_crossing(findings, "sum", "pthread", NULL)->at.verdict,
		BREAKEVEN_ALWAYS);
	assert_int_equal(
		find_cell(findings, "sum", "openmp", NULL, 64)->verdict,
		CELL_EQUAL);
	assert_int_equal(find_crossing(findings, "dot", "pthread-pool", NULL)
				 ->at.verdict,
			 BREAKEVEN_WINDOW);
	drop(findings, record);
}

static void five_generations_tell_nothing(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "sum", 8, 5, &pool, 1);
	findings = finish(record);
	for (size_t i = 0; i < findings->ncells; i++) {
		assert_int_equal(findings->cells[i].verdict, CELL_UNRESOLVED);
		assert_false(isnan(findings->cells[i].log_ratio));
	}
	assert_int_equal(findings->crossings[0].at.verdict,
			 BREAKEVEN_UNRESOLVED);
	assert_non_null(
		strstr(findings->crossings[0].reason, "5 of 6 process"));
	assert_true(distrusts(findings, "six generations"));
	assert_true(distrusts(findings, "--budget"));
	drop(findings, record);
}

/* Five of six generations took 150 s. */
static void a_budget_that_would_do_is_named(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	json_object_set_new(record->header, "plan",
			    json_pack("{s:f}", "budget_s", 150.0));
	made_up_scan(record, "sum", 8, 5, &pool, 1);
	findings = finish(record);
	assert_true(distrusts(findings, "give it more, as --budget 230"));
	drop(findings, record);
}

/* No budget would give more to a plan that was counted. */
static void a_counted_plan_is_told_what_to_count(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	json_object_set_new(record->header, "plan",
			    json_pack("{s:f}", "budget_s", 0.0));
	made_up_scan(record, "sum", 8, 5, &pool, 1);
	findings = finish(record);
	assert_true(findings->counted);
	assert_true(distrusts(findings, "--generations 6"));
	assert_false(distrusts(findings, "--budget"));
	drop(findings, record);
}

/* One kernel's cells share an error rate, of what is proven; another kernel has
 * its own. The interval of a cell is its own, whatever stands beside it. */
static void many_comparisons_need_more_proof(void **state)
{
	double width[2], proof[2];

	(void)state;
	for (int many = 0; many < 2; many++) {
		struct record *record = made_up_record();
		struct findings *findings;
		const struct cell *cell;

		made_up_scan(record, "sum", 1, 6, &pool, 1);
		made_up_scan(record, "dot", 20, 6, &threads, 1);
		if (many)
			made_up_scan(record, "sum", 30, 6, &threads, 1);
		findings = finish(record);
		cell = find_cell(findings, "sum", "fork-pool", NULL, 16);
		width[many] = cell->interval.hi - cell->interval.lo;
		proof[many] = cell->proof.hi - cell->proof.lo;
		drop(findings, record);
	}
	assert_true(width[1] == width[0]);
	assert_true(proof[1] > proof[0] && proof[0] >= width[0]);
}

static void put_times(struct record *record, unsigned generation, double base,
		      double runner)
{
	double base_ns[] = {base, 100}, runner_ns[] = {runner, 50};
	struct reading readings[] = {{NAN, NAN, NAN},
				     {NAN, NAN, NAN},
				     {NAN, NAN, NAN},
				     {NAN, NAN, NAN}};
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 1, base_ns, NULL, NAN, 0},
		{"fork", 2, ROLE_RUNNER, 1, runner_ns, NULL, NAN, 0},
	};
	struct block block = {.generation = generation,
			      .kernel = "sum",
			      .n = 16,
			      .tiles = 1,
			      .rounds = 1,
			      .readings = readings,
			      .nseries = 2,
			      .series = series};

	assert_int_equal(record_put_block(record, &block), 0);
	block.n = 64;
	block.rounds = 2;
	assert_int_equal(record_put_block(record, &block), 0);
}

/* The interval that is printed beside a mark agrees with it. */
static void what_a_later_look_takes_back_is_open(void **state)
{
	static const struct made_up_runner faster = {"fork-pool", 0, 1.25};
	static const struct made_up_runner slower = {"fork-pool", 0, 0.8};
	struct record *record = record_new();
	json_t *header = made_up_header("RelWithDebInfo", "");
	struct findings *findings;
	const struct cell *cell;

	(void)state;
	json_object_set_new(header, "plan",
			    json_pack("{s:[I],s:[i,i]}", "sizes",
				      (json_int_t)4096, "looks", 12, 24));
	record_put_header(record, header);
	for (unsigned g = 1; g <= 12; g++)
		made_up_block(record, g, "sum", 4096, NAN, &faster, 1);
	findings = findings_make(record);
	assert_non_null(findings);
	cell = find_cell(findings, "sum", "fork-pool", NULL, 4096);
	assert_int_equal(cell->verdict, CELL_FASTER);
	findings_free(findings);
	for (unsigned g = 13; g <= 24; g++)
		made_up_block(record, g, "sum", 4096, NAN, &slower, 1);
	findings = finish(record);
	cell = find_cell(findings, "sum", "fork-pool", NULL, 4096);
	assert_true(cell->interval.lo < 0 && cell->interval.hi > 0);
	assert_int_equal(cell->verdict, CELL_UNRESOLVED);
	drop(findings, record);
}

static void what_the_clock_cannot_tell_does_not_count(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;
	const struct cell *cell;

	(void)state;
	for (unsigned g = 1; g <= 6; g++)
		put_times(record, g, g % 2 ? 0 : 100, g % 2 ? 50 : 0);
	findings = finish(record);
	cell = find_cell(findings, "sum", "fork", NULL, 16);
	assert_int_equal(cell->verdict, CELL_UNRESOLVED);
	assert_int_equal(cell->rounds, 0);
	assert_true(isnan(cell->log_ratio) && isnan(cell->serial_ns));
	assert_string_equal(cell->reason, "below the clock's resolution");
	cell = find_cell(findings, "sum", "fork", NULL, 64);
	assert_int_equal(cell->rounds, 6);
	assert_int_equal(cell->generations, 6);
	assert_true(fabs(cell->log_ratio - log(2)) < 1e-9);
	drop(findings, record);
}

static void times_not_taken_make_no_cell(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	for (unsigned g = 1; g <= 6; g++)
		put_times(record, g, 100, NAN);
	findings = finish(record);
	assert_null(find_cell(findings, "sum", "fork", NULL, 16));
	assert_int_equal(find_cell(findings, "sum", "fork", NULL, 64)->rounds,
			 6);
	drop(findings, record);
}

/* ------------------------------------------------------------- placement */

/* Far in `far` generations of eight, where threads are slower. */
static struct record *two_states(unsigned far)
{
	static const struct made_up_runner near_pool = {"fork-pool", 1000, 2};
	static const struct made_up_runner far_pool = {"fork-pool", 5000, 2};
	struct record *record = made_up_record();

	for (unsigned g = 1; g <= 16; g++)
		for (size_t i = 0; i < 8; i++)
			made_up_block(record, g, "sum", UINT64_C(16) << 2 * i,
				      g <= far ? 380 + g : 58 + g,
				      g <= far ? &far_pool : &near_pool, 1);
	return record;
}

static void placements_are_told_apart(void **state)
{
	struct record *record = two_states(6);
	struct findings *findings = finish(record);
	const struct crossing *near, *far;

	(void)state;
	assert_int_equal(findings->ncells, 16);
	assert_int_equal(findings->nplacements, 2);
	assert_string_equal(findings->placements[0], "near");
	assert_string_equal(findings->crossings[0].pair.placement, "near");
	near = find_crossing(findings, "sum", "fork-pool", "near");
	far = find_crossing(findings, "sum", "fork-pool", "far");
	assert_true(near->at.n_star < 4096 && far->at.n_star > 4096);
	assert_int_equal(
		find_cell(findings, "sum", "fork-pool", "far", 16)->generations,
		6);
	drop(findings, record);
}

static void the_commoner_placement_comes_first(void **state)
{
	struct record *record = two_states(10);
	struct findings *findings = finish(record);

	(void)state;
	assert_string_equal(findings->placements[0], "far");
	assert_string_equal(findings->crossings[0].pair.placement, "far");
	assert_string_equal(findings->cells[0].pair.placement, "far");
	drop(findings, record);
}

/* Near all over the first pass; far by and by, where the runner wins at both of
 * the sizes that were looked at, and where it loses at both. */
static void a_placement_seen_in_part_knows_no_always(void **state)
{
	static const struct made_up_runner near_pool = {"fork-pool", 1000, 2};
	static const struct made_up_runner far_pool = {"fork-pool", 5000, 2};
	static const struct made_up_runner far_fork = {"fork", 1e6, 2};
	struct record *record = made_up_record();
	struct findings *findings;
	const struct crossing *far, *forks;

	(void)state;
	for (unsigned g = 1; g <= 6; g++)
		for (uint64_t n = 16; n <= 1048576; n *= 16)
			made_up_block(record, g, "sum", n, 58 + g, &near_pool,
				      1);
	for (unsigned g = 7; g <= 12; g++) {
		made_up_block(record, g, "sum", 65536, 380 + g, &far_pool, 1);
		made_up_block(record, g, "sum", 65536, 380 + g, &far_fork, 1);
		made_up_block(record, g, "sum", 131072, 380 + g, &far_pool, 1);
	}
	for (unsigned g = 7; g <= 12; g++)
		made_up_block(record, g, "sum", 1048576, 58 + g, &far_fork, 1);
	findings = finish(record);
	far = find_crossing(findings, "sum", "fork-pool", "far");
	forks = find_crossing(findings, "sum", "fork", "far");
	assert_int_equal(far->at.verdict, BREAKEVEN_UNRESOLVED);
	assert_int_equal(forks->at.verdict, BREAKEVEN_UNRESOLVED);
	assert_non_null(strstr(far->reason, "at some sizes only"));
	drop(findings, record);
}

static void a_round_across_a_flip_is_dropped(void **state)
{
	struct record *record = two_states(6);
	double base[] = {16, 16}, runner[] = {1, 1};
	struct reading readings[] = {{58, NAN, NAN},
				     {380, NAN, NAN},
				     {58, NAN, NAN},
				     {NAN, NAN, NAN}};
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 1, base, NULL, NAN, 0},
		{"fork", 2, ROLE_RUNNER, 1, runner, NULL, NAN, 0},
	};
	struct block block = {.generation = 1,
			      .kernel = "sum",
			      .n = 16,
			      .rounds = 2,
			      .readings = readings,
			      .nseries = 2,
			      .series = series};
	struct findings *findings;

	(void)state;
	assert_int_equal(record_put_block(record, &block), 0);
	findings = finish(record);
	assert_null(find_cell(findings, "sum", "fork", NULL, 16));
	assert_int_equal(findings->dropped, 2);
	assert_int_equal(findings->rounds, 16 * 8 * MADE_UP_ROUNDS + 2);
	drop(findings, record);
}

static void one_state_is_called_one(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	for (unsigned g = 1; g <= 6; g++)
		made_up_block(record, g, "sum", 16, 58 + g, &pool, 1);
	findings = finish(record);
	assert_string_equal(findings->cells[0].pair.placement, "one");
	assert_int_equal(findings->dropped, 0);
	drop(findings, record);
}

/* ------------------------------------------------------------- notes */

static void a_note_takes_the_times_away(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;
	const struct cell *cell;

	(void)state;
	made_up_scan(record, "sum", 8, 6, &pool, 1);
	made_up_note(record, "skipped", "sum", "fork-pool", 64, "no room");
	made_up_note(record, "skipped", "sum", "fork-pool", 1 << 20, "big");
	findings = finish(record);
	cell = find_cell(findings, "sum", "fork-pool", NULL, 64);
	assert_int_equal(cell->verdict, CELL_SKIPPED);
	assert_string_equal(cell->reason, "no room");
	assert_true(isnan(cell->serial_ns) && isnan(cell->runner_ns) &&
		    isnan(cell->log_ratio));
	cell = find_cell(findings, "sum", "fork-pool", NULL, 1 << 20);
	assert_int_equal(cell->verdict, CELL_SKIPPED);
	assert_int_equal(findings->ncells, 9);
	assert_int_equal(findings->ncrossings, 1);
	assert_int_equal(findings->crossings[0].at.verdict, BREAKEVEN_AT);
	assert_int_equal(findings->crossings[0].n_max, 1 << 18);
	assert_true(findings->trusted);
	drop(findings, record);
}

static void what_is_wrong_once_ends_what_counts(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;
	const struct crossing *crossing;

	(void)state;
	made_up_scan(record, "sum", 8, 6, &pool, 1);
	made_up_scan(record, "dot", 8, 6, &pool, 1);
	made_up_note(record, "failed", "sum", "fork-pool", 1 << 16, "killed");
	made_up_note(record, "failed", "dot", "fork-pool", 16, "killed");
	made_up_note(record, "invalid", "dot", "fork-pool", 16, "differs");
	findings = finish(record);
	crossing = find_crossing(findings, "sum", "fork-pool", NULL);
	assert_int_equal(crossing->at.verdict, BREAKEVEN_AT);
	assert_int_equal(crossing->n_max, 1 << 14);
	assert_non_null(strstr(crossing->reason, "failed at 64 Ki items"));
	assert_non_null(strstr(crossing->reason, "killed"));
	crossing = find_crossing(findings, "dot", "fork-pool", NULL);
	assert_int_equal(crossing->at.verdict, BREAKEVEN_INVALID);
	assert_string_equal(crossing->reason, "differs");
	assert_true(distrusts(findings, "wrong results"));
	drop(findings, record);
}

static void a_note_on_all_sizes(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "sum", 8, 6, &pool, 1);
	made_up_note(record, "failed", "sum", "fork-pool", 0, "three times");
	made_up_note(record, "skipped", NULL, "mpi", 0, "not installed");
	findings = finish(record);
	for (size_t i = 0; i < findings->ncells; i++)
		assert_int_equal(findings->cells[i].verdict, CELL_FAILED);
	assert_int_equal(findings->ncells, 8);
	assert_int_equal(
		find_crossing(findings, "sum", "fork-pool", NULL)->at.verdict,
		BREAKEVEN_FAILED);
	assert_int_equal(findings->ncrossings, 3);
	assert_int_equal(
		find_crossing(findings, "dot", "mpi", NULL)->at.verdict,
		BREAKEVEN_SKIPPED);
	assert_string_equal(find_crossing(findings, "sum", "mpi", NULL)->reason,
			    "not installed");
	assert_true(distrusts(findings, "nothing was measured"));
	drop(findings, record);
}

/* The self-check measures kernels that nobody asked for. */
static void a_note_on_all_kernels_is_on_those_asked_for(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "sum", 8, 6, &pool, 1);
	made_up_scan(record, "spin:ops=100", 1, 6, &pool, 1);
	made_up_note(record, "skipped", NULL, "mpi", 0, "not installed");
	findings = finish(record);
	assert_non_null(find_crossing(findings, "sum", "mpi", NULL));
	assert_non_null(find_crossing(findings, "dot", "mpi", NULL));
	assert_null(find_crossing(findings, "spin:ops=100", "mpi", NULL));
	drop(findings, record);
}

/* ------------------------------------------------------------- order */

static void in_the_order_of_the_header(void **state)
{
	static const struct made_up_runner backwards[] = {
		{"stranger", 10, 2}, {"openmp", 10, 2}, {"fork", 10, 2}};
	static const char *const order[] = {"fork", "openmp", "stranger"};
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "unheard-of", 2, 6, backwards, 3);
	made_up_scan(record, "dot", 2, 6, backwards, 3);
	made_up_scan(record, "sum", 2, 6, backwards, 3);
	findings = finish(record);
	assert_int_equal(findings->ncrossings, 9);
	for (size_t i = 0; i < 9; i++)
		assert_string_equal(findings->crossings[i].pair.runner,
				    order[i % 3]);
	assert_string_equal(findings->crossings[0].pair.kernel, "sum");
	assert_string_equal(findings->crossings[8].pair.kernel, "unheard-of");
	assert_string_equal(findings->crossings[8].pair.regime, "unknown");
	for (size_t i = 1; i < findings->ncells; i++)
		assert_true(findings->cells[i].n > findings->cells[i - 1].n ||
			    strcmp(findings->cells[i].pair.runner,
				   findings->cells[i - 1].pair.runner) != 0);
	drop(findings, record);
}

/* ------------------------------------------------------------- trust */

static void trust_needs_proof(void **state)
{
	static const struct {
		const char *type, *sanitizer, *says;
	} builds[] = {
		{"Debug", "", "Debug"},
		{"Release", "address", "sanitizers"},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct record *record = record_new();
		struct findings *findings;

		record_put_header(record, made_up_header(builds[i].type,
							 builds[i].sanitizer));
		made_up_scan(record, "sum", 3, 6, &pool, 1);
		findings = finish(record);
		assert_true(distrusts(findings, builds[i].says));
		assert_int_equal(findings->nreasons, 1);
		drop(findings, record);
	}
}

static void an_interrupted_run_is_not_trusted(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings;

	(void)state;
	made_up_scan(record, "sum", 3, 6, &pool, 1);
	findings = findings_make(record);
	assert_false(findings->complete);
	assert_true(distrusts(findings, "interrupted"));
	findings_free(findings);
	record_put_end(record, false, NULL);
	findings = findings_make(record);
	assert_false(findings->complete);
	drop(findings, record);
}

static void serial_must_equal_serial(void **state)
{
	static const struct made_up_runner fair = {"serial", 0, 1};
	static const struct made_up_runner biased = {"serial", 0, 1.1};

	(void)state;
	for (int bias = 0; bias < 2; bias++) {
		struct record *record = made_up_record();
		struct findings *findings;

		made_up_scan(record, "sum", 3, 6, bias ? &biased : &fair, 1);
		findings = finish(record);
		assert_int_equal(distrusts(findings, "serial differs"), bias);
		assert_int_equal(findings->trusted, !bias);
		drop(findings, record);
	}
}

enum { TILING_ROUNDS = 3 };

/* Serial by tiles takes so many per cent more than in one run: in all rounds,
 * or only as a machine under load has it, here and there. In old records it is
 * the base. */
static struct record *by_tiles(double percent, bool loaded, bool from_file,
			       bool old)
{
	json_t *header = made_up_header("RelWithDebInfo", "");
	struct record *record = record_new();
	double tiles[TILING_ROUNDS], whole[] = {100, 100, 100};
	struct reading readings[2 * TILING_ROUNDS];
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 1, old ? tiles : whole, NULL, NAN, 0},
		{"fork", 2, ROLE_RUNNER, 1, tiles, NULL, NAN, 0},
		{old ? "direct" : "tiles", old ? 1 : 2, ROLE_CONTROL, 1,
		 old ? whole : tiles, NULL, NAN, 0},
	};
	struct block block = {.kernel = "sum",
			      .n = 16,
			      .tiles = 8,
			      .rounds = TILING_ROUNDS,
			      .readings = readings,
			      .nseries = 3,
			      .series = series};

	if (from_file)
		json_object_set_new(
			json_array_get(json_object_get(header, "kernels"), 0),
			"kernel", json_string("mine"));
	record_put_header(record, header);
	for (size_t r = 0; r < 2 * TILING_ROUNDS; r++)
		readings[r] = (struct reading){NAN, NAN, NAN};
	for (block.generation = 1; block.generation <= 6; block.generation++) {
		for (unsigned r = 0; r < TILING_ROUNDS; r++)
			tiles[r] = 100 + (loaded && block.generation % 3 == 0
						  ? -percent
						  : percent);
		assert_int_equal(record_put_block(record, &block), 0);
	}
	return record;
}

static void tiles_must_be_cheap(void **state)
{
	static const struct tiling_case {
		double percent;
		bool loaded, from_file;
		const char *remedy; /* NULL: nothing is wrong */
	} cases[] = {
		{10, false, true, "a larger grain"},
		{10, false, false, "--wait-for-quiet"},
		{10, true, true, NULL},
		{10, true, false, NULL},
		{2, false, true, NULL},
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		const struct tiling_case *one = &cases[i / 2];
		struct record *record = by_tiles(one->percent, one->loaded,
						 one->from_file, i % 2);
		struct findings *findings = finish(record);

		assert_int_equal(distrusts(findings, "by tiles"),
				 one->remedy != NULL);
		if (one->remedy)
			assert_true(distrusts(findings, one->remedy));
		drop(findings, record);
	}
}

static void an_empty_run(void **state)
{
	struct record *record = made_up_record();
	struct findings *findings = finish(record);

	(void)state;
	assert_int_equal(findings->ncells + findings->ncrossings, 0);
	assert_true(distrusts(findings, "measured: give it more --budget"));
	drop(findings, record);
	record = made_up_record();
	made_up_note(record, "skipped", "sum", "fork", 0, "not here");
	findings = finish(record);
	assert_true(distrusts(findings, "see what was left out"));
	drop(findings, record);
}

/* Serial `empty`; it makes no cell. */
static void what_the_harness_adds(void **state)
{
	struct record *record = made_up_record();
	double base[] = {300, 500, 310};
	struct reading readings[] = {{NAN, NAN, NAN}, {NAN, NAN, NAN},
				     {NAN, NAN, NAN}, {NAN, NAN, NAN},
				     {NAN, NAN, NAN}, {NAN, NAN, NAN}};
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 100, base, NULL, NAN, 0},
	};
	struct block block = {.generation = 1,
			      .kernel = "empty",
			      .n = 1,
			      .tiles = 1,
			      .rounds = 3,
			      .readings = readings,
			      .nseries = 1,
			      .series = series};
	struct findings *findings = finish(record);

	(void)state;
	assert_true(isnan(findings->harness_ns));
	drop(findings, record);
	record = made_up_record();
	assert_int_equal(record_put_block(record, &block), 0);
	findings = finish(record);
	assert_true(fabs(findings->harness_ns - 3.1) < 1e-9);
	assert_int_equal(findings->ncells + findings->ncrossings, 0);
	drop(findings, record);
}

/* 2 % dearer than by hand, in calls that are long enough to count. */
static void what_a_runner_costs_over_a_loop_by_hand(void **state)
{
	struct record *record = made_up_record();
	double base[] = {1e6, 1e6}, runner[] = {1.02e6, 2.04e6};
	double by_hand[] = {1e6, 2e6};
	struct reading readings[] = {{NAN, NAN, NAN},
				     {NAN, NAN, NAN},
				     {NAN, NAN, NAN},
				     {NAN, NAN, NAN}};
	struct series series[] = {
		{"serial", 1, ROLE_BASE, 1, base, NULL, NAN, 0},
		{"openmp", 2, ROLE_CONTROL, 1, by_hand, NULL, NAN, 0},
		{"openmp", 2, ROLE_RUNNER, 1, runner, NULL, NAN, 0},
	};
	struct block block = {.kernel = "dot",
			      .n = 4096,
			      .tiles = 8,
			      .rounds = 2,
			      .readings = readings,
			      .nseries = 3,
			      .series = series};
	struct findings *findings;

	(void)state;
	for (block.generation = 1; block.generation <= 6; block.generation++) {
		assert_int_equal(record_put_block(record, &block), 0);
		/* Calls of 20 ns, twice as dear: they do not count. */
		series[1].calls = series[2].calls = 100000;
		block.n = 16;
		runner[0] *= 2;
		assert_int_equal(record_put_block(record, &block), 0);
		series[1].calls = series[2].calls = 1;
		block.n = 4096;
		runner[0] /= 2;
	}
	findings = finish(record);
	assert_int_equal(findings->ncontrols, 1);
	assert_string_equal(findings->controls->kernel, "dot");
	assert_string_equal(findings->controls->runner, "openmp");
	assert_int_equal(findings->controls->n_min, 4096);
	assert_int_equal(findings->controls->n_max, 4096);
	assert_int_equal(findings->controls->rounds, 12);
	assert_true(fabs(exp(findings->controls->log_cost) - 1.02) < 1e-9);
	assert_true(fabs(exp(findings->controls->interval.hi) - 1.02) < 1e-9);
	/* Nor is it taken for the direct run that checks the base. */
	assert_true(findings->cells->direct_ns == findings->cells->serial_ns);
	drop(findings, record);
}

static void vague_sizes_are_counted(void **state)
{
	struct crossing crossings[] = {
		{.at = {.n_star = 1000, .n_lo = 990, .n_hi = 1010}},
		{.at = {.n_star = 1000, .n_lo = 500, .n_hi = 2000}},
		{.at = {.n_star = 2, .n_lo = 1, .n_hi = 2}}, /* neighbours */
		{.at = {.n_star = NAN, .n_lo = NAN, .n_hi = NAN}},
		{.at = {.n_star = 9, .n_lo = 8, .n_hi = 99}}, /* of Python */
	};
	struct findings findings = {.crossings = crossings, .ncrossings = 5};
	size_t known;

	(void)state;
	for (size_t i = 0; i < findings.ncrossings; i++)
		crossings[i].pair.base = i < 4 ? "serial" : "python-serial";
	assert_int_equal(findings_count_vague(&findings, 0.1, &known), 1);
	assert_int_equal(known, 3);
	assert_int_equal(findings_count_vague(&findings, 0.01, &known), 2);
	assert_int_equal(findings_count_vague(&findings, 3, &known), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_and_break_even),
		cmocka_unit_test(always_never_window_equal),
		cmocka_unit_test(five_generations_tell_nothing),
		cmocka_unit_test(a_counted_plan_is_told_what_to_count),
		cmocka_unit_test(a_budget_that_would_do_is_named),
		cmocka_unit_test(many_comparisons_need_more_proof),
		cmocka_unit_test(what_a_later_look_takes_back_is_open),
		cmocka_unit_test(what_the_clock_cannot_tell_does_not_count),
		cmocka_unit_test(times_not_taken_make_no_cell),
		cmocka_unit_test(placements_are_told_apart),
		cmocka_unit_test(the_commoner_placement_comes_first),
		cmocka_unit_test(a_placement_seen_in_part_knows_no_always),
		cmocka_unit_test(a_round_across_a_flip_is_dropped),
		cmocka_unit_test(one_state_is_called_one),
		cmocka_unit_test(a_note_takes_the_times_away),
		cmocka_unit_test(what_is_wrong_once_ends_what_counts),
		cmocka_unit_test(a_note_on_all_sizes),
		cmocka_unit_test(a_note_on_all_kernels_is_on_those_asked_for),
		cmocka_unit_test(in_the_order_of_the_header),
		cmocka_unit_test(trust_needs_proof),
		cmocka_unit_test(an_interrupted_run_is_not_trusted),
		cmocka_unit_test(serial_must_equal_serial),
		cmocka_unit_test(tiles_must_be_cheap),
		cmocka_unit_test(an_empty_run),
		cmocka_unit_test(what_the_harness_adds),
		cmocka_unit_test(what_a_runner_costs_over_a_loop_by_hand),
		cmocka_unit_test(vague_sizes_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of `bench` over hosts that follow a model: which sizes a run
 * takes, how many, and what it has no room for.
 */
#include "bench/cli/options.h"
#include "bench/commands/commands.h"
#include "tests/bench/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t largest(const struct fake_run *run)
{
	uint64_t n = 0;

	for (size_t i = 0; i < run->record->nblocks; i++)
		if (strcmp(run->record->blocks[i].kernel, "sum") == 0 &&
		    run->record->blocks[i].n > n)
			n = run->record->blocks[i].n;
	return n;
}

/* The size at which a runner was measured that has the fewest items. */
static uint64_t smallest(const struct fake_run *run, const char *runner)
{
	uint64_t n = UINT64_MAX;

	for (size_t i = 0; i < run->findings->ncells; i++) {
		const struct cell *cell = &run->findings->cells[i];

		if (strcmp(cell->pair.kernel, "sum") == 0 &&
		    strcmp(cell->pair.runner, runner) == 0 && cell->rounds &&
		    cell->n < n)
			n = cell->n;
	}
	return n;
}

/* Blocks of a kernel in a generation. */
static size_t blocks_of(const struct fake_run *run, const char *kernel,
			unsigned generation)
{
	size_t count = 0;

	for (size_t i = 0; i < run->record->nblocks; i++)
		count += strcmp(run->record->blocks[i].kernel, kernel) == 0 &&
			 run->record->blocks[i].generation == generation;
	return count;
}

static void what_is_counted_is_what_is_measured(void **state)
{
	struct fake_run run = fake_bench(
		"{}", "-k sum,dot -r fork-pool --seed 1 --quiet --rounds 5 "
		      "--generations 3 -n 16..256");

	(void)state;
	assert_int_equal(run.status, 0);
	for (unsigned g = 1; g <= 3; g++) {
		assert_int_equal(blocks_of(&run, "sum", g), 3);
		assert_int_equal(blocks_of(&run, "dot", g), 3);
	}
	assert_int_equal(blocks_of(&run, "sum", 4), 0);
	fake_free(&run);
}

/* 1 ns an item in a short budget, or a thousand: larger sizes go. */
static void sizes_fit_the_budget(void **state)
{
	struct fake_run fast = fake_bench(
		"{}", "-k sum -r fork-pool --seed 1 --quiet --budget 4");
	struct fake_run slow =
		fake_bench("{\"item_ns\":1000}",
			   "-k sum -r fork-pool --seed 1 --quiet --budget 4");

	(void)state;
	assert_true(largest(&fast) > 16 * largest(&slow));
	assert_true(largest(&slow) >= 64);
	fake_free(&fast);
	fake_free(&slow);
}

static void sizes_that_were_named_are_kept(void **state)
{
	struct fake_run run = fake_bench("{\"item_ns\":1000}",
					 "-k sum -r fork-pool --seed 1 --quiet "
					 "--budget 4 -n 16Ki..64Ki");

	(void)state;
	assert_int_equal(largest(&run), 64 * 1024);
	fake_free(&run);
}

/* A budget is of this machine's seconds, and a slow one comes less far within
 * it: the run with the first of these budgets that shows what is looked for, or
 * with the last. */
static struct fake_run run_until(const char *model, const char *options,
				 bool (*shows)(const struct fake_run *run))
{
	static const unsigned budgets[] = {5, 12, 30};
	enum { TRIES = sizeof(budgets) / sizeof(*budgets) };
	struct fake_run run;

	for (size_t i = 0;; i++) {
		char all[256];

		snprintf(all, sizeof(all), "%s --seed 1 --quiet --budget %u",
			 options, budgets[i]);
		run = fake_bench(model, all);
		if (i + 1 == TRIES || shows(&run))
			return run;
		fake_free(&run);
	}
}

static bool has_no_room_for_pipe_pool(const struct fake_run *run)
{
	const struct note *note = run->record->notes;

	return run->record->nnotes == 1 && note->runner &&
	       strcmp(note->runner, "pipe-pool") == 0 &&
	       strstr(note->reason, "the budget has no room");
}

/* One takes a thousand times as long: where its part of the budget ends, so do
 * its sizes, and the others go on. */
static void a_slow_runner_is_left_where_its_time_ends(void **state)
{
	struct fake_run run = run_until(
		"{\"runners\":{\"pipe-pool\":{\"speedup\":0.001},"
		"\"fork-pool\":{\"alpha_ns\":1000,\"speedup\":2}}}",
		"-k sum -r pipe-pool,fork-pool", has_no_room_for_pipe_pool);
	const struct note *note;
	size_t skipped = 0;

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(run.record->nnotes, 1);
	note = &run.record->notes[0];
	assert_string_equal(note->kind, "skipped");
	assert_string_equal(note->runner, "pipe-pool");
	assert_non_null(strstr(note->reason, "a call takes some "));
	assert_non_null(strstr(note->reason, "the budget has no room"));
	assert_true(smallest(&run, "pipe-pool") < note->n);
	assert_true(fake_cell(&run, "sum", "fork-pool", largest(&run))->rounds >
		    0);
	assert_true(run.record->complete);
	for (size_t i = 0; i < run.findings->ncells; i++)
		skipped += run.findings->cells[i].verdict == CELL_SKIPPED;
	assert_int_equal(skipped, 1);
	for (size_t i = 0; i < run.findings->ncrossings; i++)
		assert_int_not_equal(run.findings->crossings[i].at.verdict,
				     BREAKEVEN_SKIPPED);
	fake_free(&run);
}

static size_t rounds_of(const struct fake_run *run, const char *runner,
			unsigned generation)
{
	size_t rounds = 0;

	for (size_t i = 0; i < run->record->nblocks; i++) {
		const struct block *block = &run->record->blocks[i];

		for (size_t s = 0; s < block->nseries; s++)
			if (block->generation == generation &&
			    strcmp(block->series[s].runner, runner) == 0)
				rounds += block->rounds;
	}
	return rounds;
}

/* In its third generation a run has less of the one that loses. */
static bool has_less_of_the_loser(const struct fake_run *run)
{
	return rounds_of(run, "fork", 3) < rounds_of(run, "fork-pool", 3);
}

/* What a model takes is told beforehand, what it takes on this machine is not:
 * here, 80 ms for each epoch of a runner that loses. However few the sizes are,
 * six generations of two rounds would take more than the budget. From the third
 * one on there is less of that runner. */
static void what_takes_too_long_is_measured_less(void **state)
{
	struct fake_run run =
		run_until("{\"runners\":{\"fork\":{\"alpha_ns\":1000000},"
			  "\"fork-pool\":{\"alpha_ns\":1000,\"speedup\":2}},"
			  "\"faults\":[{\"runner\":\"fork\",\"op\":\"epoch\","
			  "\"does\":\"dawdle\"}]}",
			  "-k sum -r fork,fork-pool", has_less_of_the_loser);

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(rounds_of(&run, "fork", 1),
			 rounds_of(&run, "fork-pool", 1));
	assert_true(has_less_of_the_loser(&run));
	fake_free(&run);
}

static void a_kernel_that_fails_at_once_is_noted_and_the_rest_goes_on(
	void **state)
{
	struct fake_run run = fake_bench(
		"{\"faults\":[{\"runner\":\"serial\",\"kernel\":\"dot\","
		"\"op\":\"prepare\",\"does\":\"die\"}]}",
		"-k sum,dot -r fork-pool --seed 1 --quiet --rounds 2 "
		"--generations 1");

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(blocks_of(&run, "dot", 1), 0);
	assert_true(blocks_of(&run, "sum", 1) > 4);
	assert_true(run.record->nnotes >= 1);
	assert_string_equal(run.record->notes[0].kernel, "dot");
	fake_free(&run);
}

/* What loses by a factor of a thousand makes way where a budget ends, and a
 * grid has none. */
static void a_grid_measures_what_loses_in_all_generations(void **state)
{
	struct fake_run run =
		fake_command(&command_grid,
			     "{\"runners\":{\"fork-pool\":{\"alpha_ns\":1e6}}}",
			     "-k sum -r fork-pool --seed 1");

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(blocks_of(&run, "sum", 3), blocks_of(&run, "sum", 1));
	assert_true(blocks_of(&run, "sum", 3) > 4);
	fake_free(&run);
}

/* Six generations of a quiet model are trusted, one never is. */
static void trust_can_be_required(void **state)
{
	struct fake_run six =
		fake_bench("{}", "-k sum -r fork-pool --seed 1 --quiet "
				 "--rounds 3 -n 16..256 --require-trust");
	struct fake_run one = fake_bench(
		"{}", "-k sum -r fork-pool --seed 1 --quiet --rounds 3 "
		      "--generations 1 -n 16..256 --require-trust");
	struct fake_run lax =
		fake_bench("{}", "-k sum -r fork-pool --seed 1 --quiet "
				 "--rounds 3 --generations 1 -n 16..256");

	(void)state;
	assert_true(fake_trusted(&six));
	assert_int_equal(six.status, six.findings->trusted ? 0 : 3);
	assert_false(one.findings->trusted);
	assert_int_equal(one.status, 3);
	assert_non_null(strstr(one.text, "NOT TRUSTED, and --require-trust"));
	assert_true(one.record->complete);
	assert_int_equal(lax.status, 0);
	fake_free(&six);
	fake_free(&one);
	fake_free(&lax);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_counted_is_what_is_measured),
		cmocka_unit_test(sizes_fit_the_budget),
		cmocka_unit_test(sizes_that_were_named_are_kept),
		cmocka_unit_test(a_slow_runner_is_left_where_its_time_ends),
		cmocka_unit_test(what_takes_too_long_is_measured_less),
		cmocka_unit_test(
			a_kernel_that_fails_at_once_is_noted_and_the_rest_goes_on),
		cmocka_unit_test(a_grid_measures_what_loses_in_all_generations),
		cmocka_unit_test(trust_can_be_required),
	};

	fake_host(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of `bench` over hosts that follow a model: every round is measured
 * once, and a contender that fails is excluded where it failed, while the rest
 * goes on.
 */
#include "tests/bench/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNTED " --seed 1 --quiet --rounds 3 --generations 2 -n 16..1024"
#define FOUR	4 /* sizes of that */

/* A model in which fork-pool meets one fault. */
#define FAULT(text)                                                            \
	"{\"runners\":{\"fork-pool\":{\"alpha_ns\":100,\"speedup\":2}},"       \
	"\"faults\":[{\"runner\":\"fork-pool\"," text "}]}"

static struct fake_run run_two(const char *model)
{
	return fake_bench(model,
			  "-k sum,dot -r fork-pool,pthread-pool" COUNTED);
}

static bool is_of(const struct cell *cell, const char *kernel,
		  const char *runner)
{
	return strcmp(cell->pair.kernel, kernel) == 0 &&
	       strcmp(cell->pair.runner, runner) == 0;
}

static size_t count_cells(const struct fake_run *run, const char *kernel,
			  const char *runner, enum cell_verdict verdict)
{
	const struct findings *findings = run->findings;
	size_t count = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		count += is_of(&findings->cells[i], kernel, runner) &&
			 findings->cells[i].verdict == verdict;
	return count;
}

static size_t count_measured(const struct fake_run *run, const char *kernel,
			     const char *runner)
{
	const struct findings *findings = run->findings;
	size_t count = 0;

	for (size_t i = 0; i < findings->ncells; i++)
		count += is_of(&findings->cells[i], kernel, runner) &&
			 findings->cells[i].rounds > 0;
	return count;
}

static void every_round_is_asked_once(void **state)
{
	struct fake_run run = run_two("{}");

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(run.record->nnotes, 0);
	for (size_t i = 0; i < run.record->nblocks; i++) {
		const struct block *block = &run.record->blocks[i];

		if (strcmp(block->kernel, "sum") != 0)
			continue;
		assert_int_equal(block->rounds, 3);
		for (size_t s = 0; s < block->nseries; s++)
			for (size_t r = 0; r < block->rounds; r++)
				assert_true(block->series[s].ns[r] > 0);
	}
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), FOUR);
	assert_int_equal(count_measured(&run, "dot", "pthread-pool"), FOUR);
	fake_free(&run);
}

static void a_host_that_dies_is_left_out_where_it_died(void **state)
{
	struct fake_run run =
		run_two(FAULT("\"kernel\":\"sum\",\"op\":\"epoch\",\"from\":64,"
			      "\"to\":64,\"does\":\"die\""));

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(run.record->nnotes, 1);
	assert_int_equal(run.record->notes[0].n, 64);
	assert_string_equal(run.record->notes[0].kind, "failed");
	assert_non_null(strstr(run.record->notes[0].reason, "signal 15"));
	assert_int_equal(count_cells(&run, "sum", "fork-pool", CELL_FAILED), 1);
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), FOUR - 1);
	assert_int_equal(count_measured(&run, "dot", "fork-pool"), FOUR);
	assert_int_equal(count_measured(&run, "sum", "pthread-pool"), FOUR);
	fake_free(&run);
}

/* Three times at a kernel: then it is asked no more there. */
static void who_fails_again_and_again_is_given_up(void **state)
{
	struct fake_run run = run_two(FAULT(
		"\"kernel\":\"sum\",\"op\":\"epoch\",\"does\":\"leave\""));

	(void)state;
	/* A note for each, and that it was left. */
	assert_int_equal(run.record->nnotes, 4);
	assert_int_equal(run.record->notes[3].n, 0);
	assert_non_null(strstr(run.record->notes[0].reason,
			       "status 3, saying: this host leaves"));
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), 0);
	assert_int_equal(count_measured(&run, "dot", "fork-pool"), FOUR);
	fake_free(&run);
}

/* It is noted once, and no larger size is measured. */
static void what_is_skipped_at_a_size_is_so_beyond(void **state)
{
	struct fake_run run = run_two(
		FAULT("\"kernel\":\"sum\",\"op\":\"prepare\",\"from\":256,"
		      "\"does\":\"skipped\""));

	(void)state;
	assert_int_equal(run.record->nnotes, 1);
	assert_string_equal(run.record->notes[0].kind, "skipped");
	assert_int_equal(run.record->notes[0].n, 256);
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), 2);
	assert_int_equal(count_measured(&run, "dot", "fork-pool"), FOUR);
	fake_free(&run);
}

static void who_computes_something_else_is_invalid(void **state)
{
	struct fake_run run =
		run_two(FAULT("\"kernel\":\"dot\",\"op\":\"epoch\",\"to\":16,"
			      "\"does\":\"differ\""));

	(void)state;
	assert_int_equal(run.record->nnotes, 1);
	assert_string_equal(run.record->notes[0].kind, "invalid");
	assert_non_null(strstr(run.record->notes[0].reason,
			       "differs from serial's at 16 items"));
	assert_int_equal(count_cells(&run, "dot", "fork-pool", CELL_INVALID),
			 1);
	assert_false(run.findings->trusted);
	fake_free(&run);
}

static void without_its_base_nobody_is_measured_at_a_kernel(void **state)
{
	struct fake_run run = run_two(
		"{\"faults\":[{\"runner\":\"serial\",\"kernel\":\"dot\","
		"\"op\":\"epoch\",\"does\":\"die\"}]}");

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(count_measured(&run, "dot", "fork-pool"), 0);
	assert_int_equal(count_measured(&run, "dot", "pthread-pool"), 0);
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), FOUR);
	assert_non_null(strstr(run.record->notes[0].reason, "serial base"));
	fake_free(&run);
}

/* Its workers could not be created: the rest is measured. */
static void who_does_not_open_is_left_out(void **state)
{
	static const char *const faults[] = {
		FAULT("\"op\":\"open\",\"does\":\"die\""),
		FAULT("\"op\":\"open\",\"does\":\"failed\""),
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fake_run run = run_two(faults[i]);

		assert_int_equal(run.status, 0);
		assert_non_null(strstr(run.text, "is left out"));
		assert_int_equal(count_measured(&run, "sum", "fork-pool"), 0);
		assert_int_equal(count_measured(&run, "sum", "pthread-pool"),
				 FOUR);
		fake_free(&run);
	}
}

static void hosts_of_an_older_build_open_with_their_order(void **state)
{
	struct fake_run run = run_two("{\"eager\":true}");

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(count_measured(&run, "sum", "fork-pool"), FOUR);
	assert_true(run.record->blocks[0].series[0].open_ns > 0);
	fake_free(&run);
}

static void where_nothing_is_measured_the_status_says_so(void **state)
{
	struct fake_run run =
		fake_bench(FAULT("\"op\":\"epoch\",\"does\":\"die\""),
			   "-k sum -r fork-pool" COUNTED);

	(void)state;
	assert_int_equal(run.status, 1);
	assert_non_null(strstr(run.text, "nothing that was asked for"));
	fake_free(&run);
}

/* Every other generation runs on CPUs that are far from one another. */
static void near_and_far_are_told_apart(void **state)
{
	struct fake_run run;

	(void)state;
	if (!fake_two_cpus())
		skip();
	run = fake_bench("{\"trips\":[50,350]}",
			 "-k sum -r fork-pool --seed 1 --quiet --rounds 3 "
			 "--generations 12 -n 16..64");
	assert_int_equal(run.findings->nplacements, 2);
	assert_string_equal(run.findings->placements[0], "near");
	assert_int_equal(fake_cell(&run, "sum", "fork-pool", 16)->generations,
			 6);
	fake_free(&run);
}

static void a_machine_that_is_disturbed_is_not_trusted(void **state)
{
	struct fake_run run;

	(void)state;
	if (!fake_two_cpus())
		skip();
	run = fake_bench("{\"interference\":2}",
			 "-k sum -r fork-pool --seed 1 --quiet --rounds 6 "
			 "--generations 6 -n 16..64");
	assert_true(run.findings->gated > 0);
	assert_false(run.findings->trusted);
	assert_non_null(strstr(run.text, "other load disturbed"));
	fake_free(&run);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_round_is_asked_once),
		cmocka_unit_test(a_host_that_dies_is_left_out_where_it_died),
		cmocka_unit_test(who_fails_again_and_again_is_given_up),
		cmocka_unit_test(what_is_skipped_at_a_size_is_so_beyond),
		cmocka_unit_test(who_computes_something_else_is_invalid),
		cmocka_unit_test(
			without_its_base_nobody_is_measured_at_a_kernel),
		cmocka_unit_test(who_does_not_open_is_left_out),
		cmocka_unit_test(hosts_of_an_older_build_open_with_their_order),
		cmocka_unit_test(where_nothing_is_measured_the_status_says_so),
		cmocka_unit_test(near_and_far_are_told_apart),
		cmocka_unit_test(a_machine_that_is_disturbed_is_not_trusted),
	};

	fake_host(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

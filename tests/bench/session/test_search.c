/* SPDX-License-Identifier: MIT */
/*
 * Whole runs of `bench` with a budget, over hosts that follow a model: the
 * search finds the break-even size that was put there, and stops.
 */
#include "tests/bench/fake_host.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SEARCH "-k sum -r fork-pool --seed 1 --quiet --budget 30"

static struct breakeven found(const char *model, struct fake_run *run)
{
	*run = fake_bench(model, SEARCH);
	if (run->status != 0)
		fail_msg("%s", run->text);
	return fake_crossing(run, "sum", "fork-pool")->at;
}

/* 20 us over a speed-up of two: from 40,000 items on. */
static void a_size_is_found_and_narrowed(void **state)
{
	struct fake_run run;
	struct breakeven at =
		found("{\"runners\":{\"fork-pool\":{\"alpha_ns\":20000,"
		      "\"speedup\":2}}}",
		      &run);
	size_t near = 0;

	(void)state;
	assert_int_equal(at.verdict, BREAKEVEN_AT);
	assert_true(at.n_lo <= 40000 && at.n_hi >= 40000);
	assert_true(at.n_hi / at.n_lo < 1.1);
	/* Beside the grid, both sides of it were asked. */
	for (size_t i = 0; i < run.findings->ncells; i++)
		near += run.findings->cells[i].n > 30000 &&
			run.findings->cells[i].n < 53000;
	assert_true(near >= 2);
	assert_true(run.record->complete);
	fake_free(&run);
}

static void who_never_pays_is_not_searched(void **state)
{
	struct fake_run run;
	struct breakeven at =
		found("{\"runners\":{\"fork-pool\":{\"alpha_ns\":20000,"
		      "\"speedup\":0.8}}}",
		      &run);
	unsigned first;

	(void)state;
	assert_int_equal(at.verdict, BREAKEVEN_NEVER);
	/* The generations of the first pass, and none behind. */
	first = (unsigned)json_integer_value(json_object_get(
		json_object_get(run.record->header, "plan"), "generations"));
	assert_true(first >= 6 && first <= 12);
	for (size_t i = 0; i < run.record->nblocks; i++)
		assert_true(run.record->blocks[i].generation <= first);
	fake_free(&run);
}

static void who_pays_at_once_pays_always(void **state)
{
	struct fake_run run;
	struct breakeven at =
		found("{\"runners\":{\"fork-pool\":{\"speedup\":2}}}", &run);

	(void)state;
	assert_int_equal(at.verdict, BREAKEVEN_ALWAYS);
	fake_free(&run);
}

/* As where one core's cache held all that two have to fetch. */
static void a_window_has_two_ends(void **state)
{
	struct fake_run run;
	struct breakeven at = found(
		"{\"runners\":{\"fork-pool\":{\"alpha_ns\":2000,\"speedup\":2,"
		"\"beyond\":150000,\"speedup_beyond\":0.5}}}",
		&run);

	(void)state;
	assert_int_equal(at.verdict, BREAKEVEN_WINDOW);
	assert_true(at.n_lo <= 4000 && at.n_hi >= 4000);
	assert_true(at.n_end_lo <= 150000 && at.n_end_hi >= 150000);
	assert_true(at.n_end_hi / at.n_end_lo < 1.25);
	fake_free(&run);
}

static void what_a_run_proves_of_itself_is_found(void **state)
{
	struct fake_run run;
	const struct self_checks *proof;

	(void)state;
	found("{\"runners\":{\"fork-pool\":{\"alpha_ns\":20000,\"speedup\":2}}"
	      "}",
	      &run);
	proof = &run.findings->checks;
	assert_true(proof->aa_sizes > 0);
	assert_int_equal(proof->aa_differ, 0);
	assert_true(fabs(proof->found / proof->known_truth - 1) < 0.1);
	if (!fake_trusted(&run))
		fail_msg("%s", run.text);
	fake_free(&run);
}

static void the_only_size_of_a_run_is_proven(void **state)
{
	struct fake_run run =
		fake_bench("{}", "-k sum -r fork-pool -n 4Ki --generations 6 "
				 "--rounds 8");

	(void)state;
	assert_int_equal(run.findings->checks.aa_sizes, 1);
	if (!fake_trusted(&run))
		fail_msg("%s", run.text);
	fake_free(&run);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_size_is_found_and_narrowed),
		cmocka_unit_test(who_never_pays_is_not_searched),
		cmocka_unit_test(who_pays_at_once_pays_always),
		cmocka_unit_test(a_window_has_two_ends),
		cmocka_unit_test(what_a_run_proves_of_itself_is_found),
		cmocka_unit_test(the_only_size_of_a_run_is_proven),
	};

	fake_host(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

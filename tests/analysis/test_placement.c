/* SPDX-License-Identifier: MIT */
/*
 * What the probes of a record tell: where the CPUs stood to one another, and
 * which rounds were disturbed.
 */
#include "analysis/disturbed_rounds.h"
#include "analysis/placement.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BLOCKS = 4, ROUNDS = 12 };

/* A record of some blocks, each with probes of its own. */
struct probed {
	struct reading readings[BLOCKS][2 * ROUNDS];
	struct block blocks[BLOCKS];
	struct record record;
	struct names kernels;
};

static void probed_init(struct probed *probed, const double trips[BLOCKS])
{
	*probed = (struct probed){
		.record = {.blocks = probed->blocks, .nblocks = BLOCKS}};
	for (size_t b = 0; b < BLOCKS; b++) {
		for (size_t i = 0; i < 2 * ROUNDS; i++)
			probed->readings[b][i] = (struct reading){
				trips[b] * (1 + 0.001 * (double)i), NAN, NAN};
		probed->blocks[b] = (struct block){
			.generation = (unsigned)b + 1,
			.kernel = "sum",
			.n = 64,
			.rounds = ROUNDS,
			.readings = probed->readings[b],
		};
	}
	assert_int_equal(names_init(&probed->kernels, BLOCKS), 0);
}

static struct placements find(struct probed *probed)
{
	struct placements placements;

	assert_int_equal(
		placements_find(&probed->record, &probed->kernels, &placements),
		0);
	names_free(&probed->kernels);
	return placements;
}

static void without_probes_it_is_unknown(void **state)
{
	static const double trips[] = {NAN, NAN, NAN, NAN};
	static struct probed probed;
	struct placements placements;

	(void)state;
	probed_init(&probed, trips);
	placements = find(&probed);
	assert_false(placements.two);
	assert_string_equal(placements.names[0], "unknown");
	assert_int_equal(placement_get(&placements, 4, probed.readings[0]), 0);
}

static void probes_that_agree_are_one_placement(void **state)
{
	static const double trips[] = {60, 60, 60, 60};
	static struct probed probed;
	struct placements placements;

	(void)state;
	probed_init(&probed, trips);
	placements = find(&probed);
	assert_false(placements.two);
	assert_string_equal(placements.names[0], "one");
	assert_null(placements.names[1]);
}

static void the_commoner_of_two_is_first(void **state)
{
	static const double trips[] = {400, 60, 400, 400};
	static struct probed probed;
	struct placements placements;

	(void)state;
	probed_init(&probed, trips);
	placements = find(&probed);
	assert_true(placements.two && placements.far_first);
	assert_string_equal(placements.names[0], "far");
	assert_string_equal(placements.names[1], "near");
	assert_int_equal(placement_get(&placements, 2, probed.readings[0]), 0);
	assert_int_equal(placement_get(&placements, 2, probed.readings[1]), 1);
	assert_int_equal(placement_get(&placements, 1, probed.readings[1]), 0);
	assert_int_equal(placements.mixed, 0);
}

static void a_round_that_moved_is_mixed(void **state)
{
	static const double trips[] = {400, 60, 400, 60};
	static struct probed probed;
	struct placements placements;

	(void)state;
	probed_init(&probed, trips);
	probed.readings[0][1].trip_ns = 60;
	placements = find(&probed);
	assert_int_equal(placement_get(&placements, 2, probed.readings[0]),
			 PLACEMENT_MIXED);
	assert_int_equal(placements.mixed, 1);
}

static void sizes_are_found_in_the_plan(void **state)
{
	struct record record = {
		.header = json_pack("{s:{s:[i,i]}}", "plan", "sizes", 16, 64)};
	const struct record silent = {.header = NULL};

	(void)state;
	assert_int_equal(grid_find_size(&record, 64), 1);
	assert_int_equal(grid_find_size(&record, 32), -1);
	assert_int_equal(grid_find_size(&silent, 32), 0);
	json_decref(record.header);
}

static void a_probe_far_above_the_median_disturbs(void **state)
{
	static const double trips[] = {60, 60, 60, 60};
	static struct probed probed;
	double limit;

	(void)state;
	probed_init(&probed, trips);
	names_free(&probed.kernels);
	assert_int_equal(disturbed_rounds_find_limit(&probed.record, &limit),
			 0);
	assert_true(isinf(limit));
	for (size_t b = 0; b < BLOCKS; b++)
		for (size_t i = 0; i < 2 * ROUNDS; i++)
			probed.readings[b][i].together_ns = 100;
	probed.readings[1][4].together_ns = 124; /* before round 2 */
	probed.readings[1][7].together_ns = 126; /* after round 3 */
	assert_int_equal(disturbed_rounds_find_limit(&probed.record, &limit),
			 0);
	assert_false(disturbed_rounds_is(&probed.blocks[1], 2, limit));
	assert_true(disturbed_rounds_is(&probed.blocks[1], 3, limit));
	assert_int_equal(disturbed_rounds_count(&probed.record, limit), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_probes_it_is_unknown),
		cmocka_unit_test(probes_that_agree_are_one_placement),
		cmocka_unit_test(the_commoner_of_two_is_first),
		cmocka_unit_test(a_round_that_moved_is_mixed),
		cmocka_unit_test(sizes_are_found_in_the_plan),
		cmocka_unit_test(a_probe_far_above_the_median_disturbs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Which rounds of a dispatch count, and what is told of them.
 */
#include "report/pages/dispatch_page.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 12 };

static double raw[ROUNDS], ns[ROUNDS], cpu_ns[ROUNDS], p99[ROUNDS];
static bool counted[ROUNDS];

static struct dispatch_sweep sweep = {
	.pattern = "rendezvous", .raw_ns = raw, .counted = counted};

static struct dispatch_row row = {.runner = "some-pool",
				  .workers = 2,
				  .sweep = &sweep,
				  .ns = ns,
				  .cpu_ns = cpu_ns,
				  .p99 = p99};

/* Eight rounds near and four far. */
static struct dispatch made_up(void)
{
	for (int r = 0; r < ROUNDS; r++) {
		bool far = r % 3 == 2;

		raw[r] = far ? 380 + r : 58 + r / 10.0;
		ns[r] = far ? 600 : 80;
		cpu_ns[r] = 2 * ns[r];
		p99[r] = 3 * ns[r];
	}
	return (struct dispatch){.workers = 2,
				 .tiles = 2,
				 .rounds = ROUNDS,
				 .generations = 3,
				 .probed = true,
				 .sweeps = &sweep,
				 .nsweeps = 1,
				 .rows = &row,
				 .nrows = 1};
}

static void placements_are_not_pooled(void **state)
{
	struct dispatch dispatch = made_up();

	(void)state;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_string_equal(dispatch.placement, "near");
	assert_int_equal(dispatch.ncounted, 8);
	assert_true(dispatch.raw_ns < 60);
	assert_true(dispatch_median(&dispatch, &row, ns) == 80);
}

/* Of both patterns, in the rounds that count; rounds that are too few for an
 * interval have their extremes. */
static void the_cost_is_of_both_patterns(void **state)
{
	static double empty_ns[ROUNDS];
	static struct dispatch_sweep sweeps[2];
	static struct dispatch_row rows[2];
	struct dispatch dispatch = made_up();
	struct interval interval;
	double cost;

	(void)state;
	sweeps[0] = sweeps[1] = sweep;
	sweeps[1].pattern = "empty";
	rows[0] = rows[1] = row;
	rows[0].sweep = &sweeps[0];
	rows[1].sweep = &sweeps[1];
	rows[1].ns = empty_ns;
	for (int r = 0; r < ROUNDS; r++)
		empty_ns[r] = r % 3 == 2 ? 600 : 125;
	dispatch.sweeps = sweeps;
	dispatch.nsweeps = 2;
	dispatch.rows = rows;
	dispatch.nrows = 2;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_int_equal(
		dispatch_cost(&dispatch, "some-pool", &cost, &interval), 2);
	assert_true(cost == 125);
	assert_true(interval.lo == 80 && interval.hi == 125);
	assert_int_equal(dispatch_cost(&dispatch, "another", &cost, &interval),
			 0);
	assert_true(isnan(cost));
	/* Four rounds are not told apart. */
	dispatch.rounds = 4;
	ns[1] = 90;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_int_equal(
		dispatch_cost(&dispatch, "some-pool", &cost, &interval), 2);
	assert_true(interval.lo == 80 && interval.hi == 600);
}

static char *table_of(const struct dispatch *dispatch)
{
	const struct report_style style = {.columns = 80};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(dispatch_table(dispatch, out, &style), 0);
	fclose(out);
	return text;
}

static void who_is_left_out_is_named(void **state)
{
	char what[] = "other-pool", why[] = "no library";
	struct skipped left_out = {.what = what, .why = why};
	struct dispatch dispatch = made_up();
	char *text;

	(void)state;
	dispatch.skipped = (struct skipped_list){&left_out, 1};
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_true(dispatch_is_whole(&dispatch));
	left_out.failed = true;
	assert_false(dispatch_is_whole(&dispatch));
	text = table_of(&dispatch);
	assert_non_null(strstr(text, "NOT WHOLE"));
	assert_non_null(strstr(text, "Failed, and left out: other-pool: no "));
	free(text);
	dispatch.nrows = 0;
	left_out.failed = false;
	assert_false(dispatch_is_whole(&dispatch));
	text = table_of(&dispatch);
	assert_non_null(strstr(text, "Nothing was measured"));
	free(text);
}

static void the_commonest_placement_counts(void **state)
{
	struct dispatch dispatch = made_up();

	(void)state;
	for (int r = 0; r < 6; r++)
		raw[r] = 400;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_string_equal(dispatch.placement, "far");
	assert_int_equal(dispatch.ncounted, 8);
}

static void one_placement_is_told_by_its_trip(void **state)
{
	struct dispatch dispatch = made_up();

	(void)state;
	for (int r = 0; r < ROUNDS; r++)
		raw[r] = 130 + r;
	raw[3] = NAN;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_string_equal(dispatch.placement, "near");
	assert_int_equal(dispatch.ncounted, ROUNDS - 1);
	for (int r = 0; r < ROUNDS; r++)
		raw[r] = 350 + r;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_string_equal(dispatch.placement, "far");
}

static void without_a_probe_all_rounds_count(void **state)
{
	struct dispatch dispatch = made_up();

	(void)state;
	dispatch.probed = false;
	for (int r = 0; r < ROUNDS; r++)
		raw[r] = NAN;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_string_equal(dispatch.placement, "unknown");
	assert_int_equal(dispatch.ncounted, ROUNDS);
	assert_true(isnan(dispatch.raw_ns));
}

static void the_json_says_what_counts(void **state)
{
	struct dispatch dispatch = made_up();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_t *root, *first, *rounds, *said;

	(void)state;
	assert_int_equal(dispatch_place(&dispatch), 0);
	assert_int_equal(dispatch_json(&dispatch, out), 0);
	fclose(out);
	root = json_loads(text, 0, NULL);
	first = json_array_get(json_object_get(root, "rows"), 0);
	rounds = json_object_get(first, "rounds_ns");
	assert_true(json_real_value(json_object_get(first, "ns")) == 80);
	assert_true(json_real_value(json_object_get(first, "ns_p99")) == 240);
	assert_true(json_real_value(json_object_get(first, "cpu_ns")) == 160);
	assert_int_equal(json_array_size(rounds), ROUNDS);
	assert_true(json_real_value(json_array_get(rounds, 2)) == 600);
	said = json_object_get(
		json_array_get(json_object_get(root, "sweeps"), 0),
		"counted_rounds");
	assert_true(json_is_true(json_array_get(said, 1)));
	assert_true(json_is_false(json_array_get(said, 2)));
	json_decref(root);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placements_are_not_pooled),
		cmocka_unit_test(the_cost_is_of_both_patterns),
		cmocka_unit_test(who_is_left_out_is_named),
		cmocka_unit_test(the_commonest_placement_counts),
		cmocka_unit_test(one_placement_is_told_by_its_trip),
		cmocka_unit_test(without_a_probe_all_rounds_count),
		cmocka_unit_test(the_json_says_what_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "bench/session/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { FORK, POOL, CELLS };

/* One that loses and takes 6 s, or 2 s in few generations; one that wins. */
static void make_cells(struct pace_cell cells[CELLS])
{
	cells[FORK] = (struct pace_cell){
		.contender = FORK, .full_s = 6, .few_s = 2, .loss = 100};
	cells[POOL] = (struct pace_cell){
		.contender = POOL, .full_s = 3, .few_s = 1, .loss = 0.5};
}

static enum pace pace_of(const struct pace_cell *cells, size_t count,
			 size_t contender)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].contender == contender)
			return cells[i].pace;
	fail_msg("contender %zu is gone", contender);
	return PACE_FULL;
}

static void what_fits_is_measured_fully(void **state)
{
	struct pace_cell cells[CELLS];

	(void)state;
	make_cells(cells);
	pace_set(cells, CELLS, 9, 20);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_FULL);
	assert_int_equal(pace_of(cells, CELLS, POOL), PACE_FULL);
}

static void what_loses_and_costs_is_measured_seldom(void **state)
{
	struct pace_cell cells[CELLS];

	(void)state;
	make_cells(cells);
	pace_set(cells, CELLS, 8.9, 20);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_FEW);
	assert_int_equal(pace_of(cells, CELLS, POOL), PACE_FULL);
}

static void what_does_not_fit_even_so_is_left_out(void **state)
{
	struct pace_cell cells[CELLS];

	(void)state;
	make_cells(cells);
	pace_set(cells, CELLS, 4, 5);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_FEW);
	pace_set(cells, CELLS, 4, 4.9);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_OUT);
	assert_int_equal(pace_of(cells, CELLS, POOL), PACE_FULL);
}

static void what_wins_makes_way_last(void **state)
{
	struct pace_cell cells[CELLS];

	(void)state;
	make_cells(cells);
	pace_set(cells, CELLS, 3, 3);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_OUT);
	assert_int_equal(pace_of(cells, CELLS, POOL), PACE_FULL);
	pace_set(cells, CELLS, -1, -1);
	assert_int_equal(pace_of(cells, CELLS, FORK), PACE_OUT);
	assert_int_equal(pace_of(cells, CELLS, POOL), PACE_FEW);
}

/* Both lose, one by a little: it is the other that makes way. Of two that lose
 * alike, the dearer one. */
static void the_worst_makes_way_first(void **state)
{
	struct pace_cell cells[] = {
		{.contender = 0, .full_s = 3, .few_s = 1, .loss = 1.1},
		{.contender = 1, .full_s = 3, .few_s = 1, .loss = 50},
		{.contender = 2, .full_s = 6, .few_s = 2, .loss = 50},
	};

	(void)state;
	pace_set(cells, 3, 8, 20);
	assert_int_equal(pace_of(cells, 3, 0), PACE_FULL);
	assert_int_equal(pace_of(cells, 3, 1), PACE_FULL);
	assert_int_equal(pace_of(cells, 3, 2), PACE_FEW);
	pace_set(cells, 3, 7, 20);
	assert_int_equal(pace_of(cells, 3, 0), PACE_FULL);
	assert_int_equal(pace_of(cells, 3, 1), PACE_FEW);
	pace_set(cells, 0, 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_measured_fully),
		cmocka_unit_test(what_loses_and_costs_is_measured_seldom),
		cmocka_unit_test(what_does_not_fit_even_so_is_left_out),
		cmocka_unit_test(what_wins_makes_way_last),
		cmocka_unit_test(the_worst_makes_way_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Plans: every item in one tile, every tile with one worker, whatever n.
 */
#include "runners/pool/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LARGEST	     ((size_t)1 << 48)

enum { WORKERS = 130 };

static const size_t sizes[] = {
	0,
	1,
	2,
	3,
	7,
	8,
	9,
	15,
	16,
	17,
	31,
	61,
	63,
	64,
	65,
	97,
	101,
	126,
	127,
	128,
	129,
	130,
	131,
	255,
	256,
	257,
	1000,
	1021,
	1024,
	2047,
	2048,
	2049,
	4095,
	4096,
	4097,
	7919,
	16384,
	32767,
	32768,
	32769,
	32776,
	32777,
	65537,
	99991,
	1000000,
	1000003,
	4194301,
	16777216,
	67108864,
	1u << 30,
	2147483647,
	(size_t)1 << 40,
	((size_t)1 << 40) + 1,
	LARGEST - 1,
	LARGEST,
};

static const size_t grains[] = {
	1,
	2,
	3,
	7,
	16,
	31,
	32,
	64,
	100,
	1000,
	1023,
	1024,
	1025,
	2048,
	16384,
	32768,
	65536,
	1000003,
	(size_t)1 << 40,
	SIZE_MAX,
};

static void each_plan(void (*check)(const struct plan *plan, size_t grain))
{
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t g = 0; g < COUNT(grains); g++) {
			struct plan plan = plan_make(sizes[i], grains[g]);

			assert_int_equal(plan.n, sizes[i]);
			check(&plan, grains[g]);
		}
}

/* One after the other, from 0 to n, and none is empty. */
static void check_cover(const struct plan *plan, size_t grain)
{
	size_t next = 0;

	(void)grain;
	assert_true(plan->tiles <= PLAN_TILES_MAX);
	for (size_t t = 0; t < plan->tiles; t++) {
		struct range tile = plan_tile(plan, t);

		assert_int_equal(tile.begin, next);
		assert_true(tile.end > tile.begin);
		next = tile.end;
	}
	assert_int_equal(next, plan->n);
}

static void test_cover(void **state)
{
	(void)state;
	each_plan(check_cover);
}

/* The last tile may be shorter, as n is no multiple of the unit. */
static void check_lengths(const struct plan *plan, size_t grain)
{
	size_t longest = 0, shortest = SIZE_MAX;

	assert_true(plan->unit == 1 || plan->unit == PLAN_UNIT);
	assert_true(grain >= PLAN_LIGHT || plan->unit == 1);
	for (size_t t = 0; t + 1 < plan->tiles; t++) {
		struct range tile = plan_tile(plan, t);
		size_t length = tile.end - tile.begin;

		assert_int_equal(tile.begin % plan->unit, 0);
		longest = length > longest ? length : longest;
		shortest = length < shortest ? length : shortest;
	}
	if (plan->tiles > 1) {
		struct range last = plan_tile(plan, plan->tiles - 1);

		assert_true(longest - shortest <= plan->unit);
		assert_true(last.end - last.begin <= longest);
		assert_true(last.end - last.begin + 2 * plan->unit > longest);
	}
}

static void test_lengths(void **state)
{
	(void)state;
	each_plan(check_lengths);
}

/* No tile exceeds the grain, except by rounding to units, unless there are
 * PLAN_TILES_MAX tiles; and with half as many tiles, one would. */
static void check_count(const struct plan *plan, size_t grain)
{
	size_t n = plan->n, tiles = plan->tiles;

	if (n == 0) {
		assert_int_equal(tiles, 0);
		return;
	}
	if (grain == 1) {
		assert_int_equal(tiles,
				 n < PLAN_TILES_MAX ? n : PLAN_TILES_MAX);
		return;
	}
	assert_int_equal(tiles & (tiles - 1), 0);
	if (tiles < PLAN_TILES_MAX && tiles > 1) {
		struct range first = plan_tile(plan, 0);

		assert_true(first.end - first.begin - (plan->unit - 1) <=
			    grain);
	}
	if (tiles > 2)
		assert_true((n - 1) / (tiles / 2) + 1 > grain);
}

static void test_count(void **state)
{
	(void)state;
	each_plan(check_count);
}

static void test_split(void **state)
{
	(void)state;
	assert_int_equal(plan_make(PLAN_SPLIT_FROM - 1, 16384).tiles, 1);
	assert_int_equal(plan_make(PLAN_SPLIT_FROM, 16384).tiles, 2);
	assert_int_equal(plan_make(127, 2048).tiles, 1);
	assert_int_equal(plan_make(128, 2048).tiles, 2);
	/* Heavier items are split sooner. */
	assert_int_equal(plan_make(5, 96).tiles, 1);
	assert_int_equal(plan_make(6, 96).tiles, 2);
	assert_int_equal(plan_make(1, 2).tiles, 1);
	assert_int_equal(plan_make(2, 2).tiles, 2);
	/* As soon as one of two would exceed the grain, there are four. */
	assert_int_equal(plan_make(32768, 16384).tiles, 2);
	assert_int_equal(plan_make(32769, 16384).tiles, 4);
	assert_int_equal(plan_make(200, 100).tiles, 2);
	assert_int_equal(plan_make(201, 100).tiles, 4);
}

/* The shares lie end to end, differ by one tile at most, and no worker is idle
 * without need. */
static void check_shares(const struct plan *plan, size_t grain)
{
	(void)grain;
	for (unsigned workers = 1; workers <= WORKERS; workers++) {
		size_t next = 0, min = plan->tiles / workers;

		for (unsigned worker = 0; worker < workers; worker++) {
			struct range share = plan_share(plan, workers, worker);
			size_t tiles = share.end - share.begin;

			assert_int_equal(share.begin, next);
			assert_true(share.end >= share.begin);
			assert_true(tiles == min || tiles == min + 1);
			next = share.end;
		}
		assert_int_equal(next, plan->tiles);
	}
}

/* Shares depend on the number of tiles alone. */
static void test_shares(void **state)
{
	(void)state;
	for (size_t tiles = 0; tiles <= 300; tiles++) {
		struct plan plan = plan_make(tiles, 1);

		assert_int_equal(plan.tiles, tiles);
		check_shares(&plan, 1);
	}
	for (size_t n = 4000; n <= LARGEST; n *= 64) {
		struct plan plan = plan_make(n, 16384);

		check_shares(&plan, 16384);
	}
}

static void a_chunk_is_whole_tiles(void **state)
{
	struct plan plan = plan_make(1000, 64); /* 16 tiles of 62 or 63 */

	(void)state;
	assert_int_equal(plan.tiles, 16);
	assert_int_equal(plan_chunk(&plan, 0), 1);
	assert_int_equal(plan_chunk(&plan, 1), 1);
	assert_int_equal(plan_chunk(&plan, 63), 1);
	assert_int_equal(plan_chunk(&plan, 64), 2);
	assert_int_equal(plan_chunk(&plan, 1000), 16);
	assert_int_equal(plan_chunk(&plan, SIZE_MAX), 16);
	plan = plan_make(0, 64);
	assert_int_equal(plan_chunk(&plan, 5), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cover),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(a_chunk_is_whole_tiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

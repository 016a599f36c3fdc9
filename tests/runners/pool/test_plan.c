/* SPDX-License-Identifier: MIT */
/*
 * Plans: every item in one tile, and as many items for every worker, whatever
 * n and however many workers.
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

static const unsigned teams[] = {1, 2, 3, 7, 16, 64, 130, 512, 5000};

static void each_plan(void (*check)(const struct plan *plan, size_t grain,
				    unsigned workers))
{
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t g = 0; g < COUNT(grains); g++)
			for (size_t w = 0; w < COUNT(teams); w++) {
				struct plan plan = plan_make(
					sizes[i], grains[g], teams[w]);

				assert_int_equal(plan.n, sizes[i]);
				check(&plan, grains[g], teams[w]);
			}
}

/* One after the other, from 0 to n, and none is empty. */
static void check_cover(const struct plan *plan, size_t grain, unsigned workers)
{
	size_t next = 0;

	(void)workers;
	assert_true(plan->tiles <= plan_most_tiles(plan->n, grain));
	assert_true(plan->tiles <= PLAN_TILES_MAX);
	for (size_t t = 0; t < plan->tiles; t++) {
		struct range tile = plan_tile(plan, t);

		if (tile.begin != next || tile.end <= tile.begin)
			fail_msg("n %zu, grain %zu, %u workers: tile %zu of "
				 "%zu is [%zu, %zu)",
				 plan->n, grain, workers, t, plan->tiles,
				 tile.begin, tile.end);
		assert_int_equal(plan_find_tile(plan, tile.begin), t);
		next = tile.end;
	}
	assert_int_equal(next, plan->n);
}

static void tiles_cover_all_items(void **state)
{
	(void)state;
	each_plan(check_cover);
}

static size_t items_of(const struct plan *plan, struct range tiles)
{
	return tiles.begin == tiles.end
		       ? 0
		       : plan_tile(plan, tiles.end - 1).end -
				 plan_tile(plan, tiles.begin).begin;
}

/* Light items: from PLAN_SHARE_MIN for each worker on. */
static bool all_have_work(const struct plan *plan, size_t grain,
			  unsigned workers)
{
	size_t least = grain / PLAN_SHARE_PART < PLAN_SHARE_MIN
			       ? grain / PLAN_SHARE_PART
			       : PLAN_SHARE_MIN;

	return workers <= PLAN_TILES_MAX &&
	       plan->n / workers >= (least ? least : 1);
}

/* The largest share exceeds the mean by one unit at most, a line. */
static void check_even(const struct plan *plan, size_t grain, unsigned workers)
{
	size_t most = 0, least = SIZE_MAX;

	for (unsigned worker = 0; worker < workers; worker++) {
		size_t items =
			items_of(plan, plan_share(plan, workers, worker));

		most = items > most ? items : most;
		least = items < least ? items : least;
	}
	if (!all_have_work(plan, grain, workers)) {
		assert_true(plan->n == 0 || most > 0);
		return;
	}
	if (least == 0 || most > plan->n / workers + PLAN_UNIT)
		fail_msg("n %zu, grain %zu: shares of %u workers have %zu to "
			 "%zu items",
			 plan->n, grain, workers, least, most);
}

static void shares_are_even(void **state)
{
	(void)state;
	each_plan(check_even);
	for (size_t n = 128; n < 70000; n = n * 9 / 8 + 1)
		for (unsigned workers = 2; workers <= 512; workers++) {
			struct plan plan = plan_make(n, 32768, workers);

			check_even(&plan, 32768, workers);
		}
}

/* Tiles of one share differ by one unit, and begin at whole units. */
static void check_lengths(const struct plan *plan, size_t grain,
			  unsigned workers)
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
	if (longest > shortest + 2 * plan->unit)
		fail_msg("n %zu, grain %zu, %u workers: tiles of %zu to %zu",
			 plan->n, grain, workers, shortest, longest);
}

static void tiles_are_alike(void **state)
{
	(void)state;
	each_plan(check_lengths);
}

/* No tile exceeds the grain, unless there would be too many, or one worker. */
static void check_grain(const struct plan *plan, size_t grain, unsigned workers)
{
	size_t shares = plan->n ? plan->tiles / plan->each : 0;

	if (workers == 1) {
		assert_int_equal(plan->tiles, plan->n > 0);
		return;
	}
	if (shares < 2 || plan->each >= PLAN_TILES_MAX / shares)
		return;
	for (size_t t = 0; t < plan->tiles; t++) {
		struct range tile = plan_tile(plan, t);

		/* A share has no more tiles than units: in a longer one, one
		 * of them has two. */
		assert_true(tile.end - tile.begin <= grain ||
			    (plan->part == 1 &&
			     tile.end - tile.begin <= 2 * plan->unit));
	}
}

static void tiles_keep_to_the_grain(void **state)
{
	(void)state;
	each_plan(check_grain);
}

static void few_items_have_fewer_shares(void **state)
{
	(void)state;
	assert_int_equal(plan_make(127, 16384, 2).tiles, 1);
	assert_int_equal(plan_make(128, 16384, 2).tiles, 2);
	assert_int_equal(plan_make(128, 16384, 32).tiles, 2);
	assert_int_equal(plan_make(2048, 16384, 32).tiles, 32);
	/* Heavier items have shares sooner. */
	assert_int_equal(plan_make(5, 96, 2).tiles, 1);
	assert_int_equal(plan_make(6, 96, 2).tiles, 2);
	assert_int_equal(plan_make(1, 1, 2).tiles, 1);
	assert_int_equal(plan_make(2, 1, 2).tiles, 2);
	/* As soon as a share would exceed the grain, it is cut in two. */
	assert_int_equal(plan_make(32768, 16384, 2).tiles, 2);
	assert_int_equal(plan_make(32769, 16384, 2).tiles, 4);
	assert_int_equal(plan_make(98304, 16384, 2).tiles, 6);
}

/* Chunks as they are asked for, of which there may be any number. */
static void chunks_are_tiles(void **state)
{
	(void)state;
	for (size_t n = 0; n < 300; n++)
		for (size_t chunk = 1; chunk < 9; chunk++) {
			struct plan plan = plan_chunks(n, chunk);

			assert_int_equal(plan.tiles, (n + chunk - 1) / chunk);
			for (size_t t = 0; t < plan.tiles; t++) {
				struct range tile = plan_tile(&plan, t);

				assert_int_equal(tile.begin, t * chunk);
				assert_int_equal(
					plan_find_tile(&plan, tile.begin), t);
				assert_int_equal(tile.end,
						 n < (t + 1) * chunk
							 ? n
							 : (t + 1) * chunk);
			}
		}
}

/* Of any tiles: workers' parts lie end to end, differ by one tile at most, and
 * no worker is idle without need. */
static void tiles_go_to_any_number_of_workers(void **state)
{
	(void)state;
	for (size_t tiles = 0; tiles <= 300; tiles++)
		for (unsigned workers = 1; workers <= WORKERS; workers++) {
			struct plan plan = plan_chunks(tiles, 1);
			size_t next = 0, min = tiles / workers;

			for (unsigned worker = 0; worker < workers; worker++) {
				struct range share =
					plan_share(&plan, workers, worker);
				size_t count = share.end - share.begin;

				assert_int_equal(share.begin, next);
				assert_true(count == min || count == min + 1);
				next = share.end;
			}
			assert_int_equal(next, tiles);
		}
}

static void a_chunk_is_whole_tiles(void **state)
{
	struct plan plan = plan_make(1000, 64, 2); /* 16 of 62 or 63 */

	(void)state;
	assert_int_equal(plan.tiles, 16);
	assert_int_equal(plan_chunk(&plan, 0), 1);
	assert_int_equal(plan_chunk(&plan, 1), 1);
	assert_int_equal(plan_chunk(&plan, 63), 1);
	assert_int_equal(plan_chunk(&plan, 64), 2);
	assert_int_equal(plan_chunk(&plan, 1000), 16);
	assert_int_equal(plan_chunk(&plan, SIZE_MAX), 16);
	plan = plan_make(0, 64, 2);
	assert_int_equal(plan_chunk(&plan, 5), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiles_cover_all_items),
		cmocka_unit_test(shares_are_even),
		cmocka_unit_test(tiles_are_alike),
		cmocka_unit_test(tiles_keep_to_the_grain),
		cmocka_unit_test(few_items_have_fewer_shares),
		cmocka_unit_test(chunks_are_tiles),
		cmocka_unit_test(tiles_go_to_any_number_of_workers),
		cmocka_unit_test(a_chunk_is_whole_tiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

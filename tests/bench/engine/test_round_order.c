/* SPDX-License-Identifier: MIT */
/* Places and neighbours of what is measured in turn. */
#include "bench/engine/round_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

enum { SLOTS_MAX = 12 };

/* How often a slot had a place, and how often it came right after another. */
struct tally {
	size_t places[SLOTS_MAX][SLOTS_MAX];
	size_t follows[SLOTS_MAX][SLOTS_MAX];
};

static void count_turn(struct tally *tally, uint64_t seed, size_t turn,
		       size_t slots)
{
	size_t order[SLOTS_MAX];
	bool seen[SLOTS_MAX] = {false};

	round_order_make(seed, turn, slots, order);
	for (size_t i = 0; i < slots; i++) {
		assert_true(order[i] < slots && !seen[order[i]]);
		seen[order[i]] = true;
		tally->places[order[i]][i]++;
		if (i)
			tally->follows[order[i]][order[i - 1]]++;
	}
}

static void places_and_neighbours_are_balanced(void **state)
{
	(void)state;
	for (size_t slots = 1; slots <= SLOTS_MAX; slots++) {
		struct tally tally;

		memset(&tally, 0, sizeof(tally));
		for (size_t turn = 0; turn < 2 * slots; turn++)
			count_turn(&tally, 7, turn, slots);
		for (size_t a = 0; a < slots; a++)
			for (size_t b = 0; b < slots; b++) {
				assert_int_equal(tally.places[a][b], 2);
				assert_int_equal(tally.follows[a][b],
						 a == b ? 0 : 2);
			}
	}
}

/* From whichever turn on: a search begins in the middle. */
static void even_slots_are_balanced_in_half_the_turns(void **state)
{
	(void)state;
	for (size_t first = 0; first < 20; first++) {
		struct tally tally;

		memset(&tally, 0, sizeof(tally));
		for (size_t turn = first; turn < first + 8; turn++)
			count_turn(&tally, 1, turn, 8);
		for (size_t a = 0; a < 8; a++)
			for (size_t b = 0; b < 8; b++) {
				assert_int_equal(tally.places[a][b], 1);
				assert_int_equal(tally.follows[a][b], a != b);
			}
	}
}

static void seeds_differ(void **state)
{
	size_t a[SLOTS_MAX], b[SLOTS_MAX];

	(void)state;
	round_order_make(1, 0, SLOTS_MAX, a);
	round_order_make(1, 0, SLOTS_MAX, b);
	assert_memory_equal(a, b, sizeof(a));
	round_order_make(2, 0, SLOTS_MAX, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_and_neighbours_are_balanced),
		cmocka_unit_test(even_slots_are_balanced_in_half_the_turns),
		cmocka_unit_test(seeds_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "bench/engine/round_order.h"

#include "core/random.h"

#include <stdbool.h>

/* 0, 1, -1, 2, -2, ...: steps between neighbours all differ, so that no two
 * rows of the square have the same neighbours. */
static size_t order_zigzag(size_t place, size_t slots)
{
	return place % 2 ? (place + 1) / 2 : (slots - place / 2) % slots;
}

static void order_swap(size_t *order, size_t slots, size_t a, size_t b)
{
	for (size_t i = 0; i < slots; i++)
		if (order[i] == a)
			order[i] = b;
		else if (order[i] == b)
			order[i] = a;
}

/* Slots get other numbers, the same ones for the same seed. */
static void order_rename(uint64_t random, size_t slots, size_t *order)
{
	for (size_t i = slots; i > 1; i--)
		order_swap(order, slots, i - 1,
			   (size_t)(random_next(&random) % i));
}

void round_order_make(uint64_t seed, size_t turn, size_t slots, size_t *order)
{
	/* Neighbours of an odd square are balanced by one more, backwards. */
	bool backwards = slots % 2 && turn / slots % 2;

	for (size_t i = 0; i < slots; i++)
		order[backwards ? slots - 1 - i : i] =
			(order_zigzag(i, slots) + turn) % slots;
	order_rename(seed, slots, order);
}

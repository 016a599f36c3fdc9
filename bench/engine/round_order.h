/* SPDX-License-Identifier: MIT */
/*
 * Who is measured when within a round. What was measured before may leave warm
 * or cold caches, so neither places nor predecessors are left to chance.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_ROUND_ORDER_H
#define BREAKEVEN_BENCH_ENGINE_ROUND_ORDER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Fill `order` with the slots 0 to slots - 1, for the round number `turn`: a
 * row of a balanced Latin square (Williams 1949) over a permutation by `seed`.
 * Over the turns 0 to 2 slots - 1, and so on, each slot has each place twice
 * and follows each other one twice; over half as many, half as often if slots
 * are even, and if they are odd, places alone are balanced.
 */
void round_order_make(uint64_t seed, size_t turn, size_t slots, size_t *order);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) { s += steps(i + 1); keep the longest; }
 *
 * where steps(v) counts how often v becomes v / 2 or, when odd, 3 * v + 1,
 * until it is 1. Items differ, and no two neighbours are alike. The result is
 * {all steps, the most of one item, the first such item, items}.
 */
#include "kernels/kernel.h"

enum { TOTAL, STEPS_MAX, FIRST, ITEMS };
enum { EXPECT_ALL = 4096 }; /* up to so many items, compute all again */

static int collatz_setup(void *ctx, struct arena *arena, size_t n,
			 const union option_value *options)
{
	(void)ctx, (void)arena, (void)n, (void)options;
	return 0;
}

/* Halvings in a row are one shift; an odd number takes both steps at once. */
static uint64_t collatz_steps(uint64_t v)
{
	uint64_t halvings = (uint64_t)__builtin_ctzll(v), steps = halvings;

	v >>= halvings;
	while (v != 1) {
		v = 3 * v + 1;
		halvings = (uint64_t)__builtin_ctzll(v);
		v >>= halvings;
		steps += 1 + halvings;
	}
	return steps;
}

static void collatz_run(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	uint64_t total = 0, steps_max = 0, first = begin;

	(void)ctx;
	for (size_t i = begin; i < end; i++) {
		uint64_t steps = collatz_steps(i + 1);

		total += steps;
		if (steps > steps_max) {
			steps_max = steps;
			first = i;
		}
	}
	out->u64[TOTAL] = total;
	out->u64[STEPS_MAX] = steps_max;
	out->u64[FIRST] = first;
	out->u64[ITEMS] = end - begin;
}

static void collatz_combine(const struct partial *partials, size_t tiles,
			    struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++) {
		result->u64[TOTAL] += partials[t].u64[TOTAL];
		result->u64[ITEMS] += partials[t].u64[ITEMS];
		if (partials[t].u64[STEPS_MAX] > result->u64[STEPS_MAX]) {
			result->u64[STEPS_MAX] = partials[t].u64[STEPS_MAX];
			result->u64[FIRST] = partials[t].u64[FIRST];
		}
	}
}

static uint64_t collatz_one_by_one(uint64_t v)
{
	uint64_t steps = 0;

	for (; v != 1; steps++)
		v = v % 2 ? 3 * v + 1 : v / 2;
	return steps;
}

static bool collatz_expect_all(size_t n, const struct partial *result)
{
	uint64_t total = 0, steps_max = 0, first = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t steps = collatz_one_by_one(i + 1);

		total += steps;
		first = steps > steps_max ? i : first;
		steps_max = steps > steps_max ? steps : steps_max;
	}
	return result->u64[TOTAL] == total &&
	       result->u64[STEPS_MAX] == steps_max &&
	       result->u64[FIRST] == first;
}

/* There is no closed form. For many items, check only that each was counted and
 * that the longest one is as long as it says; runners must agree on the rest.
 */
static bool collatz_expect(const void *ctx, size_t n,
			   const struct partial *result)
{
	(void)ctx;
	if (result->u64[ITEMS] != n)
		return false;
	if (n <= EXPECT_ALL)
		return collatz_expect_all(n, result);
	return result->u64[FIRST] < n &&
	       collatz_one_by_one(result->u64[FIRST] + 1) ==
		       result->u64[STEPS_MAX];
}

const struct kernel kernel_collatz = {
	.abi = KERNEL_ABI,
	.name = "collatz",
	.formula = "steps of v / 2 or 3 v + 1 down to 1",
	.grain = 16,
	.setup = collatz_setup,
	.run = collatz_run,
	.combine = collatz_combine,
	.expect = collatz_expect,
};

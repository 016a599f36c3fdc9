/* SPDX-License-Identifier: MIT */
/*
 * Reductions over the doubles of a tile use many lanes, since a single sum
 * would wait four cycles for each addition. There are GROUPS groups of EACH
 * lanes. A group takes a pair of items into each lane at once, items i and i +
 * EACH. So four vectors of 512 bits, or eight of 256, keep up with two loads in
 * every cycle, and leave registers for loaded values.
 *
 * The groups take pairs in turn. If pages_pay(), each group takes a page of its
 * own instead, in every whole block of PAGES. The first group takes the items
 * that are left, fewer than a ROW. This order is part of the kernel's result:
 * it never depends on the instruction set.
 */
#ifndef BREAKEVEN_KERNELS_LANES_H
#define BREAKEVEN_KERNELS_LANES_H

#include "kernels/pages.h"
#include "kernels/vector.h"

enum {
	EACH = 8,
	EACH_VECTORS = EACH / VECTOR_LANES,
	PAIRS = 2 * EACH, /* items that a group takes at once */
	GROUPS = PAGES,
	LANES_VECTORS = GROUPS * EACH_VECTORS,
	ROW = GROUPS * PAIRS,
};

/*
 * Take two vectors of items, `x` and `x_next`, into *lanes; `y` and `y_next`
 * are at the same places of a second array. If a kernel has a second set of
 * lanes, its vector is lanes[LANES_VECTORS].
 */
typedef void lanes_step(vector *lanes, vector x, vector y, vector x_next,
			vector y_next);

/* Combine two vectors, lane by lane. */
typedef vector lanes_join(vector a, vector b);

/* Are there registers for all lanes, and some for a step? */
static inline bool lanes_fit(int sets)
{
	return sets * LANES_VECTORS + 2 <= (VECTOR_BYTES < 64 ? 16 : 32);
}

/* Each of the first `groups` groups takes a pair: the first group at x and y,
 * the next ones `apart` items further. Prefetches `ahead` items further, unless
 * 0. */
static inline __attribute__((always_inline)) void lanes_take(
	vector *lanes, lanes_step *step, const double *x, const double *y,
	int groups, size_t apart, size_t ahead)
{
#pragma GCC unroll 4
	for (int g = 0; g < groups; g++, x += apart, y += apart) {
		if (ahead) {
			__builtin_prefetch(x + ahead);
			__builtin_prefetch(x + ahead + EACH);
		}
#pragma GCC unroll 4
		for (int v = 0; v < EACH_VECTORS; v++) {
			size_t at = (size_t)v * VECTOR_LANES;

			step(&lanes[g * EACH_VECTORS + v], vector_load(x + at),
			     vector_load(y + at), vector_load(x + at + EACH),
			     vector_load(y + at + EACH));
		}
	}
}

/* Take `groups` pages of every block of n items, in whole blocks. */
static inline __attribute__((always_inline)) void lanes_pages(
	vector *lanes, lanes_step *step, const double *x, const double *y,
	size_t n, int groups, size_t ahead)
{
	for (size_t block = 0; block < n; block += PAGES_BLOCK)
		for (size_t i = 0; i < PAGE; i += PAIRS)
			lanes_take(lanes, step, x + block + i, y + block + i,
				   groups, PAGE, ahead);
}

/* Take all whole blocks of n items into `sets` sets of lanes, and return how
 * many items they have. If the registers do not hold all groups, take one half
 * of the groups after the other. */
static inline __attribute__((always_inline)) size_t lanes_blocks(
	vector *lanes, int sets, lanes_step *step, const double *x,
	const double *y, size_t n, size_t ahead)
{
	const size_t half = GROUPS / 2, whole = n - n % PAGES_BLOCK;

	if (lanes_fit(sets)) {
		lanes_pages(lanes, step, x, y, whole, GROUPS, ahead);
		return whole;
	}
	lanes_pages(lanes, step, x, y, whole, GROUPS / 2, ahead);
	lanes_pages(lanes + half * EACH_VECTORS, step, x + half * PAGE,
		    y + half * PAGE, whole, GROUPS / 2, ahead);
	return whole;
}

/* The items from `at` on; `neutral` in place of items beyond n. */
static inline __attribute__((always_inline)) vector lanes_load(
	const double *items, size_t at, size_t n, double neutral)
{
	if (at + VECTOR_LANES <= n)
		return vector_load(items + at);
	if (at < n)
		return vector_load_some(items + at, n - at, neutral);
	return vector_make(neutral);
}

/* Take n items into the first group; reads none beyond them. */
static inline __attribute__((always_inline)) void lanes_last(
	vector *lanes, lanes_step *step, const double *x, const double *y,
	size_t n, double neutral)
{
	for (size_t i = 0; i < n; i += PAIRS)
#pragma GCC unroll 4
		for (int v = 0; v < EACH_VECTORS; v++) {
			size_t at = i + (size_t)v * VECTOR_LANES;

			step(&lanes[v], lanes_load(x, at, n, neutral),
			     lanes_load(y, at, n, neutral),
			     lanes_load(x, at + EACH, n, neutral),
			     lanes_load(y, at + EACH, n, neutral));
		}
}

/* Take any n items. A `neutral` item changes no lane. */
static inline __attribute__((always_inline)) void lanes_rows(
	vector *lanes, lanes_step *step, const double *x, const double *y,
	size_t n, double neutral)
{
	size_t i = 0;

	for (; i + ROW <= n; i += ROW)
		lanes_take(lanes, step, x + i, y + i, GROUPS, PAIRS, 0);
	lanes_last(lanes, step, x + i, y + i, n - i, neutral);
}

/* Set all lanes of a set to `item`. Here and below loops are written out: the
 * compiler unrolls an outermost loop too late to keep an array in registers. */
static inline __attribute__((always_inline)) void lanes_begin(vector *lanes,
							      double item)
{
	const vector all = vector_make(item);

	lanes[0] = lanes[1] = lanes[2] = lanes[3] = all;
	if (LANES_VECTORS > 4)
		lanes[4] = lanes[5] = lanes[6] = lanes[7] = all;
	if (LANES_VECTORS > 8) {
		lanes[8] = lanes[9] = lanes[10] = lanes[11] = all;
		lanes[12] = lanes[13] = lanes[14] = lanes[15] = all;
	}
}

/* Join up to four vectors of lanes, each with the vector `half` further. */
static inline __attribute__((always_inline)) void lanes_halve(vector *lanes,
							      lanes_join *join,
							      int half)
{
	lanes[0] = join(lanes[0], lanes[half]);
	if (half > 1)
		lanes[1] = join(lanes[1], lanes[half + 1]);
	if (half > 2) {
		lanes[2] = join(lanes[2], lanes[half + 2]);
		lanes[3] = join(lanes[3], lanes[half + 3]);
	}
}

/* Join all lanes of a set, by halves; overwrites them. */
static inline __attribute__((always_inline)) double lanes_fold(vector *lanes,
							       lanes_join *join)
{
	if (LANES_VECTORS > 8) {
		lanes_halve(lanes, join, 8);
		lanes_halve(lanes + 4, join, 8);
	}
	if (LANES_VECTORS > 4)
		lanes_halve(lanes, join, 4);
	lanes_halve(lanes, join, 2);
	lanes_halve(lanes, join, 1);
	if (VECTOR_LANES > 4)
		lanes[0] = join(lanes[0], vector_swap(lanes[0], 4));
	if (VECTOR_LANES > 2)
		lanes[0] = join(lanes[0], vector_swap(lanes[0], 2));
	return join(lanes[0], vector_swap(lanes[0], 1))[0];
}

static inline vector lanes_add(vector a, vector b)
{
	return a + b;
}

/* for (i = 0; i < n; i++) s += f(x[i], y[i]), where the step adds f. Zeros must
 * add nothing. */
static inline __attribute__((always_inline)) double lanes_total(
	lanes_step *step, const double *x, const double *y, size_t n)
{
	vector lanes[LANES_VECTORS];
	size_t done = 0;

	lanes_begin(lanes, 0);
	if (pages_pay())
		done = lanes_blocks(lanes, 1, step, x, y, n, 0);
	lanes_rows(lanes, step, x + done, y + done, n - done, 0);
	return lanes_fold(lanes, lanes_add);
}

#endif

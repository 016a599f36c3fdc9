/* SPDX-License-Identifier: MIT */
/*
 * How reductions over doubles go through a tile: into LANES accumulators, since
 * a single one would wait four cycles for each addition; 64 fill two pipes of
 * any vector width up to 512 bits.
 *
 * Where pages_pay(), each page of a block of PAGES has EACH lanes of its own,
 * item i of the page going to lane i % EACH of these; behind the last whole
 * block, and elsewhere, item i goes to lane i % LANES. This is part of what a
 * kernel computes: it never depends on the instruction set.
 */
#ifndef BREAKEVEN_KERNELS_LANES_H
#define BREAKEVEN_KERNELS_LANES_H

#include "kernels/pages.h"
#include "kernels/vector.h"

enum {
	LANES = 64,
	LANES_VECTORS = LANES / VECTOR_LANES,
	EACH = LANES / PAGES,
	EACH_VECTORS = EACH / VECTOR_LANES,
};

/*
 * Take the VECTOR_LANES items at `a`, and those at `b`, into *lanes. Where a
 * kernel keeps a second set of lanes, its vector is lanes[LANES_VECTORS].
 */
typedef void lanes_step(vector *lanes, const double *a, const double *b);

/* As many pages at once as there are registers for their lanes, with `spare`
 * of them left. */
static inline int lanes_pages(int sets, int spare)
{
	int registers = VECTOR_BYTES < 64 ? 16 : 32, pages = PAGES;

	while (pages > 1 && sets * pages * EACH_VECTORS + spare > registers)
		pages /= 2;
	return pages;
}

/* Of every block, `pages` pages, of n items in whole blocks. Loops over lanes
 * are unrolled, here and below, or the lanes would not stay in registers. */
static inline __attribute__((always_inline)) void lanes_blocks(
	vector *lanes, lanes_step *step, const double *a, const double *b,
	size_t n, int pages)
{
	for (size_t block = 0; block < n; block += PAGES_BLOCK)
		for (size_t i = 0; i < PAGE; i += EACH)
#pragma GCC unroll 4
			for (int p = 0; p < pages; p++)
#pragma GCC unroll 8
				for (int v = 0; v < EACH_VECTORS; v++) {
					size_t at = block + i +
						    (size_t)p * PAGE +
						    (size_t)v * VECTOR_LANES;

					step(&lanes[p * EACH_VECTORS + v],
					     a + at, b + at);
				}
}

/*
 * Take whole blocks of n items into `sets` times LANES lanes, and return how
 * many items these were. The rest is for lanes_rest(). A step takes `spare`
 * registers besides its lanes.
 */
static inline __attribute__((always_inline)) size_t lanes_walk(
	vector *lanes, int sets, int spare, lanes_step *step, const double *a,
	const double *b, size_t n)
{
	size_t whole = n - n % PAGES_BLOCK;
	const int pages = lanes_pages(sets, spare);

#pragma GCC unroll 4
	for (int p = 0; p < PAGES; p += pages)
		lanes_blocks(lanes + p * EACH_VECTORS, step,
			     a + (size_t)p * PAGE, b + (size_t)p * PAGE, whole,
			     pages);
	return whole;
}

/* LANES items. */
static inline __attribute__((always_inline)) void lanes_row(vector *lanes,
							    lanes_step *step,
							    const double *a,
							    const double *b)
{
#pragma GCC unroll 32
	for (int v = 0; v < LANES_VECTORS; v++)
		step(&lanes[v], a + (size_t)v * VECTOR_LANES,
		     b + (size_t)v * VECTOR_LANES);
}

/* n items, fewer than LANES: none is looked at beyond, and what does not fill a
 * vector is filled up with `neutral`. */
static inline __attribute__((always_inline)) void lanes_last(
	vector *lanes, lanes_step *step, const double *a, const double *b,
	size_t n, double neutral)
{
	size_t whole = n - n % VECTOR_LANES;
	double last_a[VECTOR_LANES], last_b[VECTOR_LANES];

	for (size_t l = 0; whole < n && l < VECTOR_LANES; l++) {
		last_a[l] = whole + l < n ? a[whole + l] : neutral;
		last_b[l] = whole + l < n ? b[whole + l] : neutral;
	}
#pragma GCC unroll 32
	for (int v = 0; v < LANES_VECTORS; v++) {
		size_t at = (size_t)v * VECTOR_LANES;

		if (at < whole)
			step(&lanes[v], a + at, b + at);
		else if (at < n)
			step(&lanes[v], last_a, last_b);
	}
}

/* Take n items, any number of them, row by row. `neutral` is an item that
 * changes no result. */
static inline __attribute__((always_inline)) void lanes_rest(
	vector *lanes, lanes_step *step, const double *a, const double *b,
	size_t n, double neutral)
{
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		lanes_row(lanes, step, a + i, b + i);
	if (i < n)
		lanes_last(lanes, step, a + i, b + i, n - i, neutral);
}

/* A set of lanes becomes `item`. An initialiser would have them begin in
 * memory. */
static inline __attribute__((always_inline)) void lanes_begin(vector *lanes,
							      double item)
{
#pragma GCC unroll 32
	for (int v = 0; v < LANES_VECTORS; v++)
		lanes[v] = (vector){0} + item;
}

/* The sum of all lanes, by halves; spoils them. */
static inline __attribute__((always_inline)) double lanes_sum(vector *lanes)
{
	vector sums;

#pragma GCC unroll 8
	for (int half = LANES_VECTORS / 2; half > 0; half /= 2)
#pragma GCC unroll 32
		for (int v = 0; v < half; v++)
			lanes[v] += lanes[v + half];
	sums = lanes[0];
#pragma GCC unroll 8
	for (int half = VECTOR_LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
		for (int l = 0; l < half; l++)
			sums[l] += sums[l + half];
	return sums[0];
}

/* for (i = 0; i < n; i++) s += f(a[i], b[i]), f being what the step adds. Zeros
 * must add nothing. */
static inline __attribute__((always_inline)) double lanes_total(
	lanes_step *step, int spare, const double *a, const double *b, size_t n)
{
	vector lanes[LANES_VECTORS];
	size_t done = 0;

	lanes_begin(lanes, 0);
	if (pages_pay())
		done = lanes_walk(lanes, 1, spare, step, a, b, n);
	lanes_rest(lanes, step, a + done, b + done, n - done, 0);
	return lanes_sum(lanes);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = s += x[i]; on int64_t.
 *
 * Two passes: the sums of the tiles, then the prefixes of each tile, from the
 * sum of all tiles before it. So items are read twice, but those of the last
 * tile: nobody needs its sum. A serial loop is a single tile.
 */
#include "kernels/kernel.h"

#include <errno.h>

enum { PERIOD = 1024, BLOCK = 8 };

struct scan {
	uint64_t *x, *y;
	size_t n;
	unsigned pass;
};

static int scan_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct scan *scan = ctx;

	(void)options;
	scan->n = n;
	scan->x = arena_take(arena, n, sizeof(*scan->x));
	scan->y = arena_take(arena, n, sizeof(*scan->y));
	return scan->x && scan->y ? 0 : -errno;
}

static void scan_fill(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct scan *scan = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		scan->x[i] = i % PERIOD;
}

/* Prefixes within a block do not wait for the sum before the block: only one
 * addition in BLOCK does. */
static void scan_prefixes(const uint64_t *restrict x, uint64_t *restrict y,
			  size_t begin, size_t end, uint64_t before)
{
	size_t i = begin;

	for (; i + BLOCK <= end; i += BLOCK) {
		uint64_t within = 0;

		for (int j = 0; j < BLOCK; j++) {
			within += x[i + j];
			y[i + j] = before + within;
		}
		before += within;
	}
	for (; i < end; i++)
		y[i] = before += x[i];
}

static void scan_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct scan *scan = ctx;
	const uint64_t *restrict x = scan->x;
	bool last = end == scan->n;
	uint64_t sum = 0;

	if (scan->pass == 1) {
		scan_prefixes(x, scan->y, begin, end, out->u64[0]);
		return;
	}
	for (size_t i = last ? end : begin; i < end; i++)
		sum += x[i];
	out->u64[0] = sum;
}

/* The first pass writes nothing but its partials. */
static size_t scan_spans(const void *ctx, size_t begin, size_t end,
			 struct span *spans)
{
	const struct scan *scan = ctx;

	spans[0] = span_in(scan->x, sizeof(*scan->x), begin, end);
	spans[1] = span_out(scan->y, sizeof(*scan->y), begin, end);
	return scan->pass == 1 ? 2 : 1;
}

/* Each tile's sum becomes the sum of all tiles before it. */
static void scan_between(void *ctx, unsigned pass, struct partial *partials,
			 size_t tiles)
{
	struct scan *scan = ctx;
	uint64_t before = 0;

	for (size_t t = 0; pass == 0 && t < tiles; t++) {
		uint64_t sum = partials[t].u64[0];

		partials[t].u64[0] = before;
		before += sum;
	}
	scan->pass = pass == 0;
}

static void scan_poison(void *ctx, size_t begin, size_t end)
{
	struct scan *scan = ctx;

	for (size_t i = begin; i < end; i++)
		scan->y[i] = UINT64_MAX;
}

/* Whole runs 0 + ... + (PERIOD - 1), and one that ends with i. */
static bool scan_check(const void *ctx, size_t begin, size_t end)
{
	const struct scan *scan = ctx;

	for (size_t i = begin; i < end; i++) {
		uint64_t runs = i / PERIOD, last = i % PERIOD;
		uint64_t sum = runs * (PERIOD * (PERIOD - 1) / 2) +
			       last * (last + 1) / 2;

		if (scan->y[i] != sum)
			return false;
	}
	return true;
}

const struct kernel kernel_scan = {
	.abi = KERNEL_ABI,
	.name = "scan",
	.formula = "y[i] = s += x[i]",
	.bytes = 16, /* of the serial loop */
	.flops = 2,
	.grain = 16384,
	.ctx_size = sizeof(struct scan),
	.passes = 2,
	.setup = scan_setup,
	.fill = scan_fill,
	.run = scan_run,
	.spans = scan_spans,
	.between = scan_between,
	.poison = scan_poison,
	.check = scan_check,
};

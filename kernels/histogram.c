/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) bins[x[i]]++; on uint8_t.
 *
 * The tiles have bins of their own, which combine() adds up. The result is the
 * number of items and two sums over the bins, weighted by the value and at
 * random.
 */
#include "core/step.h"
#include "kernels/kernel.h"

#include <errno.h>

enum {
	BINS = 256,
	PER_LINE = 8,
	LINES = BINS / PER_LINE,
	PARTS = 4,
	/* A prime, so that no two tiles begin alike. */
	PERIOD = 1021
};

struct histogram {
	uint8_t *x;
};

static int histogram_setup(void *ctx, struct arena *arena, size_t n,
			   const union option_value *options)
{
	struct histogram *histogram = ctx;

	(void)options;
	histogram->x = arena_take(arena, n, sizeof(*histogram->x));
	return histogram->x ? 0 : -errno;
}

/* Squares: some values never occur, others often. */
static uint8_t histogram_input(size_t i)
{
	size_t within = i % PERIOD;

	return (uint8_t)(within * within % BINS);
}

static void histogram_fill(const void *ctx, size_t begin, size_t end,
			   struct partial *out)
{
	const struct histogram *histogram = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		histogram->x[i] = histogram_input(i);
}

/* Count neighbours in different bins: if they are equal, the second would wait
 * for the store of the first. */
static void histogram_run(const void *ctx, size_t begin, size_t end,
			  struct partial *out)
{
	const struct histogram *histogram = ctx;
	const uint8_t *restrict x = histogram->x;
	uint64_t parts[PARTS][BINS] = {{0}};
	size_t i = begin;

	for (; i + PARTS <= end; i += PARTS)
		for (int p = 0; p < PARTS; p++)
			parts[p][x[i + p]]++;
	for (; i < end; i++)
		parts[0][x[i]]++;
	for (int b = 0; b < BINS; out++)
		for (int k = 0; k < PER_LINE; k++, b++)
			out->u64[k] = parts[0][b] + parts[1][b] + parts[2][b] +
				      parts[3][b];
}

static size_t histogram_spans(const void *ctx, size_t begin, size_t end,
			      struct span *spans)
{
	const struct histogram *histogram = ctx;

	spans[0] = span_in(histogram->x, sizeof(*histogram->x), begin, end);
	return 1;
}

static void histogram_digest(const uint64_t bins[BINS], struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (uint64_t b = 0; b < BINS; b++) {
		result->u64[0] += bins[b];
		result->u64[1] += bins[b] * b;
		result->u64[2] += bins[b] * step(b + 1);
	}
}

static void histogram_combine(const struct partial *partials, size_t tiles,
			      struct partial *result)
{
	uint64_t bins[BINS] = {0};

	for (size_t t = 0; t < tiles; t++)
		for (int line = 0; line < LINES; line++, partials++)
			for (int b = 0; b < PER_LINE; b++)
				bins[line * PER_LINE + b] += partials->u64[b];
	histogram_digest(bins, result);
}

/* Whole periods, and a last one that is cut. */
static bool histogram_expect(const void *ctx, size_t n,
			     const struct partial *result)
{
	uint64_t bins[BINS] = {0};
	struct partial exact;

	(void)ctx;
	for (size_t i = 0; i < PERIOD; i++)
		bins[histogram_input(i)] += n / PERIOD + (i < n % PERIOD);
	histogram_digest(bins, &exact);
	return result->u64[0] == n && result->u64[1] == exact.u64[1] &&
	       result->u64[2] == exact.u64[2];
}

const struct kernel kernel_histogram = {
	.abi = KERNEL_ABI,
	.name = "histogram",
	.formula = "bins[x[i]]++",
	.bytes = 1,
	.flops = 1,
	/* The bins of a tile take as long as 500 items. */
	.grain = 16384,
	.ctx_size = sizeof(struct histogram),
	.width = LINES,
	.setup = histogram_setup,
	.fill = histogram_fill,
	.run = histogram_run,
	.spans = histogram_spans,
	.combine = histogram_combine,
	.expect = histogram_expect,
};

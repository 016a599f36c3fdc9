/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) { lo = min(lo, x[i]); hi = max(hi, x[i]); }
 * on double; +-infinity when n is 0.
 */
#include "kernels/kernel.h"
#include "kernels/lanes.h"

#include <errno.h>
#include <math.h>

struct minmax {
	double *x;
};

static int minmax_setup(void *ctx, struct arena *arena, size_t n,
			const union option_value *options)
{
	struct minmax *minmax = ctx;

	(void)options;
	minmax->x = arena_take(arena, n, sizeof(*minmax->x));
	return minmax->x ? 0 : -errno;
}

/* 0, -1, 2, -3, ...: both extremes keep moving to the very end, so that a
 * tile left out shows. */
static void minmax_fill(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	const struct minmax *minmax = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		minmax->x[i] = i % 2 ? -(double)i : (double)i;
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void minmax_run(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	const struct minmax *minmax = ctx;
	const double *restrict x = minmax->x;
	double lo[LANES], hi[LANES];
	size_t i = begin;

	for (int l = 0; l < LANES; l++) {
		lo[l] = INFINITY;
		hi[l] = -INFINITY;
	}
	/* From memory, a fifth faster than one line of each lane a turn. */
#pragma GCC unroll 4
	for (; i + LANES <= end; i += LANES)
		for (int l = 0; l < LANES; l++) {
			lo[l] = smaller(x[i + l], lo[l]);
			hi[l] = larger(x[i + l], hi[l]);
		}
	for (int l = 0; i < end; i++, l++) {
		lo[l] = smaller(x[i], lo[l]);
		hi[l] = larger(x[i], hi[l]);
	}
	for (int width = LANES / 2; width > 0; width /= 2)
		for (int l = 0; l < width; l++) {
			lo[l] = smaller(lo[l], lo[l + width]);
			hi[l] = larger(hi[l], hi[l + width]);
		}
	out->f64[0] = lo[0];
	out->f64[1] = hi[0];
}

static void minmax_combine(const struct partial *partials, size_t tiles,
			   struct partial *result)
{
	*result = (struct partial){.f64 = {INFINITY, -INFINITY}};
	for (size_t t = 0; t < tiles; t++) {
		result->f64[0] = smaller(partials[t].f64[0], result->f64[0]);
		result->f64[1] = larger(partials[t].f64[1], result->f64[1]);
	}
}

static bool minmax_expect(const void *ctx, size_t n,
			  const struct partial *result)
{
	size_t last_even = n ? (n - 1) / 2 * 2 : 0;
	size_t last_odd = n >= 2 ? (n - 2) / 2 * 2 + 1 : 0;

	(void)ctx;
	if (n == 0)
		return result->f64[0] == INFINITY &&
		       result->f64[1] == -INFINITY;
	return result->f64[0] == -(double)last_odd &&
	       result->f64[1] == (double)last_even;
}

const struct kernel kernel_minmax = {
	.abi = KERNEL_ABI,
	.name = "minmax",
	.formula = "lo = min(lo, x[i]), hi = max(hi, x[i])",
	.bytes = 8,
	.flops = 2,
	.grain = 65536,
	.ctx_size = sizeof(struct minmax),
	.setup = minmax_setup,
	.fill = minmax_fill,
	.run = minmax_run,
	.combine = minmax_combine,
	.expect = minmax_expect,
};

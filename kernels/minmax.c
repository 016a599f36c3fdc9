/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) { lo = min(lo, x[i]); hi = max(hi, x[i]); }
 * on double; +-infinity when n is 0.
 */
#include "kernels/caches.h"
#include "kernels/kernel.h"
#include "kernels/lanes.h"

#include <errno.h>
#include <math.h>

struct minmax {
	double *x;
	bool far; /* too many for the caches */
};

static int minmax_setup(void *ctx, struct arena *arena, size_t n,
			const union option_value *options)
{
	struct minmax *minmax = ctx;

	(void)options;
	minmax->far = caches_exceeded(n * sizeof(*minmax->x));
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

static inline void minmax_step(vector *lanes, const double *x, const double *b)
{
	vector items = vector_load(x);

	(void)b;
	lanes[0] = vector_smaller(items, lanes[0]);
	lanes[LANES_VECTORS] = vector_larger(items, lanes[LANES_VECTORS]);
}

/* There is time for it: two operations wait for each load. */
static inline void minmax_step_ahead(vector *lanes, const double *x,
				     const double *b)
{
	__builtin_prefetch(x + PAGES_BLOCK);
	minmax_step(lanes, x, b);
}

/* The lanes of `lo` and of `hi`, by halves; spoils them. */
static inline __attribute__((always_inline)) void minmax_fold(
	vector *lo, vector *hi, struct partial *out)
{
	double los[VECTOR_LANES], his[VECTOR_LANES];

#pragma GCC unroll 8
	for (int half = LANES_VECTORS / 2; half > 0; half /= 2)
#pragma GCC unroll 32
		for (int v = 0; v < half; v++) {
			lo[v] = vector_smaller(lo[v], lo[v + half]);
			hi[v] = vector_larger(hi[v], hi[v + half]);
		}
	vector_store(los, lo[0]);
	vector_store(his, hi[0]);
	for (int half = VECTOR_LANES / 2; half > 0; half /= 2)
		for (int l = 0; l < half; l++) {
			los[l] = smaller(los[l], los[l + half]);
			his[l] = larger(his[l], his[l + half]);
		}
	out->f64[0] = los[0];
	out->f64[1] = his[0];
}

/* Every order has the same result here. From the caches one stream is a tenth
 * faster than several, where there are registers for all lanes. */
static void minmax_run(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	const struct minmax *minmax = ctx;
	const double *x = minmax->x + begin;
	size_t n = end - begin, done = 0;
	vector lanes[2 * LANES_VECTORS];

	lanes_begin(lanes, INFINITY);
	lanes_begin(lanes + LANES_VECTORS, -INFINITY);
	if (minmax->far && pages_pay())
		done = lanes_walk(lanes, 2, 1, minmax_step_ahead, x, x, n);
	else if (!minmax->far && VECTOR_BYTES < 64)
		done = lanes_walk(lanes, 2, 1, minmax_step, x, x, n);
	lanes_rest(lanes, minmax_step, x + done, x + done, n - done, NAN);
	minmax_fold(lanes, lanes + LANES_VECTORS, out);
}

static size_t minmax_spans(const void *ctx, size_t begin, size_t end,
			   struct span *spans)
{
	const struct minmax *minmax = ctx;

	spans[0] = span_in(minmax->x, sizeof(*minmax->x), begin, end);
	return 1;
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
	.spans = minmax_spans,
	.combine = minmax_combine,
	.expect = minmax_expect,
};

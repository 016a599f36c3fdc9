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
	bool far; /* the items exceed the caches */
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

/* 0, -1, 2, -3, ...: both extremes move up to the end, so that a missing tile
 * shows. */
static void minmax_fill(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	const struct minmax *minmax = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		minmax->x[i] = i % 2 ? -(double)i : (double)i;
}

static double minmax_smaller(double a, double b)
{
	return a < b ? a : b;
}

static double minmax_larger(double a, double b)
{
	return a > b ? a : b;
}

/* An item that is not a number changes no lane. */
static inline void minmax_step(vector *lanes, vector x, vector y, vector x_next,
			       vector y_next)
{
	vector *lo = &lanes[0], *hi = &lanes[LANES_VECTORS];

	(void)y;
	(void)y_next;
	x = vector_keep(x);
	*lo = vector_smaller(x, *lo);
	*hi = vector_larger(x, *hi);
	x_next = vector_keep(x_next);
	*lo = vector_smaller(x_next, *lo);
	*hi = vector_larger(x_next, *hi);
}

/* The result does not depend on the order. */
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
		done = lanes_blocks(lanes, 2, minmax_step, x, x, n,
				    PAGES_BLOCK);
	lanes_rows(lanes, minmax_step, x + done, x + done, n - done, NAN);
	out->f64[0] = lanes_fold(lanes, vector_smaller);
	out->f64[1] = lanes_fold(lanes + LANES_VECTORS, vector_larger);
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
	double lo = INFINITY, hi = -INFINITY;

	for (size_t t = 0; t < tiles; t++) {
		lo = minmax_smaller(partials[t].f64[0], lo);
		hi = minmax_larger(partials[t].f64[1], hi);
	}
	*result = (struct partial){.f64 = {lo, hi}};
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

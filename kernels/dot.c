/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) s += a[i] * b[i]; on double.
 */
#include "kernels/dot.h"

#include "kernels/kernel.h"
#include "kernels/lanes.h"

#include <errno.h>
#include <float.h>
#include <math.h>

enum { PERIOD = 1024 };

static int dot_setup(void *ctx, struct arena *arena, size_t n,
		     const union option_value *options)
{
	struct dot *dot = ctx;

	(void)options;
	dot->a = arena_take(arena, n, sizeof(*dot->a));
	dot->b = arena_take(arena, n, sizeof(*dot->b));
	return dot->a && dot->b ? 0 : -errno;
}

/*
 * Every product is nearly a tenth. The factors have the digits of a float, so
 * that a product is exact: whether it is fused with its addition changes no bit
 * of the result, although the order of the additions does.
 */
static double dot_a(size_t i)
{
	return (float)(0.1 * (double)(i % PERIOD + 1));
}

static double dot_b(size_t i)
{
	return (float)(1.0 / (double)(i % PERIOD + 1));
}

static void dot_fill(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct dot *dot = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++) {
		dot->a[i] = dot_a(i);
		dot->b[i] = dot_b(i);
	}
}

static inline void dot_step(vector *lanes, vector a, vector b, vector a_next,
			    vector b_next)
{
	*lanes += a * b;
	*lanes += a_next * b_next;
}

static void dot_run(const void *ctx, size_t begin, size_t end,
		    struct partial *out)
{
	const struct dot *dot = ctx;

	out->f64[0] = lanes_total(dot_step, dot->a + begin, dot->b + begin,
				  end - begin);
}

static size_t dot_spans(const void *ctx, size_t begin, size_t end,
			struct span *spans)
{
	const struct dot *dot = ctx;

	spans[0] = span_in(dot->a, sizeof(*dot->a), begin, end);
	spans[1] = span_in(dot->b, sizeof(*dot->b), begin, end);
	return 2;
}

static void dot_combine(const struct partial *partials, size_t tiles,
			struct partial *result)
{
	double s = 0;

	for (size_t t = 0; t < tiles; t++)
		s += partials[t].f64[0];
	*result = (struct partial){.f64 = {s}};
}

static double dot_products(size_t n)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		s += dot_a(i) * dot_b(i);
	return s;
}

/* Whole periods, and a last one that is cut. */
static bool dot_expect(const void *ctx, size_t n, const struct partial *result)
{
	double exact = (double)(n / PERIOD) * dot_products(PERIOD) +
		       dot_products(n % PERIOD);

	(void)ctx;
	return fabs(result->f64[0] - exact) <=
	       (double)(n + 2) * DBL_EPSILON * exact;
}

const struct kernel kernel_dot = {
	.abi = KERNEL_ABI,
	.name = "dot",
	.formula = "s += a[i] * b[i]",
	.bytes = 16,
	.flops = 2,
	.grain = 32768,
	.ctx_size = sizeof(struct dot),
	.setup = dot_setup,
	.fill = dot_fill,
	.run = dot_run,
	.spans = dot_spans,
	.combine = dot_combine,
	.expect = dot_expect,
};

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

/* Every product is a tenth, but for its rounding. */
static void dot_fill(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct dot *dot = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++) {
		dot->a[i] = 0.1 * (double)(i % PERIOD + 1);
		dot->b[i] = 1.0 / (double)(i % PERIOD + 1);
	}
}

static void dot_run(const void *ctx, size_t begin, size_t end,
		    struct partial *out)
{
	const struct dot *dot = ctx;
	const double *restrict a = dot->a;
	const double *restrict b = dot->b;
	double lanes[LANES] = {0};
	size_t i = begin;

	for (; i + LANES <= end; i += LANES)
		for (int l = 0; l < LANES; l++)
			lanes[l] += a[i + l] * b[i + l];
	for (int l = 0; i < end; i++, l++)
		lanes[l] += a[i] * b[i];
	out->f64[0] = lanes_sum(lanes, LANES);
}

static void dot_combine(const struct partial *partials, size_t tiles,
			struct partial *result)
{
	*result = (struct partial){.f64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->f64[0] += partials[t].f64[0];
}

static bool dot_expect(const void *ctx, size_t n, const struct partial *result)
{
	double exact = 0.1 * (double)n;

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
	.combine = dot_combine,
	.expect = dot_expect,
};

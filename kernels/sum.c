/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) s += a[i]; on double.
 */
#include "kernels/kernel.h"
#include "kernels/lanes.h"

#include <errno.h>
#include <float.h>
#include <math.h>

enum { PERIOD = 1024 };

struct sum {
	double *a;
};

static int sum_setup(void *ctx, struct arena *arena, size_t n,
		     const union option_value *options)
{
	struct sum *sum = ctx;

	(void)options;
	sum->a = arena_take(arena, n, sizeof(*sum->a));
	return sum->a ? 0 : -errno;
}

/* Tenths are not exact, so that a wrong order of additions shows. */
static void sum_fill(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct sum *sum = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		sum->a[i] = 0.1 * (double)(i % PERIOD + 1);
}

static inline void sum_step(vector *lanes, vector a, vector b, vector a_next,
			    vector b_next)
{
	(void)b;
	(void)b_next;
	*lanes += a + a_next;
}

static void sum_run(const void *ctx, size_t begin, size_t end,
		    struct partial *out)
{
	const struct sum *sum = ctx;
	const double *a = sum->a + begin;

	out->f64[0] = lanes_total(sum_step, a, a, end - begin);
}

static size_t sum_spans(const void *ctx, size_t begin, size_t end,
			struct span *spans)
{
	const struct sum *sum = ctx;

	spans[0] = span_in(sum->a, sizeof(*sum->a), begin, end);
	return 1;
}

static void sum_combine(const struct partial *partials, size_t tiles,
			struct partial *result)
{
	double s = 0;

	for (size_t t = 0; t < tiles; t++)
		s += partials[t].f64[0];
	*result = (struct partial){.f64 = {s}};
}

/* A tenth of whole runs 1 + ... + PERIOD, and of a last one that is cut. */
static bool sum_expect(const void *ctx, size_t n, const struct partial *result)
{
	double runs = (double)(n / PERIOD), rest = (double)(n % PERIOD);
	double exact = 0.1 * (runs * PERIOD * (PERIOD + 1) / 2 +
			      rest * (rest + 1) / 2);

	(void)ctx;
	return fabs(result->f64[0] - exact) <= (double)n * DBL_EPSILON * exact;
}

const struct kernel kernel_sum = {
	.abi = KERNEL_ABI,
	.name = "sum",
	.formula = "s += a[i]",
	.bytes = 8,
	.flops = 1,
	.grain = 32768,
	.ctx_size = sizeof(struct sum),
	.setup = sum_setup,
	.fill = sum_fill,
	.run = sum_run,
	.spans = sum_spans,
	.combine = sum_combine,
	.expect = sum_expect,
};

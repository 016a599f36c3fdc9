/* SPDX-License-Identifier: MIT */
/*
 * The loop as a kernel: what breakeven measures. examples/my_kernel.c explains
 * each part.
 */
#include "kernels/kernel.h"
#include "loop.h"

#include <errno.h>

struct arrays {
	double *x, *y;
};

static int roots_setup(void *ctx, struct arena *arena, size_t n,
		       const union option_value *options)
{
	struct arrays *data = ctx;

	(void)options;
	data->x = arena_take(arena, n, sizeof(*data->x));
	data->y = arena_take(arena, n, sizeof(*data->y));
	return data->x && data->y ? 0 : -errno;
}

static double roots_input(size_t i)
{
	return 1 + (double)(i % 300) / 100;
}

static void roots_fill(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	const struct arrays *data = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		data->x[i] = roots_input(i);
}

static void roots_run(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct arrays *data = ctx;

	(void)out;
	roots(data->y, data->x, begin, end);
}

static size_t roots_spans(const void *ctx, size_t begin, size_t end,
			  struct span *spans)
{
	const struct arrays *data = ctx;

	spans[0] = span_in(data->x, sizeof(*data->x), begin, end);
	spans[1] = span_out(data->y, sizeof(*data->y), begin, end);
	return 2;
}

static void roots_poison(void *ctx, size_t begin, size_t end)
{
	struct arrays *data = ctx;

	for (size_t i = begin; i < end; i++)
		data->y[i] = -1;
}

/* By the square, to all bits but the last few. */
static bool roots_check(const void *ctx, size_t begin, size_t end)
{
	const struct arrays *data = ctx;

	for (size_t i = begin; i < end; i++) {
		double error = data->y[i] * data->y[i] - roots_input(i);

		if (!(error > -1e-9 && error < 1e-9))
			return false;
	}
	return true;
}

const struct kernel breakeven_kernel = {
	.abi = KERNEL_ABI,
	.name = "roots",
	.formula = "y[i] = square root of x[i], by Heron",
	.bytes = 16,
	.flops = 14,
	.grain = 1024,
	.ctx_size = sizeof(struct arrays),
	.setup = roots_setup,
	.fill = roots_fill,
	.run = roots_run,
	.spans = roots_spans,
	.poison = roots_poison,
	.check = roots_check,
};

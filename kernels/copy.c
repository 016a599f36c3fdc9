/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i]; on double, by the C library's memcpy:
 * with `fill` the ceiling for the GB/s of the others.
 */
#include "kernels/kernel.h"

#include <errno.h>
#include <string.h>

struct copy {
	double *x, *y;
};

static int copy_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct copy *copy = ctx;

	(void)options;
	copy->x = arena_take(arena, n, sizeof(*copy->x));
	copy->y = arena_take(arena, n, sizeof(*copy->y));
	return copy->x && copy->y ? 0 : -errno;
}

static double copy_input(size_t i)
{
	return 0.1 * (double)(i % 1021);
}

static void copy_fill(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct copy *copy = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		copy->x[i] = copy_input(i);
}

static void copy_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct copy *copy = ctx;

	(void)out;
	memcpy(copy->y + begin, copy->x + begin,
	       (end - begin) * sizeof(*copy->y));
}

static void copy_poison(void *ctx, size_t begin, size_t end)
{
	struct copy *copy = ctx;

	for (size_t i = begin; i < end; i++)
		copy->y[i] = -1;
}

static bool copy_check(const void *ctx, size_t begin, size_t end)
{
	const struct copy *copy = ctx;

	for (size_t i = begin; i < end; i++)
		if (copy->y[i] != copy_input(i))
			return false;
	return true;
}

const struct kernel kernel_copy = {
	.abi = KERNEL_ABI,
	.name = "copy",
	.formula = "y[i] = x[i], by memcpy",
	.bytes = 16,
	.flops = 0,
	.grain = 16384,
	.ctx_size = sizeof(struct copy),
	.setup = copy_setup,
	.fill = copy_fill,
	.run = copy_run,
	.poison = copy_poison,
	.check = copy_check,
};

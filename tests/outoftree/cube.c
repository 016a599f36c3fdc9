/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i] * x[i] * x[i]; on int64_t.
 */
#include "kernels/kernel.h"

#include <errno.h>

struct cube {
	int64_t *x, *y;
};

static int cube_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct cube *cube = ctx;

	(void)options;
	cube->x = arena_take(arena, n, sizeof(*cube->x));
	cube->y = arena_take(arena, n, sizeof(*cube->y));
	return cube->x && cube->y ? 0 : -errno;
}

/* From -1000 to 1000, so that no cube overflows. */
static int64_t cube_input(size_t i)
{
	return (int64_t)(i % 2001) - 1000;
}

static void cube_fill(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct cube *cube = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		cube->x[i] = cube_input(i);
}

static void cube_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct cube *cube = ctx;
	const int64_t *restrict x = cube->x;
	int64_t *restrict y = cube->y;

	(void)out;
	for (size_t i = begin; i < end; i++)
		y[i] = x[i] * x[i] * x[i];
}

static size_t cube_spans(const void *ctx, size_t begin, size_t end,
			 struct span *spans)
{
	const struct cube *cube = ctx;

	spans[0] = span_in(cube->x, sizeof(*cube->x), begin, end);
	spans[1] = span_out(cube->y, sizeof(*cube->y), begin, end);
	return 2;
}

static void cube_poison(void *ctx, size_t begin, size_t end)
{
	struct cube *cube = ctx;

	for (size_t i = begin; i < end; i++)
		cube->y[i] = INT64_MIN;
}

static bool cube_check(const void *ctx, size_t begin, size_t end)
{
	const struct cube *cube = ctx;

	for (size_t i = begin; i < end; i++) {
		int64_t x = cube_input(i);

		if (cube->y[i] != x * x * x)
			return false;
	}
	return true;
}

const struct kernel kernel_cube = {
	.abi = KERNEL_ABI,
	.name = "cube",
	.formula = "y[i] = x[i] * x[i] * x[i]",
	.bytes = 16,
	.flops = 2,
	.grain = 4096,
	.ctx_size = sizeof(struct cube),
	.setup = cube_setup,
	.fill = cube_fill,
	.run = cube_run,
	.spans = cube_spans,
	.poison = cube_poison,
	.check = cube_check,
};

/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i]; on double, by the C library's memcpy
 * if it does not stream. With `fill`, the ceiling for the GB/s of others.
 */
#include "kernels/kernel.h"
#include "kernels/stream.h"

#include <errno.h>
#include <string.h>

struct copy {
	double *x, *y;
	bool stream;
};

static int copy_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct copy *copy = ctx;

	copy->stream = stream_wanted(options, n * 2 * sizeof(*copy->x));
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

static inline vector copy_vector(const void *ctx, size_t i)
{
	const struct copy *copy = ctx;

	return vector_load(&copy->x[i]);
}

static inline void copy_items(const void *ctx, size_t begin, size_t end)
{
	const struct copy *copy = ctx;

	memcpy(copy->y + begin, copy->x + begin,
	       (end - begin) * sizeof(*copy->y));
}

static void copy_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct copy *copy = ctx;

	(void)out;
	if (copy->stream)
		stream_map(copy->y, begin, end, ctx, copy_vector, copy_items);
	else
		copy_items(ctx, begin, end);
}

static size_t copy_spans(const void *ctx, size_t begin, size_t end,
			 struct span *spans)
{
	const struct copy *copy = ctx;

	spans[0] = span_in(copy->x, sizeof(*copy->x), begin, end);
	spans[1] = span_out(copy->y, sizeof(*copy->y), begin, end);
	return 2;
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
	.options = stream_options,
	.ctx_size = sizeof(struct copy),
	.setup = copy_setup,
	.fill = copy_fill,
	.run = copy_run,
	.spans = copy_spans,
	.poison = copy_poison,
	.check = copy_check,
};

/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i] * x[i]; on double.
 */
#include "kernels/kernel.h"
#include "kernels/stream.h"

#include <errno.h>

struct square_map_f64 {
	double *x, *y;
	bool stream;
};

static int square_map_f64_setup(void *ctx, struct arena *arena, size_t n,
				const union option_value *options)
{
	struct square_map_f64 *map = ctx;

	map->stream = stream_wanted(options, n * 2 * sizeof(*map->x));
	map->x = arena_take(arena, n, sizeof(*map->x));
	map->y = arena_take(arena, n, sizeof(*map->y));
	return map->x && map->y ? 0 : -errno;
}

static double square_map_f64_input(size_t i)
{
	return 0.1 * (double)(i % 1024) - 51.2;
}

static void square_map_f64_fill(const void *ctx, size_t begin, size_t end,
				struct partial *out)
{
	const struct square_map_f64 *map = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		map->x[i] = square_map_f64_input(i);
}

static inline vector square_map_f64_vector(const void *ctx, size_t i)
{
	const struct square_map_f64 *map = ctx;
	vector x = vector_load(&map->x[i]);

	return x * x;
}

static inline void square_map_f64_items(const void *ctx, size_t begin,
					size_t end)
{
	const struct square_map_f64 *map = ctx;
	const double *restrict x = map->x;
	double *restrict y = map->y;
	size_t i = begin;

#pragma GCC unroll 4
	for (; i + VECTOR_LANES <= end; i += VECTOR_LANES) {
		vector v = vector_load(&x[i]);

		vector_store(&y[i], v * v);
	}
	for (; i < end; i++)
		y[i] = x[i] * x[i];
}

static void square_map_f64_run(const void *ctx, size_t begin, size_t end,
			       struct partial *out)
{
	const struct square_map_f64 *map = ctx;

	(void)out;
	if (map->stream)
		stream_map(map->y, begin, end, ctx, square_map_f64_vector,
			   square_map_f64_items);
	else
		square_map_f64_items(ctx, begin, end);
}

static size_t square_map_f64_spans(const void *ctx, size_t begin, size_t end,
				   struct span *spans)
{
	const struct square_map_f64 *map = ctx;

	spans[0] = span_in(map->x, sizeof(*map->x), begin, end);
	spans[1] = span_out(map->y, sizeof(*map->y), begin, end);
	return 2;
}

/* No square is negative. */
static void square_map_f64_poison(void *ctx, size_t begin, size_t end)
{
	struct square_map_f64 *map = ctx;

	for (size_t i = begin; i < end; i++)
		map->y[i] = -1;
}

static bool square_map_f64_check(const void *ctx, size_t begin, size_t end)
{
	const struct square_map_f64 *map = ctx;

	for (size_t i = begin; i < end; i++)
		if (map->y[i] !=
		    square_map_f64_input(i) * square_map_f64_input(i))
			return false;
	return true;
}

const struct kernel kernel_square_map_f64 = {
	.abi = KERNEL_ABI,
	.name = "square_map_f64",
	.formula = "y[i] = x[i] * x[i], doubles",
	.bytes = 16,
	.flops = 1,
	.grain = 16384,
	.options = stream_options,
	.ctx_size = sizeof(struct square_map_f64),
	.setup = square_map_f64_setup,
	.fill = square_map_f64_fill,
	.run = square_map_f64_run,
	.spans = square_map_f64_spans,
	.poison = square_map_f64_poison,
	.check = square_map_f64_check,
};

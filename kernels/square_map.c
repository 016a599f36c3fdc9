/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = x[i] * x[i]; on int64_t.
 */
#include "kernels/kernel.h"
#include "kernels/stream.h"

#include <errno.h>

struct square_map {
	int64_t *x, *y;
	bool stream;
};

static int square_map_setup(void *ctx, struct arena *arena, size_t n,
			    const union option_value *options)
{
	struct square_map *map = ctx;

	map->stream = stream_wanted(options, n * 2 * sizeof(*map->x));
	map->x = arena_take(arena, n, sizeof(*map->x));
	map->y = arena_take(arena, n, sizeof(*map->y));
	return map->x && map->y ? 0 : -errno;
}

static int64_t square_map_input(size_t i)
{
	return (int64_t)(i * 2654435761 % 2147483648) - 1073741824;
}

static void square_map_fill(const void *ctx, size_t begin, size_t end,
			    struct partial *out)
{
	const struct square_map *map = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		map->x[i] = square_map_input(i);
}

static inline vector square_map_vector(const void *ctx, size_t i)
{
	const struct square_map *map = ctx;
	loose_i64 x = *(const loose_i64 *)&map->x[i];

	return (vector)(x * x);
}

/* A product of 64 bits takes fifteen cycles: begin four before storing the
 * first.
 */
static inline void square_map_items(const void *ctx, size_t begin, size_t end)
{
	const struct square_map *map = ctx;
	const int64_t *restrict x = map->x;
	int64_t *restrict y = map->y;
	size_t i = begin;

	for (; i + 4 * VECTOR_LANES <= end; i += 4 * VECTOR_LANES) {
		vector squares[4];

#pragma GCC unroll 4
		for (size_t v = 0; v < 4; v++)
			squares[v] =
				square_map_vector(ctx, i + v * VECTOR_LANES);
#pragma GCC unroll 4
		for (size_t v = 0; v < 4; v++)
			vector_store((double *)&y[i + v * VECTOR_LANES],
				     squares[v]);
	}
	for (; i < end; i++)
		y[i] = x[i] * x[i];
}

static void square_map_run(const void *ctx, size_t begin, size_t end,
			   struct partial *out)
{
	const struct square_map *map = ctx;

	(void)out;
	if (map->stream)
		stream_map(map->y, begin, end, ctx, square_map_vector,
			   square_map_items);
	else
		square_map_items(ctx, begin, end);
}

static size_t square_map_spans(const void *ctx, size_t begin, size_t end,
			       struct span *spans)
{
	const struct square_map *map = ctx;

	spans[0] = span_in(map->x, sizeof(*map->x), begin, end);
	spans[1] = span_out(map->y, sizeof(*map->y), begin, end);
	return 2;
}

/* No square is negative. */
static void square_map_poison(void *ctx, size_t begin, size_t end)
{
	struct square_map *map = ctx;

	for (size_t i = begin; i < end; i++)
		map->y[i] = -1;
}

static bool square_map_check(const void *ctx, size_t begin, size_t end)
{
	const struct square_map *map = ctx;

	for (size_t i = begin; i < end; i++)
		if (map->y[i] != square_map_input(i) * square_map_input(i))
			return false;
	return true;
}

const struct kernel kernel_square_map = {
	.abi = KERNEL_ABI,
	.name = "square_map",
	.formula = "y[i] = x[i] * x[i], integers",
	.bytes = 16,
	.flops = 1,
	.grain = 16384,
	.options = stream_options,
	.ctx_size = sizeof(struct square_map),
	.setup = square_map_setup,
	.fill = square_map_fill,
	.run = square_map_run,
	.spans = square_map_spans,
	.poison = square_map_poison,
	.check = square_map_check,
};

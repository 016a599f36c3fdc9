/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) y[i] = c; on 8-byte items, by the C library's
 * memset if it does not stream. With `copy`, the ceiling for the GB/s of
 * others.
 */
#include "kernels/kernel.h"
#include "kernels/stream.h"

#include <errno.h>
#include <string.h>

enum { FILL_BYTE = 0x5a, FILL_POISON = 0xa5 };

struct fill {
	uint64_t *y;
	bool stream;
};

static int fill_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct fill *fill = ctx;

	fill->stream = stream_wanted(options, n * sizeof(*fill->y));
	fill->y = arena_take(arena, n, sizeof(*fill->y));
	return fill->y ? 0 : -errno;
}

/* All bytes of an item are equal, as memset writes them. */
static uint64_t fill_item(void)
{
	return FILL_BYTE * (UINT64_MAX / 0xff);
}

static inline vector fill_vector(const void *ctx, size_t i)
{
	(void)ctx;
	(void)i;
	return (vector)((vector_mask){0} + (int64_t)fill_item());
}

static inline void fill_items(const void *ctx, size_t begin, size_t end)
{
	const struct fill *fill = ctx;

	memset(fill->y + begin, FILL_BYTE, (end - begin) * sizeof(*fill->y));
}

static void fill_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct fill *fill = ctx;

	(void)out;
	if (fill->stream)
		stream_map(fill->y, begin, end, ctx, fill_vector, fill_items);
	else
		fill_items(ctx, begin, end);
}

static size_t fill_spans(const void *ctx, size_t begin, size_t end,
			 struct span *spans)
{
	const struct fill *fill = ctx;

	spans[0] = span_out(fill->y, sizeof(*fill->y), begin, end);
	return 1;
}

static void fill_poison(void *ctx, size_t begin, size_t end)
{
	struct fill *fill = ctx;

	memset(fill->y + begin, FILL_POISON, (end - begin) * sizeof(*fill->y));
}

static bool fill_check(const void *ctx, size_t begin, size_t end)
{
	const struct fill *fill = ctx;

	for (size_t i = begin; i < end; i++)
		if (fill->y[i] != fill_item())
			return false;
	return true;
}

const struct kernel kernel_fill = {
	.abi = KERNEL_ABI,
	.name = "fill",
	.formula = "y[i] = c, by memset",
	.bytes = 8,
	.flops = 0,
	.grain = 16384,
	.options = stream_options,
	.ctx_size = sizeof(struct fill),
	.setup = fill_setup,
	.run = fill_run,
	.spans = fill_spans,
	.poison = fill_poison,
	.check = fill_check,
};

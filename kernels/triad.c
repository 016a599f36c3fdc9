/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) a[i] = b[i] + s * c[i]; on double. The triad of
 * John McCalpin's STREAM.
 */
#include "kernels/triad.h"

#include "kernels/kernel.h"
#include "kernels/stream.h"

#include <errno.h>

static int triad_setup(void *ctx, struct arena *arena, size_t n,
		       const union option_value *options)
{
	struct triad *triad = ctx;

	triad->stream = stream_wanted(options, n * 3 * sizeof(*triad->a));
	triad->a = arena_take(arena, n, sizeof(*triad->a));
	triad->b = arena_take(arena, n, sizeof(*triad->b));
	triad->c = arena_take(arena, n, sizeof(*triad->c));
	return triad->a && triad->b && triad->c ? 0 : -errno;
}

static double triad_b(size_t i)
{
	return 0.1 * (double)(i % 1024);
}

static double triad_c(size_t i)
{
	return 0.7 * (double)(i % 1021);
}

static void triad_fill(const void *ctx, size_t begin, size_t end,
		       struct partial *out)
{
	const struct triad *triad = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++) {
		triad->b[i] = triad_b(i);
		triad->c[i] = triad_c(i);
	}
}

static inline vector triad_vector(const void *ctx, size_t i)
{
	const struct triad *triad = ctx;

	return vector_load(&triad->b[i]) + TRIAD_S * vector_load(&triad->c[i]);
}

static inline void triad_items(const void *ctx, size_t begin, size_t end)
{
	const struct triad *triad = ctx;
	double *restrict a = triad->a;
	const double *restrict b = triad->b;
	const double *restrict c = triad->c;

	for (size_t i = begin; i < end; i++)
		a[i] = b[i] + TRIAD_S * c[i];
}

static void triad_run(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct triad *triad = ctx;

	(void)out;
	if (triad->stream)
		stream_map(triad->a, begin, end, ctx, triad_vector,
			   triad_items);
	else
		triad_items(ctx, begin, end);
}

static size_t triad_spans(const void *ctx, size_t begin, size_t end,
			  struct span *spans)
{
	const struct triad *triad = ctx;

	spans[0] = span_in(triad->b, sizeof(*triad->b), begin, end);
	spans[1] = span_in(triad->c, sizeof(*triad->c), begin, end);
	spans[2] = span_out(triad->a, sizeof(*triad->a), begin, end);
	return 3;
}

/* No result is negative. */
static void triad_poison(void *ctx, size_t begin, size_t end)
{
	struct triad *triad = ctx;

	for (size_t i = begin; i < end; i++)
		triad->a[i] = -1;
}

static bool triad_check(const void *ctx, size_t begin, size_t end)
{
	const struct triad *triad = ctx;

	for (size_t i = begin; i < end; i++)
		if (triad->a[i] != triad_b(i) + TRIAD_S * triad_c(i))
			return false;
	return true;
}

const struct kernel kernel_triad = {
	.abi = KERNEL_ABI,
	.name = "triad",
	.formula = "a[i] = b[i] + s * c[i]",
	.bytes = 24,
	.flops = 2,
	.grain = 8192,
	.options = stream_options,
	.ctx_size = sizeof(struct triad),
	.setup = triad_setup,
	.fill = triad_fill,
	.run = triad_run,
	.spans = triad_spans,
	.poison = triad_poison,
	.check = triad_check,
};

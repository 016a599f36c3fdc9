/* SPDX-License-Identifier: MIT */
/*
 * SWEEPS times, each over what the one before it left:
 *
 *	for (i = 1; i < n - 1; i++) y[i] = (x[i - 1] + x[i + 1]) * 0.5;
 *
 * on double, the ends copied: Jacobi's method, a barrier after each sweep.
 */
#include "kernels/kernel.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { SWEEPS = 8, CHECK_BLOCK = 512 };

/* Sweeps go from x to y[0], to y[1], to y[0], ... x stays, so that each call
 * begins with the same. */
struct stencil {
	double *x, *y[2];
	size_t n;
	unsigned sweep;
};

static int stencil_setup(void *ctx, struct arena *arena, size_t n,
			 const union option_value *options)
{
	struct stencil *stencil = ctx;

	(void)options;
	stencil->n = n;
	stencil->x = arena_take(arena, n, sizeof(double));
	stencil->y[0] = arena_take(arena, n, sizeof(double));
	stencil->y[1] = arena_take(arena, n, sizeof(double));
	return stencil->x && stencil->y[0] && stencil->y[1] ? 0 : -errno;
}

/* Whole numbers below 2^31, which no sweep rounds. Neighbours are unrelated, so
 * that a missing sweep shows. */
static double stencil_input(size_t i)
{
	return (double)(i * 2654435761 % 2147483648);
}

static void stencil_fill(const void *ctx, size_t begin, size_t end,
			 struct partial *out)
{
	const struct stencil *stencil = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		stencil->x[i] = stencil_input(i);
}

static void stencil_run(const void *ctx, size_t begin, size_t end,
			struct partial *out)
{
	const struct stencil *stencil = ctx;
	unsigned sweep = stencil->sweep;
	const double *restrict x =
		sweep ? stencil->y[(sweep - 1) % 2] : stencil->x;
	double *restrict y = stencil->y[sweep % 2];

	(void)out;
	if (begin == end)
		return;
	if (begin == 0) {
		y[0] = x[0];
		begin = 1;
	}
	if (end == stencil->n) {
		y[end - 1] = x[end - 1];
		end--;
	}
	for (size_t i = begin; i < end; i++)
		y[i] = (x[i - 1] + x[i + 1]) * 0.5;
}

/* A tile also reads its neighbours. */
static size_t stencil_spans(const void *ctx, size_t begin, size_t end,
			    struct span *spans)
{
	const struct stencil *stencil = ctx;
	unsigned sweep = stencil->sweep;

	spans[0] = span_in(sweep ? stencil->y[(sweep - 1) % 2] : stencil->x,
			   sizeof(double), begin ? begin - 1 : 0,
			   end < stencil->n ? end + 1 : end);
	spans[1] = span_out(stencil->y[sweep % 2], sizeof(double), begin, end);
	return 2;
}

static void stencil_between(void *ctx, unsigned pass, struct partial *partials,
			    size_t tiles)
{
	struct stencil *stencil = ctx;

	(void)partials, (void)tiles;
	stencil->sweep = (pass + 1) % SWEEPS;
}

/* Poison both arrays. It spreads, so that a tile missing in any sweep shows. */
static void stencil_poison(void *ctx, size_t begin, size_t end)
{
	struct stencil *stencil = ctx;

	for (size_t i = begin; i < end; i++)
		stencil->y[0][i] = stencil->y[1][i] = NAN;
}

/* All sweeps, one after the other, over the items that [begin, end) depend on.
 */
static bool stencil_check_block(const struct stencil *stencil, size_t begin,
				size_t end)
{
	size_t first = begin < SWEEPS ? 0 : begin - SWEEPS;
	size_t last = end + SWEEPS < stencil->n ? end + SWEEPS : stencil->n;
	double values[CHECK_BLOCK + 2 * SWEEPS] = {0};

	for (size_t i = first; i < last; i++)
		values[i - first] = stencil_input(i);
	for (int sweep = 0; sweep < SWEEPS; sweep++) {
		double left = values[0];

		for (size_t i = 1; i + 1 < last - first; i++) {
			double here = values[i];

			values[i] = (left + values[i + 1]) * 0.5;
			left = here;
		}
	}
	return memcmp(values + (begin - first),
		      stencil->y[(SWEEPS - 1) % 2] + begin,
		      (end - begin) * sizeof(double)) == 0;
}

static bool stencil_check(const void *ctx, size_t begin, size_t end)
{
	while (begin < end) {
		size_t left = end - begin;
		size_t block = left < CHECK_BLOCK ? left : CHECK_BLOCK;

		if (!stencil_check_block(ctx, begin, begin + block))
			return false;
		begin += block;
	}
	return true;
}

const struct kernel kernel_stencil = {
	.abi = KERNEL_ABI,
	.name = "stencil",
	.formula = "y[i] = (x[i-1] + x[i+1]) / 2, 8 sweeps",
	.bytes = 16 * SWEEPS,
	.flops = 2 * SWEEPS,
	.grain = 8192,
	.ctx_size = sizeof(struct stencil),
	.passes = SWEEPS,
	.setup = stencil_setup,
	.fill = stencil_fill,
	.run = stencil_run,
	.spans = stencil_spans,
	.between = stencil_between,
	.poison = stencil_poison,
	.check = stencil_check,
};

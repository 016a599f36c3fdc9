/* SPDX-License-Identifier: MIT */
/*
 * A loop of your own, to be measured under every backend. Copy this file, put
 * your loop into mine_run(), and what surrounds it into the rest:
 *
 *	cc -O3 -march=native -shared -fPIC -I BREAKEVEN my_kernel.c -o mine.so
 *	breakeven list -k ./mine.so
 *	breakeven bench -k ./mine.so
 *
 * BREAKEVEN is the source tree of breakeven, or, where it is installed, what
 * `pkg-config --variable=kernels breakeven` prints.
 *
 * The loop here is a polynomial, by Horner's rule:
 *
 *	for (i = 0; i < n; i++)
 *		y[i] = c[0] + x[i] * (c[1] + x[i] * (c[2] + ...));
 */
#include "kernels/kernel.h"

#include <errno.h>

enum { DEGREE_MAX = 16 };

/* All that run() needs, in one place: pointers to its arrays, and numbers. No
 * globals: run() is called in several threads and processes at once. */
struct mine {
	double *x, *y;
	double c[DEGREE_MAX + 1];
	int degree;
};

/* What a user may choose: `-k ./mine.so:degree=3`. Leave it out if there is
 * nothing to choose. The last entry is empty. */
static const struct option_spec mine_options[] = {
	{
		.key = "degree",
		.type = OPTION_COUNT,
		.fallback = "8",
		.min = 1,
		.max = DEGREE_MAX,
		.help = "of the polynomial",
	},
	{.key = NULL},
};

/* Take memory for n items, and set the numbers. Do not touch that memory: the
 * host brings its pages in. */
static int mine_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct mine *mine = ctx;

	mine->degree = (int)options[0].count;
	for (int k = 0; k <= mine->degree; k++)
		mine->c[k] = k % 2 ? -1 : 1;
	mine->x = arena_take(arena, n, sizeof(*mine->x));
	mine->y = arena_take(arena, n, sizeof(*mine->y));
	return mine->x && mine->y ? 0 : -errno;
}

/* Small whole numbers, so that all results are exact. */
static double mine_input(size_t i)
{
	return (double)(i % 5) - 2;
}

/* Write the input of items [begin, end). */
static void mine_fill(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct mine *mine = ctx;

	(void)out;
	for (size_t i = begin; i < end; i++)
		mine->x[i] = mine_input(i);
}

/* YOUR LOOP, over items [begin, end). It prints nothing, allocates nothing, and
 * keeps nothing for the next call, which must compute the same. `restrict` lets
 * the compiler vectorise it. */
static void mine_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct mine *mine = ctx;
	const double *restrict x = mine->x;
	double *restrict y = mine->y;

	(void)out;
	for (size_t i = begin; i < end; i++) {
		double sum = mine->c[mine->degree];

		for (int k = mine->degree - 1; k >= 0; k--)
			sum = sum * x[i] + mine->c[k];
		y[i] = sum;
	}
}

/* The memory that run() touches there, for workers that do not share it. */
static size_t mine_spans(const void *ctx, size_t begin, size_t end,
			 struct span *spans)
{
	const struct mine *mine = ctx;

	spans[0] = span_in(mine->x, sizeof(*mine->x), begin, end);
	spans[1] = span_out(mine->y, sizeof(*mine->y), begin, end);
	return 2;
}

/* Spoil the output, so that a tile that did not run shows... */
static void mine_poison(void *ctx, size_t begin, size_t end)
{
	struct mine *mine = ctx;

	for (size_t i = begin; i < end; i++)
		mine->y[i] = -1e300;
}

/* ...and check the output in another way, without trusting run(). */
static bool mine_check(const void *ctx, size_t begin, size_t end)
{
	const struct mine *mine = ctx;

	for (size_t i = begin; i < end; i++) {
		double power = 1, sum = 0;

		for (int k = 0; k <= mine->degree; k++) {
			sum += mine->c[k] * power;
			power *= mine_input(i);
		}
		if (mine->y[i] != sum)
			return false;
	}
	return true;
}

const struct kernel breakeven_kernel = {
	.abi = KERNEL_ABI,
	.name = "polynomial",
	.formula = "y[i] = c[0] + x[i] * (c[1] + x[i] * ...)",
	.bytes = 16,   /* that an item moves: 8 in, 8 out */
	.flops = 16,   /* and does, in the default degree */
	.grain = 4096, /* items of a tile: 1 to 2 us of work */
	.options = mine_options,
	.ctx_size = sizeof(struct mine),
	.setup = mine_setup,
	.fill = mine_fill,
	.run = mine_run,
	.spans = mine_spans,
	.poison = mine_poison,
	.check = mine_check,
	/* A reduction, such as a sum, has no .poison and .check: its run()
	 * stores what its items contribute in *out, and .combine folds these:
	 * see kernels/sum.c, and docs/adding-a-kernel.md. */
};

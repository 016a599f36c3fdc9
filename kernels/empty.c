/* SPDX-License-Identifier: MIT */
/*
 * Nothing, n times. The time is that of dispatch and join alone: with a grain
 * of 1 there are about as many tiles as items.
 */
#include "kernels/kernel.h"

static int empty_setup(void *ctx, struct arena *arena, size_t n,
		       const union option_value *options)
{
	(void)ctx, (void)arena, (void)n, (void)options;
	return 0;
}

static void empty_run(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	(void)ctx, (void)begin, (void)end, (void)out;
}

const struct kernel kernel_empty = {
	.abi = KERNEL_ABI,
	.name = "empty",
	.formula = "",
	.grain = 1,
	.setup = empty_setup,
	.run = empty_run,
};

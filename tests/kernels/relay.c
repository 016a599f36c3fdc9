/* SPDX-License-Identifier: MIT */
/*
 * A kernel whose tiles hand two lines on from pass to pass: what comes out
 * tells whether each pass, each between() and each line was in its place.
 */
#include "kernels/kernel.h"

enum { PASSES = 3 };

struct relay {
	unsigned pass;
};

static int relay_setup(void *ctx, struct arena *arena, size_t n,
		       const union option_value *options)
{
	(void)ctx, (void)arena, (void)n, (void)options;
	return 0;
}

static void relay_run(const void *ctx, size_t begin, size_t end,
		      struct partial *out)
{
	const struct relay *relay = ctx;

	if (relay->pass == 0) {
		out[0].u64[0] = 0;
		out[1].u64[7] = 0;
	}
	out[0].u64[0] += end - begin;
	out[1].u64[7] += 3 * (end - begin);
}

static void relay_between(void *ctx, unsigned pass, struct partial *partials,
			  size_t tiles)
{
	struct relay *relay = ctx;

	for (size_t t = 0; t < tiles; t++) {
		partials[2 * t].u64[0] *= 2;
		partials[2 * t + 1].u64[7] *= 2;
	}
	relay->pass = (pass + 1) % PASSES;
}

static void relay_combine(const struct partial *partials, size_t tiles,
			  struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++) {
		result->u64[0] += partials[2 * t].u64[0];
		result->u64[7] += partials[2 * t + 1].u64[7];
	}
}

/* ((1 * 2 + 1) * 2 + 1) * 2 = 14 for each item. */
static bool relay_expect(const void *ctx, size_t n,
			 const struct partial *result)
{
	(void)ctx;
	return result->u64[0] == UINT64_C(14) * n &&
	       result->u64[7] == UINT64_C(42) * n;
}

const struct kernel kernel_relay = {
	.abi = KERNEL_ABI,
	.name = "relay",
	.formula = "counts items, in three passes",
	.grain = 16,
	.ctx_size = sizeof(struct relay),
	.width = 2,
	.passes = PASSES,
	.setup = relay_setup,
	.run = relay_run,
	.between = relay_between,
	.combine = relay_combine,
	.expect = relay_expect,
};

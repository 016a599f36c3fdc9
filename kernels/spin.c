/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n * ops; i++) x = step(x);
 *
 * Counted work that touches no memory. The chain continues across the items of
 * a tile, so that items cannot overlap, and n items take n times as long as
 * one.
 */
#include "core/step.h"
#include "kernels/kernel.h"

enum { SPIN_OPS, SPIN_TILE };

static const struct option_spec spin_options[] = {
	[SPIN_OPS] = {.key = "ops",
		      .type = OPTION_COUNT,
		      .fallback = "25",
		      .min = 1,
		      .max = 1e9,
		      .help = "dependent integer steps per item"},
	/* Some 20 us. What a tile takes besides its steps, 25 ns on a quiet
	 * machine and more on a noisy one, shows in a break-even size that is
	 * calculated: then there are to be few. */
	[SPIN_TILE] = {.key = "tile",
		       .type = OPTION_COUNT,
		       .fallback = "16384",
		       .min = 1,
		       .max = 1e9,
		       .help = "steps of a tile, about"},
	{.key = NULL},
};

struct spin {
	size_t ops;
};

static int spin_setup(void *ctx, struct arena *arena, size_t n,
		      const union option_value *options)
{
	struct spin *spin = ctx;

	(void)arena, (void)n;
	spin->ops = (size_t)options[SPIN_OPS].count;
	return 0;
}

static size_t spin_grain(const union option_value *options)
{
	size_t grain = (size_t)options[SPIN_TILE].count /
		       (size_t)options[SPIN_OPS].count;

	return grain ? grain : 1;
}

static void spin_run(const void *ctx, size_t begin, size_t end,
		     struct partial *out)
{
	const struct spin *spin = ctx;

	out->u64[0] = step_chain(begin + 1, (end - begin) * spin->ops);
	step_fence();
}

static void spin_combine(const struct partial *partials, size_t tiles,
			 struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] = step(result->u64[0] ^ partials[t].u64[0]);
}

const struct kernel kernel_spin = {
	.abi = KERNEL_ABI,
	.name = "spin",
	.formula = "x = step(x), ops times",
	.flops = 0,
	.options = spin_options,
	.grain_for = spin_grain,
	.ctx_size = sizeof(struct spin),
	.setup = spin_setup,
	.run = spin_run,
	.combine = spin_combine,
};

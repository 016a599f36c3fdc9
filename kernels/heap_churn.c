/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) {
 *	old = live[random(i) % LIVE];
 *	s += what was written into old; free(old);
 *	live[random(i) % LIVE] = malloc(size(i)); write i + 1 into it;
 * }
 *
 * with sizes from 16 bytes up to `top`, as many between 16 and 32 as between 32
 * and 64, and so on. Up to LIVE blocks are in use at a time; all are freed at
 * the end of a tile. Threads share one allocator, processes have one each.
 */
#include "core/random.h"
#include "kernels/kernel.h"

#include <stdlib.h>

enum { HEAP_CHURN_TOP };
enum { LIVE = 32, SMALLEST = 16 };

static const struct option_spec heap_churn_options[] = {
	[HEAP_CHURN_TOP] = {.key = "top",
			    .type = OPTION_COUNT,
			    .fallback = "4096",
			    .min = 2 * SMALLEST,
			    .max = 1 << 24,
			    .help = "no block is larger, in bytes"},
	{.key = NULL},
};

struct heap_churn {
	size_t top;
	unsigned doublings; /* from SMALLEST to top */
};

/* Both ends of a block hold the same value, so that an overlap shows. */
struct heap_block {
	uint64_t *words; /* NULL: not in use */
	size_t last;
};

static int heap_churn_setup(void *ctx, struct arena *arena, size_t n,
			    const union option_value *options)
{
	struct heap_churn *churn = ctx;

	(void)arena, (void)n;
	churn->top = (size_t)options[HEAP_CHURN_TOP].count;
	while (churn->top >> (churn->doublings + 1) >= SMALLEST)
		churn->doublings++;
	return 0;
}

/* A random doubling, and a random size within it. */
static size_t heap_churn_size(const struct heap_churn *churn, uint64_t random)
{
	size_t base = (size_t)SMALLEST << (random >> 32) % churn->doublings;
	size_t size = base + (random >> 8) % base;

	return size < churn->top ? size : churn->top;
}

static struct heap_block heap_churn_take(size_t size, uint64_t value)
{
	struct heap_block block = {malloc(size), size / sizeof(uint64_t) - 1};

	if (!block.words)
		return block;
	block.words[0] = value;
	block.words[block.last] = value;
	return block;
}

/* What the block holds; 0: there is none, or another writer overwrote it. */
static uint64_t heap_churn_give(struct heap_block *block)
{
	uint64_t value = 0;

	if (block->words && block->words[0] == block->words[block->last])
		value = block->words[0];
	free(block->words);
	block->words = NULL;
	/* The analyzer loses what is stored at an index that it cannot know. */
	return value; /* NOLINT(clang-analyzer-unix.Malloc) */
}

static void heap_churn_run(const void *ctx, size_t begin, size_t end,
			   struct partial *out)
{
	const struct heap_churn *churn = ctx;
	struct heap_block live[LIVE] = {{NULL, 0}};
	uint64_t s = 0;

	for (size_t i = begin; i < end; i++) {
		uint64_t random = random_mix(i);
		struct heap_block *block = &live[random % LIVE];

		s += heap_churn_give(block);
		*block = heap_churn_take(heap_churn_size(churn, random), i + 1);
	}
	for (int b = 0; b < LIVE; b++)
		s += heap_churn_give(&live[b]);
	out->u64[0] = s;
}

static void heap_churn_combine(const struct partial *partials, size_t tiles,
			       struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] += partials[t].u64[0];
}

/* Each block was allocated, and still held i + 1 when it was freed. */
static bool heap_churn_expect(const void *ctx, size_t n,
			      const struct partial *result)
{
	(void)ctx;
	return result->u64[0] == (n % 2 ? (uint64_t)n * ((n + 1) / 2)
					: (uint64_t)(n / 2) * (n + 1));
}

const struct kernel kernel_heap_churn = {
	.abi = KERNEL_ABI,
	.name = "heap_churn",
	.formula = "malloc, use, free, some live on",
	/* Freeing the blocks left at the end of a tile takes a tenth of it. */
	.grain = 256,
	.options = heap_churn_options,
	.ctx_size = sizeof(struct heap_churn),
	.setup = heap_churn_setup,
	.run = heap_churn_run,
	.combine = heap_churn_combine,
	.expect = heap_churn_expect,
};

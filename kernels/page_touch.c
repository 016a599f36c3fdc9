/* SPDX-License-Identifier: MIT */
/*
 * for (i = 0; i < n; i++) {
 *	map `pages` pages;
 *	for (p = 0; p < pages; p++)
 *		s += page[p] += i + 1;
 *	unmap them;
 * }
 *
 * Memory is mapped and unmapped. Threads share one address space: the lock on
 * its mappings, and the translations, which unmapping has to flush on each CPU
 * where one of the threads runs. Processes share neither. The pages come from
 * the system, not from the arena.
 */
#include "kernels/kernel.h"

#include <sys/mman.h>
#include <unistd.h>

enum { PAGE_TOUCH_PAGES };

static const struct option_spec page_touch_options[] = {
	[PAGE_TOUCH_PAGES] = {.key = "pages",
			      .type = OPTION_COUNT,
			      .fallback = "4",
			      .min = 1,
			      .max = 256,
			      .help = "pages mapped, touched and unmapped by "
				      "an item"},
	{.key = NULL},
};

struct page_touch {
	size_t pages, page_size;
};

static int page_touch_setup(void *ctx, struct arena *arena, size_t n,
			    const union option_value *options)
{
	struct page_touch *touch = ctx;

	(void)arena, (void)n;
	touch->pages = (size_t)options[PAGE_TOUCH_PAGES].count;
	touch->page_size = (size_t)sysconf(_SC_PAGESIZE);
	return 0;
}

/* 0: it cannot be mapped, and the result will be wrong. */
static uint64_t page_touch_item(const struct page_touch *touch, uint64_t value)
{
	size_t size = touch->pages * touch->page_size;
	char *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t s = 0;

	if (base == MAP_FAILED)
		return 0;
	/* In one step: a read before the write would be a second fault. */
	for (size_t at = 0; at < size; at += touch->page_size)
		s += __atomic_add_fetch((uint64_t *)(void *)(base + at), value,
					__ATOMIC_RELAXED);
	return munmap(base, size) == 0 ? s : 0;
}

static void page_touch_run(const void *ctx, size_t begin, size_t end,
			   struct partial *out)
{
	const struct page_touch *touch = ctx;
	uint64_t s = 0;

	for (size_t i = begin; i < end; i++)
		s += page_touch_item(touch, i + 1);
	out->u64[0] = s;
}

static void page_touch_combine(const struct partial *partials, size_t tiles,
			       struct partial *result)
{
	*result = (struct partial){.u64 = {0}};
	for (size_t t = 0; t < tiles; t++)
		result->u64[0] += partials[t].u64[0];
}

/* Each page was new, and held i + 1 in the end. */
static bool page_touch_expect(const void *ctx, size_t n,
			      const struct partial *result)
{
	const struct page_touch *touch = ctx;
	uint64_t all = n % 2 ? (uint64_t)n * ((n + 1) / 2)
			     : (uint64_t)(n / 2) * (n + 1);

	return result->u64[0] == all * touch->pages;
}

const struct kernel kernel_page_touch = {
	.abi = KERNEL_ABI,
	.name = "page_touch",
	.formula = "map pages, touch each, unmap",
	.grain = 1,
	.options = page_touch_options,
	.ctx_size = sizeof(struct page_touch),
	.setup = page_touch_setup,
	.run = page_touch_run,
	.combine = page_touch_combine,
	.expect = page_touch_expect,
};

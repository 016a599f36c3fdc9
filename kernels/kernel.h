/* SPDX-License-Identifier: MIT */
/*
 * A kernel: what is computed. It is data plus functions over a range, and does
 * not know which runner calls them. docs/adding-a-kernel.md explains one.
 */
#ifndef BREAKEVEN_KERNELS_KERNEL_H
#define BREAKEVEN_KERNELS_KERNEL_H

#include "core/arena.h"
#include "core/spec.h"
#include "core/tile.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KERNEL_ABI 3

/*
 * The serial loop that every kernel is, under any runner:
 *
 *	for (p = 0; p < passes; p++) {
 *		for (t = 0; t < tiles; t++)
 *			run(ctx, begin(t), end(t), &partials[t * width]);
 *		between(ctx, p, partials, tiles);
 *	}
 *	combine(partials, tiles, &result);
 *
 * Partials are kept per tile and combined in the order of the tiles, and the
 * tiles depend on n, the grain and the number of workers alone: so all runners
 * return the same bits with as many workers. Serial has one tile, which is the
 * plain loop, run(0, n). A runner runs only the loop over t: a pass ends when
 * all of its tiles have, and runners do not know of passes.
 */
struct kernel {
	unsigned abi;	     /* KERNEL_ABI; first, for kernels in plug-ins */
	const char *name;    /* equals the file's stem */
	const char *formula; /* "s += a[i] * b[i]" */
	double bytes, flops; /* moved and done, per item */

	/* Items of a tile of one to two microseconds, so that a call per tile
	 * costs less than 1 %; 1 for heavy items. A worker's share of fewer
	 * items is one tile. */
	size_t grain;

	const struct option_spec *options; /* ends with key == NULL, or NULL */

	/* The grain, if options change it; NULL: they do not. */
	size_t (*grain_for)(const union option_value *options);

	size_t ctx_size; /* bytes of the context */

	/* Partials that a tile contributes, PARTIAL_WIDTH_MAX at most: its slot
	 * is out[0] to out[width - 1]. 0 means 1. */
	size_t width;

	unsigned passes; /* of a call; 0 means 1 */

	/*
	 * Set up *ctx (ctx_size zeroed bytes) for n items: take memory from
	 * the arena, but do not touch it. 0, or -errno of the arena.
	 */
	int (*setup)(void *ctx, struct arena *arena, size_t n,
		     const union option_value *options);

	tile_fn *fill; /* write the input of [begin, end); NULL: no input */
	tile_fn *run;

	/*
	 * The memory of the arena that run() touches in [begin, end), with *ctx
	 * as it is now, for workers that do not share it. NULL: none.
	 */
	spans_fn *spans;

	/*
	 * Called in the caller alone after each pass: set up *ctx for the next
	 * pass; after the last pass, for the first one of the next call. It may
	 * rewrite the partials: the next pass of a tile finds in its slot what
	 * this leaves there. NULL: nothing to do, in a kernel of one pass.
	 */
	void (*between)(void *ctx, unsigned pass, struct partial *partials,
			size_t tiles);

	/*
	 * Of a map. poison() fills the output of [begin, end) with values that
	 * run() would not write; check() is true if the output of [begin, end)
	 * is right. Both are NULL in a reduction.
	 */
	void (*poison)(void *ctx, size_t begin, size_t end);
	bool (*check)(const void *ctx, size_t begin, size_t end);

	/*
	 * Of a reduction. combine() folds the partials, in their order, into
	 * *result, and sets every word of it, unused ones to 0. expect() is
	 * true if *result is what the closed form for n items gives, within a
	 * tolerance that grows with n; NULL: there is no closed form.
	 */
	void (*combine)(const struct partial *partials, size_t tiles,
			struct partial *result);
	bool (*expect)(const void *ctx, size_t n, const struct partial *result);
};

/*
 * The name of the kernel in a shared object of your own. This declaration
 * exports it even from C++, where a const is private to its file and names are
 * mangled, and with -fvisibility=hidden.
 */
extern const struct kernel breakeven_kernel
	__attribute__((visibility("default")));

static inline size_t kernel_width(const struct kernel *kernel)
{
	return kernel->width ? kernel->width : 1;
}

static inline unsigned kernel_passes(const struct kernel *kernel)
{
	return kernel->passes ? kernel->passes : 1;
}

#ifdef __cplusplus
}
#endif

#endif

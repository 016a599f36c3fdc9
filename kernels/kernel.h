/* SPDX-License-Identifier: MIT */
/*
 * A kernel: what is computed. It is data plus functions over a range, and
 * never learns who calls them. docs/adding-a-kernel.md walks through one.
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
 * The serial loop that every kernel stands for, under any runner:
 *
 *	for (p = 0; p < passes; p++) {
 *		for (t = 0; t < tiles; t++)
 *			run(ctx, begin(t), end(t), &partials[t * width]);
 *		between(ctx, p, partials, tiles);
 *	}
 *	combine(partials, tiles, &result);
 *
 * Partials are kept per tile and combined in the order of the tiles, and the
 * tiles depend on n and grain alone. So every runner, at every number of
 * workers, returns the same bits. Only the loop over t is handed to a runner:
 * a pass ends when all of its tiles have, and runners never learn of passes.
 */
struct kernel {
	unsigned abi;	     /* KERNEL_ABI; first, for kernels loaded later */
	const char *name;    /* equals the file's stem */
	const char *formula; /* "s += a[i] * b[i]" */
	double bytes, flops; /* moved and done, per item */

	/* Items that make a tile of one to two microseconds, so that a call
	 * per tile costs under 1 %; 1 for items that are heavy. */
	size_t grain;

	const struct option_spec *options; /* ends with key == NULL, or NULL */

	/* The grain where options change it; NULL: they do not. */
	size_t (*grain_for)(const union option_value *options);

	size_t ctx_size; /* bytes of the context */

	/* Partials that a tile contributes, PARTIAL_WIDTH_MAX at most: its slot
	 * is out[0] to out[width - 1]. 0 means 1. */
	size_t width;

	unsigned passes; /* of a call; 0 means 1 */

	/*
	 * Make *ctx (ctx_size zeroed bytes) ready for n items: take memory
	 * from the arena, touch none of it. 0, or -errno of the arena.
	 */
	int (*setup)(void *ctx, struct arena *arena, size_t n,
		     const union option_value *options);

	tile_fn *fill; /* write the input of [begin, end); NULL: no input */
	tile_fn *run;

	/*
	 * The memory of the arena that run() touches in [begin, end), as things
	 * stand in *ctx, for workers that have none of it. NULL: none.
	 */
	spans_fn *spans;

	/*
	 * Called by the caller alone when pass `pass` has been joined, the last
	 * one too: make *ctx ready for the next pass, after the last one for
	 * the first pass of the next call. It may rewrite the partials: what it
	 * leaves in a tile's slot is there when the next pass runs that tile.
	 * NULL where there is nothing to do, in a kernel of one pass.
	 */
	void (*between)(void *ctx, unsigned pass, struct partial *partials,
			size_t tiles);

	/*
	 * Maps. poison() spoils the output of [begin, end) with values that
	 * run() would not write; check() is true when the output of
	 * [begin, end) is right. Both NULL in a reduction.
	 */
	void (*poison)(void *ctx, size_t begin, size_t end);
	bool (*check)(const void *ctx, size_t begin, size_t end);

	/*
	 * Reductions. combine() folds the partials, in their order, into
	 * *result (every word of it, unused ones with 0). expect() is true
	 * when *result is what the closed form for n items gives, within a
	 * tolerance that grows with n; NULL where there is none.
	 */
	void (*combine)(const struct partial *partials, size_t tiles,
			struct partial *result);
	bool (*expect)(const void *ctx, size_t n, const struct partial *result);
};

/*
 * What a shared object of your own calls its kernel. Declared here, so that it
 * is found however the object is compiled: in C++ too, where a const is private
 * to its file and names are mangled, and with -fvisibility=hidden.
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

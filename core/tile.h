/* SPDX-License-Identifier: MIT */
/*
 * The interface between a kernel and a runner: a function over a range, and the
 * slot for what the range contributes. Neither side knows more of the other.
 */
#ifndef BREAKEVEN_CORE_TILE_H
#define BREAKEVEN_CORE_TILE_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CACHE_LINE 64

enum { PARTIAL_WIDTH_MAX = 64 }; /* partials of one tile, at most */

/*
 * One tile's contribution to a reduction. A kernel decides which member it
 * uses. Each fills a cache line, so that two workers that finish neighbouring
 * tiles do not write to the same line.
 */
struct partial {
	union {
		alignas(CACHE_LINE) double f64[8];
		int64_t i64[8];
		uint64_t u64[8];
	};
};

static_assert(sizeof(struct partial) == CACHE_LINE, "one partial, one line");

/*
 * Compute items [begin, end). Store (do not add) this tile's contribution to
 * *out once, at the end; job.width partials begin there. A map does not write
 * *out. Called in several threads or processes at once, on disjoint ranges.
 */
typedef void tile_fn(const void *ctx, size_t begin, size_t end,
		     struct partial *out);

/* Memory that a range of items reads or, with `out`, writes. */
struct span {
	void *base;
	size_t size; /* bytes */
	bool out;
};

enum { SPANS_MAX = 4 }; /* of one range */

/*
 * All memory besides ctx and partials that the items of [begin, end) touch:
 * their part of each array. Fills at most SPANS_MAX `spans` and returns how
 * many. A worker that does not share the caller's memory gets what is read
 * before it runs the range, and sends back what it wrote.
 */
typedef size_t spans_fn(const void *ctx, size_t begin, size_t end,
			struct span *spans);

/* The span of items [begin, end), of `size` bytes each, that are read. */
static inline struct span span_in(void *array, size_t size, size_t begin,
				  size_t end)
{
	struct span span = {(char *)array + begin * size, (end - begin) * size,
			    false};

	return span;
}

/* The same for items that are written. */
static inline struct span span_out(void *array, size_t size, size_t begin,
				   size_t end)
{
	struct span span = {(char *)array + begin * size, (end - begin) * size,
			    true};

	return span;
}

#ifdef __cplusplus
}
#endif

#endif

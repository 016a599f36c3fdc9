/* SPDX-License-Identifier: MIT */
/*
 * The option `store` of maps: do results go past the caches? A normal store
 * first reads the line that it overwrites. A streaming store does not, but its
 * result is in no cache then. The bits are the same.
 */
#ifndef BREAKEVEN_KERNELS_STREAM_H
#define BREAKEVEN_KERNELS_STREAM_H

#include "core/spec.h"
#include "kernels/caches.h"
#include "kernels/pages.h"
#include "kernels/vector.h"

#include <stdbool.h>
#include <stdint.h>

enum { STREAM_STORE };
enum { STORE_AUTO, STORE_NORMAL, STORE_STREAM };

/* For kernels that have no other option. */
static const struct option_spec stream_options[] = {
	[STREAM_STORE] = {.key = "store",
			  .type = OPTION_CHOICE,
			  .choices = "auto|normal|stream",
			  .fallback = "auto",
			  .help = "results go to the caches, or past them"},
	{.key = NULL},
};

/*
 * Should a kernel that reads and writes `bytes` in a call stream? `auto`: if
 * they exceed the caches.
 *
 * The time with normal stores divided by the time with streaming stores, on the
 * Xeon of results/reference (2 CPUs with 2 MiB of second level each, 480 MiB of
 * third level; a memory file, calls back to back, medians of pairs):
 *
 *	workers          32 KiB  1 MiB  4 MiB  8 MiB  64 MiB  1 GiB
 *	square_map_f64 1   0.16   0.45   1.32   1.32    1.83   1.75
 *	               2   0.43   0.50   0.86   1.54    1.88   1.73
 *	triad          1   0.19   0.48   1.15   1.08    1.57   1.41
 *	               2   0.47   0.50   0.82   1.19    1.53   1.41
 *
 * So streaming is better there for data beyond the second level, although it
 * fits the third. Faster third levels, as in desktops, were not measured:
 * compare store=normal there.
 */
static inline bool stream_wanted(const union option_value *options,
				 size_t bytes)
{
	if (options[STREAM_STORE].choice != STORE_AUTO)
		return options[STREAM_STORE].choice == STORE_STREAM;
	return caches_exceeded(bytes);
}

/* The first of items [begin, end) at which a vector can be stored; `end`: none.
 * Items before it take normal stores. */
static inline size_t stream_begin(const void *items, size_t begin, size_t end)
{
	size_t past = ((uintptr_t)items / 8 + begin) % VECTOR_LANES;
	size_t first = past ? begin + VECTOR_LANES - past : begin;

	return first < end ? first : end;
}

/* Store past the caches, at a multiple of VECTOR_BYTES. */
static inline void stream_store(double *to, vector value)
{
#if defined(__AVX512F__)
	_mm512_stream_pd(to, (__m512d)value);
#elif defined(__AVX__)
	_mm256_stream_pd(to, (__m256d)value);
#elif defined(__SSE2__)
	_mm_stream_pd(to, (__m128d)value);
#else
	*(vector *)to = value;
#endif
}

/* Call this before a tile ends: otherwise streaming stores are not ordered
 * before the store that signals the worker's arrival. */
static inline void stream_end(void)
{
#if defined(__SSE2__)
	_mm_sfence();
#endif
}

/* Return the VECTOR_LANES results from item i on; store those of [begin, end).
 */
typedef vector stream_vector(const void *ctx, size_t i);
typedef void stream_items(const void *ctx, size_t begin, size_t end);

enum { STREAM_AT_ONCE = 4 /* vectors that are read before they are stored */ };

/* Whole blocks of pages side by side, from i on; returns their end. */
static inline __attribute__((always_inline)) size_t stream_pages(
	double *to, size_t i, size_t end, const void *ctx,
	stream_vector *vectors)
{
	for (; i + PAGES_BLOCK <= end; i += PAGES_BLOCK)
		for (size_t j = i; j < i + PAGE; j += VECTOR_LANES)
#pragma GCC unroll 4
			for (size_t p = 0; p < PAGES_BLOCK; p += PAGE)
				stream_store(&to[j + p], vectors(ctx, j + p));
	return i;
}

/* The same, one page after the other. */
static inline __attribute__((always_inline)) size_t stream_straight(
	double *to, size_t i, size_t end, const void *ctx,
	stream_vector *vectors)
{
	const size_t step = STREAM_AT_ONCE * VECTOR_LANES;
	vector some[STREAM_AT_ONCE];

	for (; i + step <= end; i += step) {
#pragma GCC unroll 4
		for (size_t v = 0; v < STREAM_AT_ONCE; v++)
			some[v] = vectors(ctx, i + v * VECTOR_LANES);
#pragma GCC unroll 4
		for (size_t v = 0; v < STREAM_AT_ONCE; v++)
			stream_store(&to[i + v * VECTOR_LANES], some[v]);
	}
	return i;
}

/*
 * for (i = begin; i < end; i++) y[i] = f(i), past the caches. f comes in two
 * forms: for vectors, and for the items at both ends that do not fill one.
 */
static inline __attribute__((always_inline)) void stream_map(
	void *y, size_t begin, size_t end, const void *ctx,
	stream_vector *vectors, stream_items *items)
{
	double *to = y;
	size_t i = stream_begin(y, begin, end);

	items(ctx, begin, i);
	if (pages_pay())
		i = stream_pages(to, i, end, ctx, vectors);
	else
		i = stream_straight(to, i, end, ctx, vectors);
	for (; i + VECTOR_LANES <= end; i += VECTOR_LANES)
		stream_store(&to[i], vectors(ctx, i));
	items(ctx, i, end);
	stream_end();
}

#endif

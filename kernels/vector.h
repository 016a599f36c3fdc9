/* SPDX-License-Identifier: MIT */
/*
 * The widest vectors of doubles that the compiler may use, for loops that it
 * does not vectorise well by itself. The width may change how many items are
 * computed at once, but not the result of any.
 */
#ifndef BREAKEVEN_KERNELS_VECTOR_H
#define BREAKEVEN_KERNELS_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#	include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif

enum { VECTOR_LANES = VECTOR_BYTES / sizeof(double) };

/* Lanes of doubles, and of the results of comparing two: -1 or 0. */
typedef double vector __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int64_t vector_mask __attribute__((vector_size(VECTOR_BYTES)));

/* Vectors at any address that is aligned for one eight-byte item. */
typedef double loose_f64
	__attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
typedef int64_t loose_i64
	__attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));

/* `value` in every lane. */
static inline vector vector_make(double value)
{
	return (vector){0} + value;
}

/* The VECTOR_LANES doubles that begin at `items`. */
static inline vector vector_load(const double *items)
{
	return (vector) * (const loose_f64 *)items;
}

/* The same value, kept in a register: the compiler would load it again for a
 * second use. */
static inline vector vector_keep(vector value)
{
#if defined(__SSE2__)
	__asm__("" : "+v"(value));
#endif
	return value;
}

/* The first n of the VECTOR_LANES doubles at `items`, at least one and not all.
 * Does not read the others: `other` is in their lanes. */
static inline vector vector_load_some(const double *items, size_t n,
				      double other)
{
#if defined(__AVX512F__)
	return (vector)_mm512_mask_loadu_pd(_mm512_set1_pd(other),
					    (__mmask8)((1U << n) - 1), items);
#elif defined(__AVX__)
	const vector_mask place = {0, 1, 2, 3};
	__m256i mask = (__m256i)(place < (int64_t)n);

	return (vector)_mm256_blendv_pd(_mm256_set1_pd(other),
					_mm256_maskload_pd(items, mask),
					(__m256d)mask);
#else
	(void)n;
	return (vector){items[0], other};
#endif
}

static inline void vector_store(double *items, vector value)
{
	*(loose_f64 *)items = value;
}

/* a < b ? a : b and a > b ? a : b in each lane. Written out, since a compiler
 * does not recognise it in every loop. */
static inline vector vector_smaller(vector a, vector b)
{
#if defined(__AVX512F__)
	return (vector)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX__)
	return (vector)_mm256_min_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
	return (vector)_mm_min_pd((__m128d)a, (__m128d)b);
#else
	for (int l = 0; l < VECTOR_LANES; l++)
		b[l] = a[l] < b[l] ? a[l] : b[l];
	return b;
#endif
}

static inline vector vector_larger(vector a, vector b)
{
#if defined(__AVX512F__)
	return (vector)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif defined(__AVX__)
	return (vector)_mm256_max_pd((__m256d)a, (__m256d)b);
#elif defined(__SSE2__)
	return (vector)_mm_max_pd((__m128d)a, (__m128d)b);
#else
	for (int l = 0; l < VECTOR_LANES; l++)
		b[l] = a[l] > b[l] ? a[l] : b[l];
	return b;
#endif
}

/* Swap each run of `half` lanes with the next one; `half` is 1, 2 or 4, and
 * less than VECTOR_LANES. */
static inline __attribute__((always_inline)) vector vector_swap(vector value,
								int half)
{
#if defined(__AVX512F__)
	const __m512d v = (__m512d)value;

	return (vector)(half == 4   ? _mm512_shuffle_f64x2(v, v, 0x4e)
			: half == 2 ? _mm512_shuffle_f64x2(v, v, 0xb1)
				    : _mm512_permute_pd(v, 0x55));
#elif defined(__AVX__)
	const __m256d v = (__m256d)value;

	return (vector)(half == 2 ? _mm256_permute2f128_pd(v, v, 0x01)
				  : _mm256_permute_pd(v, 0x5));
#else
	(void)half;
	return (vector){value[1], value[0]};
#endif
}

#endif

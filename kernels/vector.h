/* SPDX-License-Identifier: MIT */
/*
 * The widest vectors of doubles that the compiler may use, for loops that it
 * does not vectorise well by itself. Only how many items are under way at once
 * may depend on the width, never what is computed for one.
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

/* Lanes of doubles, and of what comparing two of those gives: -1 or 0. */
typedef double vector __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef int64_t vector_mask __attribute__((vector_size(VECTOR_BYTES)));

/* Eight-byte items at any address that is right for one of them. */
typedef double loose_f64
	__attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
typedef int64_t loose_i64
	__attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));

/* The VECTOR_LANES doubles that begin at `items`. */
static inline vector vector_load(const double *items)
{
	return (vector) * (const loose_f64 *)items;
}

static inline void vector_store(double *items, vector value)
{
	*(loose_f64 *)items = value;
}

/* Lane by lane a < b ? a : b, and a > b ? a : b: written out, since whether a
 * compiler sees it in a loop hangs on the loops around. */
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

#endif

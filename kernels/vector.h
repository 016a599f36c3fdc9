/* SPDX-License-Identifier: MIT */
/*
 * The widest vectors of doubles that the compiler may use, for loops that it
 * does not vectorise well by itself. Only how many items are under way at once
 * may depend on the width, never what is computed for one.
 */
#ifndef BREAKEVEN_KERNELS_VECTOR_H
#define BREAKEVEN_KERNELS_VECTOR_H

#include <stdint.h>

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

#endif

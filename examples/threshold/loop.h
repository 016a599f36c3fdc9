/* SPDX-License-Identifier: MIT */
/*
 * The loop of this example. The kernel measures it and the program runs it,
 * compiled with the same flags: a threshold holds for one loop, on one machine.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stddef.h>

/* The square root of 1 to 4, by Heron's rule. */
static inline double root(double x)
{
	double y = (1 + x) / 2;

	for (int step = 0; step < 4; step++)
		y = (y + x / y) / 2;
	return y;
}

/* Items [begin, end). */
__attribute__((always_inline)) static inline void roots(
	double *restrict y, const double *restrict x, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		y[i] = root(x[i]);
}

#endif

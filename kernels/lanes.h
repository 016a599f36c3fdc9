/* SPDX-License-Identifier: MIT */
/*
 * Reductions over doubles keep this many accumulators, item i going to lane
 * (i - begin) % LANES. A single one would wait four cycles for each addition;
 * 32 fill two pipes of any vector width up to 512 bits. The number is part of
 * what a kernel computes: it never depends on the instruction set.
 */
#ifndef BREAKEVEN_KERNELS_LANES_H
#define BREAKEVEN_KERNELS_LANES_H

enum { LANES = 32 };

/* The sum of `count` lanes, a power of two, by halves; spoils them. */
static inline double lanes_sum(double *lanes, int count)
{
	for (int width = count / 2; width > 0; width /= 2)
		for (int l = 0; l < width; l++)
			lanes[l] += lanes[l + width];
	return lanes[0];
}

#endif

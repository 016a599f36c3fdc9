/* SPDX-License-Identifier: MIT */
/*
 * The data of `triad`, for the kernel and its control.
 */
#ifndef BREAKEVEN_KERNELS_TRIAD_H
#define BREAKEVEN_KERNELS_TRIAD_H

#include <stdbool.h>

#define TRIAD_S 3.0

struct triad {
	double *a, *b, *c;
	bool stream;
};

#endif

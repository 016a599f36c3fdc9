/* SPDX-License-Identifier: MIT */
/*
 * The data of `dot`, for the kernel and its control.
 */
#ifndef BREAKEVEN_KERNELS_DOT_H
#define BREAKEVEN_KERNELS_DOT_H

struct dot {
	double *a, *b;
};

#endif

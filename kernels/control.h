/* SPDX-License-Identifier: MIT */
/*
 * A control: a kernel's whole loop as one would write it by hand for a runner,
 * over the same data. Measured beside that runner, it says what tiles, calls
 * through pointers and partials cost.
 */
#ifndef BREAKEVEN_KERNELS_CONTROL_H
#define BREAKEVEN_KERNELS_CONTROL_H

#include "core/tile.h"

struct control {
	unsigned abi;	    /* KERNEL_ABI; first, as it is loaded later */
	const char *kernel; /* equals the file's stem */

	/*
	 * Do all n items, with what the library has for workers. ctx is the
	 * kernel's. A reduction leaves in *result what combine() would, but for
	 * the order in which floating-point numbers are added.
	 */
	void (*run)(const void *ctx, size_t n, struct partial *result);
};

#endif

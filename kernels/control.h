/* SPDX-License-Identifier: MIT */
/*
 * A control: a kernel's whole loop, written by hand for a runner, over the same
 * data. Measured beside that runner, it shows what tiles, calls through
 * pointers and partials cost.
 */
#ifndef BREAKEVEN_KERNELS_CONTROL_H
#define BREAKEVEN_KERNELS_CONTROL_H

#include "core/tile.h"

struct control {
	unsigned abi;	    /* KERNEL_ABI; first, as in struct kernel */
	const char *kernel; /* equals the file's stem */

	/*
	 * Compute all n items with the library's workers. ctx is the kernel's.
	 * A reduction writes to *result what combine() would, except for the
	 * order of floating-point additions.
	 */
	void (*run)(const void *ctx, size_t n, struct partial *result);
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Loops over several pages at a time. The hardware's prefetchers follow a
 * stream of lines to the end of its page of 4 KiB and start again in the next
 * page. In a loop over PAGES pages side by side, the other streams go on while
 * one starts. memcpy() of the GNU C library does the same in large copies.
 *
 * Measured on the Xeon of results/reference, one worker, a memory file of pages
 * of 4 KiB, against the best loop over one page after the other:
 *
 *	                  64 MiB   1 GiB
 *	sum                 1.07    1.06
 *	minmax              1.14    1.12
 *	square_map_f64      1.03    1.19   (streaming stores)
 */
#ifndef BREAKEVEN_KERNELS_PAGES_H
#define BREAKEVEN_KERNELS_PAGES_H

#include <stdbool.h>

enum {
	PAGES = 4,
	PAGE = 512, /* eight-byte items */
	PAGES_BLOCK = PAGES * PAGE,
};

/*
 * Does that pay on this CPU? On a Zen 5 (48 KiB, 1 MiB and 32 MiB of caches),
 * whose prefetchers go on across pages, one page after the other is faster:
 *
 *	                  1 MiB   64 MiB   1 GiB
 *	sum                1.14     0.98    1.00
 *	minmax             1.12     1.28    1.19
 *	square_map_f64              1.20    1.12   (streaming stores)
 *
 * Other vendors' CPUs were not measured. All runners of a run are on one
 * machine and take the same way, so their results have the same bits.
 */
static inline bool pages_pay(void)
{
#if defined(__x86_64__) || defined(__i386__)
	return __builtin_cpu_is("intel");
#else
	return false;
#endif
}

#endif

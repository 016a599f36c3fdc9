/* SPDX-License-Identifier: MIT */
/*
 * How much more memory can be used before the kernel kills a process for it.
 */
#ifndef BREAKEVEN_SYSTEM_HEADROOM_H
#define BREAKEVEN_SYSTEM_HEADROOM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes that the machine has available and that the limits of our control
 * groups leave; file caches count as free. UINT64_MAX if neither is known.
 * /proc and /sys are looked up below `root`, which is "" for the machine's own.
 *
 * The kernel does not refuse pages beyond that: it kills.
 */
uint64_t headroom(const char *root);

/* Does a control group of ours limit memory? */
bool headroom_is_limited(const char *root);

/*
 * Bytes that a measurement may plan to fill if its processes take `taken` more.
 * That is half of what is left, without swap: the page cache and other programs
 * need some. It is at most half of the address space that a process may have.
 * *limit becomes a static text for what it is half of: "the memory that is
 * available here".
 */
uint64_t headroom_plan(const char *root, uint64_t taken, const char **limit);

#endif

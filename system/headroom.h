/* SPDX-License-Identifier: MIT */
/*
 * How much more memory may be taken before a process is killed for it.
 */
#ifndef BREAKEVEN_SYSTEM_HEADROOM_H
#define BREAKEVEN_SYSTEM_HEADROOM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bytes that the machine has available and that the limits of our control
 * groups leave: file caches count as free. UINT64_MAX where nothing says.
 * `root` ("" for the machine's own) is what /proc and /sys are looked up below.
 *
 * The kernel itself does not refuse pages beyond: it kills.
 */
uint64_t headroom(const char *root);

/* Does a control group of ours limit memory? */
bool headroom_is_limited(const char *root);

/*
 * Bytes that a measurement may plan to fill, if it takes `taken` more for its
 * processes: half of the rest, without swap, for the page cache and others need
 * some; and at most half of the address space that a process may have. *limit
 * says of what it is half: "the memory that is available here".
 */
uint64_t headroom_plan(const char *root, uint64_t taken, const char **limit);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How much more memory may be taken before somebody is killed for it.
 */
#ifndef BREAKEVEN_SYSTEM_HEADROOM_H
#define BREAKEVEN_SYSTEM_HEADROOM_H

#include <stdint.h>

/*
 * Bytes that the machine has available and that the limits of our control
 * groups leave: file caches count as free. UINT64_MAX where nothing says.
 * `root` ("" for the machine's own) is what /proc and /sys are looked up below.
 *
 * The kernel itself does not refuse pages beyond: it kills.
 */
uint64_t headroom(const char *root);

#endif

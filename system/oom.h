/* SPDX-License-Identifier: MIT */
/*
 * Processes that the kernel has killed because memory ran out.
 */
#ifndef BREAKEVEN_SYSTEM_OOM_H
#define BREAKEVEN_SYSTEM_OOM_H

#include <stdint.h>

/* How many processes of our control group (v1 or v2) the kernel has killed; if
 * no group counts them, of the machine. `root` is as in headroom.h. */
uint64_t oom_kills(const char *root);

/* The reason, a static text: "out of memory in its control group" if a group
 * limits memory, else "out of memory on this machine". */
const char *oom_reason(const char *root);

/* The reason, if the kernel has killed one since oom_kills() returned `kills`;
 * else NULL. */
const char *oom_since(const char *root, uint64_t kills);

#endif

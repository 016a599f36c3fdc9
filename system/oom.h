/* SPDX-License-Identifier: MIT */
/*
 * Processes that the kernel killed for lack of memory.
 */
#ifndef BREAKEVEN_SYSTEM_OOM_H
#define BREAKEVEN_SYSTEM_OOM_H

#include <stdint.h>

/* How many of our control group (v1 or v2) were killed so far; of the machine,
 * if no group counts them. `root` is as in headroom.h. */
uint64_t oom_kills(const char *root);

/* Why the kernel kills one now: "out of memory in its control group", if a
 * group limits memory, else "out of memory on this machine". */
const char *oom_reason(const char *root);

/* That, if one was killed since oom_kills() was `kills`; else NULL. */
const char *oom_since(const char *root, uint64_t kills);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a sandbox or an old kernel takes away: system calls that are refused
 * (EPERM, EACCES, ENOSYS, EOPNOTSUPP), /proc and /sys, a clock. Each that
 * measuring uses is tried once, here, before anything else, so that a user
 * learns in one line what is missing and what follows.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_SANDBOX_H
#define BREAKEVEN_BENCH_MACHINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum { SANDBOX_TEXT_MAX = 1024 };

/*
 * Try them all. 0, and `text` says what is refused but can be done without, or
 * is empty; -errno where one is refused that cannot, which `text` names.
 */
int sandbox_try(char text[SANDBOX_TEXT_MAX]);

/* May this process bind its threads? False if the kernel refuses that here, as
 * sandbox_try() has said. */
bool sandbox_may_bind(void);

#endif

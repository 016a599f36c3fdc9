/* SPDX-License-Identifier: MIT */
/*
 * One holder at a time on this machine: a name of an abstract socket, which
 * leaves no file and ends with its holder, however that ends. Containers that
 * have a network of their own do not see it.
 */
#ifndef BREAKEVEN_SYSTEM_MACHINE_LOCK_H
#define BREAKEVEN_SYSTEM_MACHINE_LOCK_H

#include <sys/types.h>

/* A descriptor that holds the lock until it is closed; -EADDRINUSE: another
 * has it; another -errno: there are no such locks here. */
int machine_lock_try(const char *name);

/* A descriptor to poll() for POLLIN or POLLHUP, which comes when the holder has
 * ended; *holder is its process, or 0. -errno: it has just ended, as may be, or
 * too many are waiting. */
int machine_lock_watch(const char *name, pid_t *holder);

#endif

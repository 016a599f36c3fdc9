/* SPDX-License-Identifier: MIT */
/*
 * Starting another program as a child, which copies no page table as a fork
 * does. That it does not outlive its parent is its own affair:
 * child_die_with().
 */
#ifndef BREAKEVEN_SYSTEM_CHILD_SPAWN_H
#define BREAKEVEN_SYSTEM_CHILD_SPAWN_H

#include <spawn.h>

/* Set the signals that child_fork() gives a child, and these flags of
 * posix_spawnattr_setflags() as well. 0 or an errno. */
int child_spawn_attributes(posix_spawnattr_t *attributes, short flags);

/* posix_spawn() with our environment, with the retries of retry.h. 0, or an
 * errno; then *pid says nothing. */
int child_spawn(pid_t *pid, const char *path,
		const posix_spawn_file_actions_t *files,
		const posix_spawnattr_t *attributes, char *const argv[]);

#endif

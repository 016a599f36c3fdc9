/* SPDX-License-Identifier: MIT */
/*
 * Forking the workers of a team.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_WORKER_FORK_H
#define BREAKEVEN_RUNNERS_PROCESS_WORKER_FORK_H

#include "runners/runner.h"

/*
 * Before the first fork, in a process of ours: see that it has no other
 * threads, whose locks a child would copy, and that the kernel keeps the exit
 * statuses of its children. 0, or -EBUSY with team->error filled.
 */
int worker_fork_prepare(struct team *team);

/* child_fork() for `worker` of the team; after -errno team->error is filled. */
pid_t worker_fork(struct team *team, unsigned worker);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Binds the threads of a library's pool: each thread runs one task, in which it
 * waits for all others, so that no thread runs two of them.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_BIND_BARRIER_H
#define BREAKEVEN_RUNNERS_POOL_BIND_BARRIER_H

#include "runners/runner.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bind_barrier {
	struct team *team;
	unsigned arrived; /* 0 to begin with */
};

/* As `worker` of the team: team_bind() the calling thread, and return when all
 * workers of the team have done so. */
void bind_barrier_wait(struct bind_barrier *barrier, unsigned worker);

#ifdef __cplusplus
}
#endif

#endif

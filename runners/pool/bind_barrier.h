/* SPDX-License-Identifier: MIT */
/*
 * How the threads of somebody else's pool are bound: each runs one task, in
 * which it waits for all others, so that none can run two.
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

/* As `worker` of the team: bind the calling thread, as team_bind(), and return
 * when all of the team have come. */
void bind_barrier_wait(struct bind_barrier *barrier, unsigned worker);

#ifdef __cplusplus
}
#endif

#endif

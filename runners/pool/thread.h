/* SPDX-License-Identifier: MIT */
/*
 * Threads that start on the CPU of their worker.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_THREAD_H
#define BREAKEVEN_RUNNERS_POOL_THREAD_H

#include "runners/runner.h"

#include <pthread.h>

/*
 * Start a thread as `worker` of the team, bound to its CPU from the beginning:
 * a thread that begins on the caller's CPU has to be scheduled there before it
 * can move away. If it cannot be bound, it starts unbound. 0 or -errno, with
 * team->error filled; -EAGAIN only after the retries of retry.h, 31 ms later.
 */
int thread_start(struct team *team, unsigned worker, void *(*body)(void *),
		 void *arg, pthread_t *thread);

#endif

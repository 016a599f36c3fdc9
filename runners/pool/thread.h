/* SPDX-License-Identifier: MIT */
/*
 * Threads that start on the CPU of their worker.
 */
#ifndef BREAKEVEN_RUNNERS_POOL_THREAD_H
#define BREAKEVEN_RUNNERS_POOL_THREAD_H

#include "runners/runner.h"

#include <pthread.h>

/*
 * Start a thread as `worker` of the team. It begins on its CPU, rather than
 * on the caller's, from where it would first have to be scheduled to move
 * away. 0 or -errno, told in team->error; -EAGAIN only after the retries of
 * retry.h, 31 ms later.
 */
int thread_start(struct team *team, unsigned worker, void *(*body)(void *),
		 void *arg, pthread_t *thread);

#endif

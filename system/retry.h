/* SPDX-License-Identifier: MIT */
/*
 * Retries after EAGAIN, which fork() and pthread_create() return at a limit on
 * processes and threads: others may end soon.
 */
#ifndef BREAKEVEN_SYSTEM_RETRY_H
#define BREAKEVEN_SYSTEM_RETRY_H

#include <errno.h>
#include <stdbool.h>
#include <time.h>

/* Naps of 1, 2, 4, 8 and 16 ms: 31 ms in all. */
enum { RETRY_MAX = 5 };

/* After a failure with `error` (an errno, positive) and `tries` naps before it:
 * is another try worth while? If so, nap first, twice as long as before. */
static inline bool retry_nap(int error, unsigned tries)
{
	const struct timespec nap = {.tv_nsec = 1000000L << tries};

	if (error != EAGAIN || tries >= RETRY_MAX)
		return false;
	nanosleep(&nap, NULL);
	return true;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Retries after EAGAIN, which a limit on processes and threads gives, and
 * which passes when others have ended soon.
 */
#ifndef BREAKEVEN_SYSTEM_RETRY_H
#define BREAKEVEN_SYSTEM_RETRY_H

#include <errno.h>
#include <stdbool.h>
#include <time.h>

/* Naps of 1, 2, 4, 8 and 16 ms: 31 ms in all. */
enum { RETRY_MAX = 5 };

/* What failed with `error`, after `tries` naps: is it worth another try? If
 * so, returns after a nap that is twice as long as the one before. */
static inline bool retry_nap(int error, unsigned tries)
{
	const struct timespec nap = {.tv_nsec = 1000000L << tries};

	if (error != EAGAIN || tries >= RETRY_MAX)
		return false;
	nanosleep(&nap, NULL);
	return true;
}

#endif

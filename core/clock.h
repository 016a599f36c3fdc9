/* SPDX-License-Identifier: MIT */
/*
 * The clock for all timing.
 */
#ifndef BREAKEVEN_CORE_CLOCK_H
#define BREAKEVEN_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* The time of clock `id` in ns. */
static inline int64_t clock_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* CLOCK_MONOTONIC in ns. */
static inline int64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* The same in seconds. */
static inline double now_s(void)
{
	return (double)now_ns() * 1e-9;
}

#endif

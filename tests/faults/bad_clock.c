/* SPDX-License-Identifier: MIT */
/*
 * To be preloaded: every clock goes in steps of BAD_CLOCK nanoseconds or, where
 * that is 0, stands still.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int clock_gettime(clockid_t id, struct timespec *time)
{
	const char *text = getenv("BAD_CLOCK");
	int64_t step = text ? strtoll(text, NULL, 10) : 1, ns = 1000000000;
	int rc = (int)syscall(SYS_clock_gettime, id, time);

	if (step > 0) {
		ns = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
		ns -= ns % step;
	}
	time->tv_sec = ns / 1000000000;
	time->tv_nsec = ns % 1000000000;
	return rc;
}

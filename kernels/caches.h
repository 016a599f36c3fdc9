/* SPDX-License-Identifier: MIT */
/*
 * Does data fit the caches?
 */
#ifndef BREAKEVEN_KERNELS_CACHES_H
#define BREAKEVEN_KERNELS_CACHES_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/*
 * True if a call that touches `bytes` finds little of them in the second-level
 * caches: from twice their size on all CPUs. False if their size is unknown.
 * The answer must be the same for every runner, so it does not depend on the
 * number of workers.
 */
static inline bool caches_exceeded(size_t bytes)
{
	long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	return cache > 0 && cpus > 0 &&
	       bytes / 2 / (size_t)cache >= (size_t)cpus;
}

#endif

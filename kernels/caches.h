/* SPDX-License-Identifier: MIT */
/*
 * What lies in the caches, and what does not.
 */
#ifndef BREAKEVEN_KERNELS_CACHES_H
#define BREAKEVEN_KERNELS_CACHES_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Whether calls that touch `bytes` will find little of them in the second-level
 * caches: from twice those of all CPUs on, and never where their size is
 * unknown. It must be the same for every runner, so it does not ask how many
 * workers there are.
 */
static inline bool caches_exceeded(size_t bytes)
{
	long cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	return cache > 0 && cpus > 0 &&
	       bytes / 2 / (size_t)cache >= (size_t)cpus;
}

#endif

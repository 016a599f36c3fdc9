/* SPDX-License-Identifier: MIT */
/*
 * The arena: one shared mapping with the data of all kernels, so that pages,
 * page size and faults are the same for every runner.
 */
#ifndef BREAKEVEN_CORE_ARENA_H
#define BREAKEVEN_CORE_ARENA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct arena {
	char *base;
	size_t size; /* bytes mapped */
	size_t used; /* bytes handed out since the last reset */
};

/*
 * Reserve `count` items of `size` bytes, aligned to a cache line, and return
 * their address; does not touch them. NULL with errno: EOVERFLOW, the product
 * overflows; ENOMEM, the arena is too small. Only arena_reset() frees them, all
 * at once.
 */
void *arena_take(struct arena *arena, size_t count, size_t size);

void arena_reset(struct arena *arena);

#ifdef __cplusplus
}
#endif

#endif

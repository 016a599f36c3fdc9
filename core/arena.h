/* SPDX-License-Identifier: MIT */
/*
 * The arena: where the data of all kernels lives. It is one shared mapping,
 * so that pages, page size and faults are the same for every runner.
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
 * where they are; nothing is touched. NULL with errno EOVERFLOW when the
 * product overflows, ENOMEM when the arena is too small. Never freed singly:
 * arena_reset() takes all back.
 */
void *arena_take(struct arena *arena, size_t count, size_t size);

void arena_reset(struct arena *arena);

#ifdef __cplusplus
}
#endif

#endif

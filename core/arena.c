/* SPDX-License-Identifier: MIT */
#include "core/arena.h"

#include "core/tile.h"

#include <errno.h>

/* Arrays of a multiple of the page size would all begin at the same offset in a
 * page. Loads from one then wait for stores to another whose addresses are
 * equal in their low bits. An odd number of lines between arrays avoids that.
 */
enum { STAGGER = 17 * CACHE_LINE };

static size_t next_begin(const struct arena *arena)
{
	size_t lines = arena->used / CACHE_LINE;

	if (arena->used == 0)
		return 0;
	return (lines + (arena->used % CACHE_LINE != 0)) * CACHE_LINE + STAGGER;
}

void *arena_take(struct arena *arena, size_t count, size_t size)
{
	size_t begin = next_begin(arena);
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = EOVERFLOW;
		return NULL;
	}
	if (begin > arena->size || bytes > arena->size - begin) {
		errno = ENOMEM;
		return NULL;
	}
	arena->used = begin + bytes;
	return arena->base + begin;
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Memory that stays shared with children forked later.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_SHM_H
#define BREAKEVEN_RUNNERS_PROCESS_SHM_H

#include <stddef.h>

/* `size` zeroed bytes, aligned to a page; NULL with errno set. The owner frees
 * them by shm_free() with the same size, which ignores NULL. */
void *shm_alloc(size_t size);
void shm_free(void *memory, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Memory that stays shared with children forked later.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_SHARED_H
#define BREAKEVEN_RUNNERS_PROCESS_SHARED_H

#include <stddef.h>

/* `size` zeroed bytes, aligned to a page. NULL with errno set. The owner
 * returns them with shared_free(), with the same size. */
void *shared_alloc(size_t size);
void shared_free(void *memory, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The memory of pool_alloc(): blocks of one long mapping of a memfd, made
 * before the workers are forked. The file grows as memory is needed. The list
 * of blocks is in the caller's private memory, where no task can overwrite it.
 */
#ifndef BREAKEVEN_LIB_STORE_H
#define BREAKEVEN_LIB_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct store_block;

struct store {
	char *base;
	size_t reserved; /* bytes that are mapped */
	size_t grown;	 /* bytes that have memory, from the beginning */
	int file;
	struct store_block
		*first; /* by address; they fill all that has grown */
};

/* Map as many bytes as the machine has memory, or fewer if the limits of the
 * process require. 0 or -errno. */
int store_open(struct store *store);
void store_close(struct store *store);

/* A block with memory behind it, aligned to a cache line. NULL with errno:
 * ENOMEM. */
void *store_take(struct store *store, size_t size);

/* Free a block. -EINVAL: no block in use begins there. */
int store_return(struct store *store, const void *memory);

/* Do all these bytes lie in the part of the store that has memory? */
bool store_holds(const struct store *store, const void *memory, size_t size);

/* Does `memory` begin in the store? */
bool store_meets(const struct store *store, const void *memory);

#endif

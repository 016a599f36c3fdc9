/* SPDX-License-Identifier: MIT */
/*
 * The memory of pool_alloc(): blocks of one long mapping, made before the
 * workers are forked and backed by memory as it is needed. What is where stands
 * in the caller's own memory, where no task can overwrite it.
 */
#ifndef BREAKEVEN_LIB_STORE_H
#define BREAKEVEN_LIB_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct store_block;

struct store {
	char *base;
	size_t reserved; /* bytes of addresses */
	size_t grown;	 /* of these there is memory behind so many */
	int file;
	struct store_block
		*first; /* by address; they fill all that has grown */
};

/* Reserve as many bytes as the machine has memory, or as the limits of the
 * process leave. 0 or -errno. */
int store_open(struct store *store);
void store_close(struct store *store);

/* NULL with errno: ENOMEM. Aligned to a cache line. Memory stands behind it. */
void *store_take(struct store *store, size_t size);

/* -EINVAL: no block in use begins there. */
int store_return(struct store *store, const void *memory);

/* Does memory stand here behind all these bytes? */
bool store_holds(const struct store *store, const void *memory, size_t size);

/* Does it begin here, at least? */
bool store_meets(const struct store *store, const void *memory);

#endif

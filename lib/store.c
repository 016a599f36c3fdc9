/* SPDX-License-Identifier: MIT */
#include "lib/store.h"

#include "core/tile.h"
#include "system/headroom.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

struct store_block {
	struct store_block *next;
	size_t begin, size; /* bytes; begin counts from the store's base */
	bool used;
};

enum {
	GROW_STEP = 1 << 16,  /* bytes; grow by a multiple of it */
	GROW_PART = 64 << 20, /* of one call, which a signal may repeat */
	RESERVE_MIN = 1 << 20,
};

static size_t round_up(size_t size, size_t unit)
{
	return (size + unit - 1) / unit * unit;
}

/* Growing a file beyond RLIMIT_FSIZE raises SIGXFSZ instead of an error. */
static size_t store_reservation(void)
{
	size_t size =
		(size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < size)
		size = limit.rlim_cur / GROW_STEP * GROW_STEP;
	return size;
}

int store_open(struct store *store)
{
	int rc;

	*store = (struct store){.reserved = store_reservation()};
	if (store->reserved == 0)
		return -EFBIG;
	store->file = memfd_create("pool", MFD_CLOEXEC);
	if (store->file < 0)
		return -errno;
	/* A limit on the address space may allow less. */
	do {
		store->base =
			mmap(NULL, store->reserved, PROT_READ | PROT_WRITE,
			     MAP_SHARED, store->file, 0);
	} while (store->base == MAP_FAILED && errno == ENOMEM &&
		 (store->reserved /= 2) >= RESERVE_MIN);
	if (store->base != MAP_FAILED)
		return 0;
	rc = -errno;
	close(store->file);
	return rc;
}

void store_close(struct store *store)
{
	for (struct store_block *next; store->first; store->first = next) {
		next = store->first->next;
		free(store->first);
	}
	munmap(store->base, store->reserved);
	close(store->file);
}

/* For systems that refuse fallocate(): write one byte to each page. */
static int store_write_part(const struct store *store, size_t begin,
			    size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t at = begin; at < begin + size; at += page)
		while (pwrite(store->file, "", 1, (off_t)at) != 1)
			if (errno != EINTR)
				return -ENOMEM;
	return ftruncate(store->file, (off_t)(begin + size)) < 0 ? -ENOMEM : 0;
}

static int store_back_part(const struct store *store, size_t begin, size_t size)
{
	while (fallocate(store->file, 0, (off_t)begin, (off_t)size) < 0) {
		if (errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP)
			return store_write_part(store, begin, size);
		if (errno != EINTR)
			return -ENOMEM;
	}
	return 0;
}

/* Give memory to the next `more` bytes, or to none of them. 0 or -errno. */
static int store_back(const struct store *store, size_t more)
{
	size_t part;

	if (more > store->reserved - store->grown || more > headroom(""))
		return -ENOMEM;
	for (size_t done = 0; done < more; done += part) {
		part = more - done < GROW_PART ? more - done : GROW_PART;
		if (store_back_part(store, store->grown + done, part) == 0)
			continue;
		return ftruncate(store->file, (off_t)store->grown) < 0
			       ? -errno
			       : -ENOMEM;
	}
	return 0;
}

/* Grow the store until its last block is free and has at least `size` bytes.
 * `last` is the last block so far. */
static struct store_block *store_grow(struct store *store,
				      struct store_block *last, size_t size)
{
	size_t has = last && !last->used ? last->size : 0;
	size_t more = round_up(size - has, GROW_STEP);
	struct store_block *block = has ? last : calloc(1, sizeof(*block));

	if (!block)
		return NULL;
	if (store_back(store, more) < 0) {
		if (!has)
			free(block);
		return NULL;
	}
	if (!has) {
		block->begin = store->grown;
		*(last ? &last->next : &store->first) = block;
	}
	block->size += more;
	store->grown += more;
	return block;
}

/* Make a block of its own from what a block has beyond `size`. */
static int store_split(struct store_block *block, size_t size)
{
	struct store_block *rest;

	if (block->size == size)
		return 0;
	rest = calloc(1, sizeof(*rest));
	if (!rest)
		return -ENOMEM;
	rest->next = block->next;
	rest->begin = block->begin + size;
	rest->size = block->size - size;
	block->next = rest;
	block->size = size;
	return 0;
}

void *store_take(struct store *store, size_t size)
{
	struct store_block *last = NULL, *block = store->first;

	if (size > SIZE_MAX / 2) {
		errno = ENOMEM;
		return NULL;
	}
	size = round_up(size, CACHE_LINE);
	while (block && (block->used || block->size < size)) {
		last = block;
		block = block->next;
	}
	if (!block)
		block = store_grow(store, last, size);
	if (!block || store_split(block, size) < 0) {
		errno = ENOMEM;
		return NULL;
	}
	block->used = true;
	return store->base + block->begin;
}

/* Merge a free block with the next one, if that is free, too. */
static void store_merge(struct store_block *block)
{
	struct store_block *next = block->next;

	if (block->used || !next || next->used)
		return;
	block->size += next->size;
	block->next = next->next;
	free(next);
}

int store_return(struct store *store, const void *memory)
{
	struct store_block *before = NULL, *block = store->first;

	while (block && store->base + block->begin != memory) {
		before = block;
		block = block->next;
	}
	if (!block || !block->used)
		return -EINVAL;
	block->used = false;
	store_merge(block);
	if (before)
		store_merge(before);
	return 0;
}

bool store_meets(const struct store *store, const void *memory)
{
	uintptr_t at = (uintptr_t)memory, base = (uintptr_t)store->base;

	return at >= base && at - base < store->reserved;
}

bool store_holds(const struct store *store, const void *memory, size_t size)
{
	size_t at = (size_t)((uintptr_t)memory - (uintptr_t)store->base);

	return store_meets(store, memory) && at <= store->grown &&
	       size <= store->grown - at;
}

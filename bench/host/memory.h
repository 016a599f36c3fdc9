/* SPDX-License-Identifier: MIT */
/*
 * What kind of memory the arena is made of, in the controller and in its hosts.
 */
#ifndef BREAKEVEN_BENCH_HOST_MEMORY_H
#define BREAKEVEN_BENCH_HOST_MEMORY_H

#include <stddef.h>

enum memory {
	MEMORY_SHARED,	/* a memory file: all hosts see the same pages */
	MEMORY_PRIVATE, /* each host its own, as malloc() gives it */
	MEMORY_HUGE,	/* a memory file of pages of 2 MiB */
};

/* Indexed by enum memory, ends with NULL. */
extern const char *const memory_names[];

/* What the name stands for, or -1. */
int memory_find(const char *name);

/* Where pages of 2 MiB come from. */
enum memory_source {
	HUGE_NONE,
	HUGE_RESERVED,	  /* set aside by vm.nr_hugepages */
	HUGE_TRANSPARENT, /* put together by the kernel, where it can */
};

/* Indexed by enum memory_source: NULL, "reserved", "transparent". */
extern const char *const memory_source_names[];

enum { HUGE_PAGE = 2 << 20 };

/*
 * Where the kernel has huge pages for a memory file. At most *size bytes are
 * wanted, HUGE_PAGE or more; or, of pages that were set aside, `reserved`
 * bytes: those are no part of the memory that counts as available. *size
 * becomes a multiple of a huge page that can be had. HUGE_NONE leaves it alone.
 */
enum memory_source memory_huge(size_t *size, size_t reserved);

/* The memory file of an arena, close-on-exec; -1: errno says why not. */
int memory_open(enum memory_source source, size_t size);

/* Give back the pages of such a file, which then reads as zeros. If that is
 * refused, they stay. */
void memory_empty(int fd, size_t size);

/* Map an arena, from its file unless it is private. NULL with errno. */
void *memory_map(enum memory memory, int fd, size_t size);

/* Map an arena as a copy-on-write image of its file: writes of others are
 * visible until the caller writes to the same page, which copies it. NULL with
 * errno. */
void *memory_map_image(int fd, size_t size);

/* `size` zeroed bytes for processes that do not inherit them: *fd is the file
 * that they map from its beginning, and is the caller's to close, as the
 * mapping is to unmap. NULL with errno. */
void *memory_share(size_t size, int *fd);

#endif

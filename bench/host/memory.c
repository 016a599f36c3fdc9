/* SPDX-License-Identifier: MIT */
#include "bench/host/memory.h"

#include "system/sysfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_HUGE_2MB
#	define MFD_HUGE_2MB (21U << 26) /* linux/memfd.h */
#endif

#define SYS_POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

enum { TRIAL = 2 * HUGE_PAGE };

const char *const memory_names[] = {"shared", "private", "huge", NULL};
const char *const memory_source_names[] = {NULL, "reserved", "transparent"};

int memory_find(const char *name)
{
	for (int i = 0; memory_names[i]; i++)
		if (strcmp(name, memory_names[i]) == 0)
			return i;
	return -1;
}

/* ------------------------------------------------------------- huge pages */

static size_t memory_free_pages(void)
{
	uint64_t unused = sysfile_number(SYS_POOL "free_hugepages", "", 0);
	uint64_t promised = sysfile_number(SYS_POOL "resv_hugepages", "", 0);

	return unused > promised ? (size_t)(unused - promised) : 0;
}

/* Is shared memory of this process mapped by huge pages? */
static bool memory_seen_huge(void)
{
	return sysfile_number("/proc/self/smaps_rollup", "ShmemPmdMapped:", 0) >
	       0;
}

/* The setting alone does not show what the kernel does: try it. Two pages
 * contain a whole aligned one. */
static bool memory_transparent_works(void)
{
	int fd = memory_open(HUGE_TRANSPARENT, TRIAL);
	char *trial = fd < 0 ? NULL : memory_map(MEMORY_HUGE, fd, TRIAL);
	bool works = false;

	if (trial) {
		memset(trial, 1, TRIAL);
		works = memory_seen_huge();
		munmap(trial, TRIAL);
	}
	if (fd >= 0)
		close(fd);
	return works;
}

enum memory_source memory_huge(size_t *size, size_t reserved)
{
	size_t pages = memory_free_pages(), wanted = reserved / HUGE_PAGE;

	if (pages > 0) {
		*size = (pages < wanted ? pages : wanted) * HUGE_PAGE;
		return HUGE_RESERVED;
	}
	if (!memory_transparent_works())
		return HUGE_NONE;
	*size = *size / HUGE_PAGE * HUGE_PAGE;
	return HUGE_TRANSPARENT;
}

/* ------------------------------------------------------------- mapping */

int memory_open(enum memory_source source, size_t size)
{
	unsigned flags = MFD_CLOEXEC;
	int fd, error;

	if (source == HUGE_RESERVED)
		flags |= MFD_HUGETLB | MFD_HUGE_2MB;
	fd = memfd_create("arena", flags);
	if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

void memory_empty(int fd, size_t size)
{
	if (fd >= 0)
		(void)fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				0, (off_t)size);
}

void *memory_map(enum memory memory, int fd, size_t size)
{
	int flags = memory == MEMORY_PRIVATE
			    ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
			    : MAP_SHARED;
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, flags,
			  memory == MEMORY_PRIVATE ? -1 : fd, 0);

	if (base == MAP_FAILED)
		return NULL;
	/* Refused where the pages are reserved ones, and huge already. */
	if (memory == MEMORY_HUGE)
		madvise(base, size, MADV_HUGEPAGE);
	return base;
}

void *memory_map_image(int fd, size_t size)
{
	void *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_NORESERVE, fd, 0);

	return base == MAP_FAILED ? NULL : base;
}

void *memory_share(size_t size, int *fd)
{
	void *base = NULL;
	int error;

	*fd = memory_open(HUGE_NONE, size);
	if (*fd >= 0)
		base = memory_map(MEMORY_SHARED, *fd, size);
	if (base || *fd < 0)
		return base;
	error = errno;
	close(*fd);
	errno = error;
	return NULL;
}

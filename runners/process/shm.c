/* SPDX-License-Identifier: MIT */
#include "runners/process/shm.h"

#include <sys/mman.h>

void *shm_alloc(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void shm_free(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size);
}

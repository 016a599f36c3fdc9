/* SPDX-License-Identifier: MIT */
/*
 * Linked into each program of a build under the address sanitizer: where the
 * search for leaks at the end of a process looks for pointers in global data.
 * Left alone, it reads that of the sanitizer's own library, too: 5.4 MB that
 * were never touched, which takes a page fault for each page, and two thirds of
 * the time of the search.
 */
#include <link.h>
#include <sanitizer/lsan_interface.h>
#include <stddef.h>
#include <string.h>

/* The sanitizer asks for it by this name. */
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
	return "use_globals=0";
}

/* The sanitizer guesses how large the thread-local data of a module is that was
 * loaded later, from what lies before it, and reads as far: with
 * google-benchmark's, anywhere. It is to leave that alone. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "intercept_tls_get_addr=0";
}

static int add_writable(struct dl_phdr_info *module, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (strstr(module->dlpi_name, "/libasan.so"))
		return 0;
	for (int i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &module->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && part->p_flags & PF_W)
			__lsan_register_root_region(
				(void *)(module->dlpi_addr + part->p_vaddr),
				part->p_memsz);
	}
	return 0;
}

/* Late, so that libraries which were loaded on the way are among them. */
__attribute__((destructor)) static void add_roots(void)
{
	dl_iterate_phdr(add_writable, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * That the kinds of memory are what they are called.
 */
#include "bench/host/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE = 4 << 20 };

static void names_are_found(void **state)
{
	(void)state;
	for (int i = 0; memory_names[i]; i++)
		assert_int_equal(memory_find(memory_names[i]), i);
	assert_int_equal(memory_find("heap"), -1);
	assert_int_equal(memory_find(""), -1);
}

/* Does the parent see what a child writes? */
static char seen_of_child(enum memory memory, int fd)
{
	void *mapped = memory_map(memory, fd, SIZE);
	volatile char *base = mapped;
	char seen;
	pid_t pid;

	assert_non_null(mapped);
	base[SIZE - 1] = 1;
	pid = fork();
	if (pid == 0) {
		base[SIZE - 1] = 2;
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	seen = base[SIZE - 1];
	munmap(mapped, SIZE);
	return seen;
}

static void shared_is_seen_and_private_is_not(void **state)
{
	int fd = memory_open(HUGE_NONE, SIZE);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(seen_of_child(MEMORY_SHARED, fd), 2);
	assert_int_equal(seen_of_child(MEMORY_PRIVATE, -1), 1);
	close(fd);
}

static void huge_is_had_or_not_changed(void **state)
{
	size_t size = SIZE + 4096;
	enum memory_source source = memory_huge(&size, SIZE + 4096);
	int fd;

	(void)state;
	if (source == HUGE_NONE) {
		assert_int_equal(size, SIZE + 4096);
		skip();
	}
	assert_true(size > 0 && size <= SIZE && size % (2 << 20) == 0);
	fd = memory_open(source, SIZE);
	assert_true(fd >= 0);
	assert_int_equal(seen_of_child(MEMORY_HUGE, fd), 2);
	close(fd);
}

/* Then it takes no memory, and others that map it go on. */
static void what_is_emptied_reads_as_zeros(void **state)
{
	int fd = memory_open(HUGE_NONE, SIZE);
	char *base = memory_map(MEMORY_SHARED, fd, SIZE);
	struct stat status;

	(void)state;
	assert_non_null(base);
	memset(base, 1, SIZE);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_blocks * 512, SIZE);
	memory_empty(fd, SIZE);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_blocks, 0);
	assert_int_equal(status.st_size, SIZE);
	assert_int_equal(base[SIZE - 1], 0);
	munmap(base, SIZE);
	close(fd);
	memory_empty(-1, SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(what_is_emptied_reads_as_zeros),
		cmocka_unit_test(shared_is_seen_and_private_is_not),
		cmocka_unit_test(huge_is_had_or_not_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * What the arena hands out: aligned, apart, never beyond its end.
 */
#include "core/arena.h"

#include "core/tile.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

enum { PAGE = 4096, ARRAYS = PAGE / CACHE_LINE, SIZE = 1 << 20 };

static struct arena make_arena(size_t size)
{
	static alignas(PAGE) char memory[SIZE];

	return (struct arena){.base = memory, .size = size};
}

static void test_aligned_and_apart(void **state)
{
	static const size_t counts[] = {0, 1, 7, 8, 9, 1000, 4096, 12345};
	struct arena arena = make_arena(SIZE);
	const char *end = arena.base;

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		const char *array = arena_take(&arena, counts[i], 8);

		assert_non_null(array);
		assert_int_equal((uintptr_t)array % CACHE_LINE, 0);
		assert_true(array >= end);
		end = array + counts[i] * 8;
		assert_true(end <= arena.base + arena.used);
	}
}

/* As many arrays as a page has lines, and no two begin alike. */
static void test_staggered(void **state)
{
	struct arena arena = make_arena(SIZE);
	bool seen[ARRAYS] = {false};

	(void)state;
	for (size_t i = 0; i < ARRAYS; i++) {
		uintptr_t at = (uintptr_t)arena_take(&arena, PAGE, 1);
		size_t line = at % PAGE / CACHE_LINE;

		assert_false(seen[line]);
		seen[line] = true;
	}
}

static void test_too_small(void **state)
{
	struct arena arena = make_arena(PAGE);
	size_t used;

	(void)state;
	assert_non_null(arena_take(&arena, 16, 8));
	used = arena.used;
	errno = 0;
	assert_null(arena_take(&arena, PAGE, 1));
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(arena.used, used);
	assert_non_null(arena_take(&arena, 16, 8));
}

static void test_overflow(void **state)
{
	struct arena arena = make_arena(SIZE_MAX / 4);
	size_t used = arena.used;

	(void)state;
	errno = 0;
	assert_null(arena_take(&arena, SIZE_MAX / 8 + 1, 8));
	assert_int_equal(errno, EOVERFLOW);
	errno = 0;
	assert_null(arena_take(&arena, SIZE_MAX, 1));
	assert_true(errno == EOVERFLOW || errno == ENOMEM);
	assert_int_equal(arena.used, used);
}

static void test_reset(void **state)
{
	struct arena arena = make_arena(SIZE);
	void *first = arena_take(&arena, 100, 8);

	(void)state;
	assert_ptr_not_equal(arena_take(&arena, 100, 8), first);
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	assert_ptr_equal(arena_take(&arena, 100, 8), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned_and_apart),
		cmocka_unit_test(test_staggered),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

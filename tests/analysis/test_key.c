/* SPDX-License-Identifier: MIT */
/*
 * Keys and the lists of names that they point into.
 */
#include "analysis/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_name_has_one_place(void **state)
{
	struct names names = {.count = 0};

	(void)state;
	assert_int_equal(names_init(&names, 2), 0);
	assert_int_equal(names_find(&names, "sum"), 0);
	assert_int_equal(names_find(&names, "dot"), 1);
	assert_int_equal(names_find(&names, "sum"), 0);
	assert_int_equal(names.count, 2);
	names_free(&names);
	assert_null(names.list);
}

/* Each key stands behind all before it. */
static void keys_are_ordered_by_kernel_first_and_size_last(void **state)
{
	static const struct key keys[] = {
		{0, 0, 0, 1, 0, 16}, {0, 0, 0, 1, 0, 64}, {0, 0, 0, 1, 1, 16},
		{0, 0, 0, 2, 0, 16}, {0, 0, 1, 1, 0, 16}, {0, 1, 0, 1, 0, 16},
		{1, 0, 0, 1, 0, 16},
	};
	const size_t count = sizeof(keys) / sizeof(*keys);

	(void)state;
	for (size_t a = 0; a < count; a++)
		for (size_t b = 0; b < count; b++) {
			int order = key_compare(&keys[a], &keys[b]);

			assert_int_equal((order > 0) - (order < 0),
					 (a > b) - (a < b));
		}
}

static void pairs_are_the_same_at_all_sizes(void **state)
{
	const struct key a = {.runner = 3, .n = 16}, b = {.runner = 3, .n = 64};

	(void)state;
	assert_int_equal(key_compare_pair(&a, &b), 0);
	assert_true(key_compare(&a, &b) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_one_place),
		cmocka_unit_test(
			keys_are_ordered_by_kernel_first_and_size_last),
		cmocka_unit_test(pairs_are_the_same_at_all_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

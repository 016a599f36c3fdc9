/* SPDX-License-Identifier: MIT */
/*
 * Which name a mistyped word is nearest to, and when there is none.
 */
#include "core/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *nearest(const char *word)
{
	static const char *const names[] = {"budget",	 "rounds", "seed",
					    "sum",	 "triad",  "fork-pool",
					    "fork-steal"};
	struct suggestion near = {.word = word};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		suggestion_offer(&near, names[i]);
	return near.name;
}

static void test_one_slip(void **state)
{
	(void)state;
	assert_string_equal(nearest("bugdet"), "budget");
	assert_string_equal(nearest("budge"), "budget");
	assert_string_equal(nearest("budgett"), "budget");
	assert_string_equal(nearest("sun"), "sum");
	assert_string_equal(nearest("traid"), "triad");
	assert_string_equal(nearest("fork-poll"), "fork-pool");
	assert_string_equal(nearest("seed"), "seed");
}

static void test_far(void **state)
{
	char longest[100] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(longest) - 1; i++)
		longest[i] = 's';
	assert_null(nearest(""));
	assert_null(nearest("s"));
	assert_null(nearest("nosuch"));
	assert_null(nearest("pool"));
	assert_null(nearest(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_slip),
		cmocka_unit_test(test_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

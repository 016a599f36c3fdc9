/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a number of workers, and what the user hears of it.
 */
#include "bench/engine/worker_count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void no_more_than_cpus_is_no_matter(void **state)
{
	char text[WORKER_COUNT_TEXT_MAX] = "old";

	(void)state;
	assert_int_equal(worker_count_cap(4, 4, false, text), 4);
	assert_string_equal(text, "");
	assert_int_equal(worker_count_cap(1, 4, true, text), 1);
	assert_string_equal(text, "");
}

static void more_are_capped(void **state)
{
	char text[WORKER_COUNT_TEXT_MAX];

	(void)state;
	assert_int_equal(worker_count_cap(1000, 2, false, text), 2);
	assert_string_equal(text,
			    "1000 workers asked for, more than the 2 CPUs that "
			    "we may use: capped to 2");
	assert_int_equal(worker_count_cap(2, 1, false, text), 1);
	assert_non_null(strstr(text, "the 1 CPU that"));
}

static void more_are_let_be_where_that_is_meant(void **state)
{
	char text[WORKER_COUNT_TEXT_MAX];

	(void)state;
	assert_int_equal(worker_count_cap(1000, 2, true, text), 1000);
	assert_string_equal(text,
			    "1000 workers asked for, more than the 2 CPUs that "
			    "we may use: they take turns");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_cpus_is_no_matter),
		cmocka_unit_test(more_are_capped),
		cmocka_unit_test(more_are_let_be_where_that_is_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void it_is_set_as_a_whole(void **state)
{
	struct error error = {.kind = ERROR_USAGE, .text = "old"};

	(void)state;
	assert_int_equal(error_set(&error, ERROR_SKIPPED, "no %s", "python3"),
			 ERROR_SKIPPED);
	assert_int_equal(error.kind, ERROR_SKIPPED);
	assert_string_equal(error.text, "no python3");
}

static void what_is_appended_stands_behind(void **state)
{
	struct error error;

	(void)state;
	error_set(&error, ERROR_FAILED, "it was killed");
	assert_int_equal(error_append(&error, ERROR_MEMORY, ": %d MiB", 64),
			 ERROR_MEMORY);
	assert_int_equal(error.kind, ERROR_MEMORY);
	assert_string_equal(error.text, "it was killed: 64 MiB");
}

static void what_is_too_long_is_cut(void **state)
{
	char text[2 * ERROR_TEXT_MAX];
	struct error error;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	error_set(&error, ERROR_FAILED, "%s", text);
	error_append(&error, ERROR_FAILED, "b");
	assert_int_equal(strlen(error.text), ERROR_TEXT_MAX - 1);
	assert_int_equal(error.text[ERROR_TEXT_MAX - 2], 'a');
}

static void without_a_text_memory_gave_out(void **state)
{
	struct error error = {.text = ""};

	(void)state;
	assert_string_equal(error_text(&error), "out of memory");
	error_set(&error, ERROR_FAILED, "it died");
	assert_string_equal(error_text(&error), "it died");
}

static void kinds_have_the_names_of_records(void **state)
{
	(void)state;
	assert_null(error_kind_names[0]);
	assert_string_equal(error_kind_names[ERROR_USAGE], "usage");
	assert_string_equal(error_kind_names[ERROR_SKIPPED], "skipped");
	assert_string_equal(error_kind_names[ERROR_FAILED], "failed");
	assert_string_equal(error_kind_names[ERROR_INVALID], "invalid");
	assert_string_equal(error_kind_names[ERROR_MEMORY], "failed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_set_as_a_whole),
		cmocka_unit_test(what_is_appended_stands_behind),
		cmocka_unit_test(what_is_too_long_is_cut),
		cmocka_unit_test(without_a_text_memory_gave_out),
		cmocka_unit_test(kinds_have_the_names_of_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

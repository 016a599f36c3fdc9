/* SPDX-License-Identifier: MIT */
/*
 * Specs: what is understood, and what is refused in which words.
 */
#include "core/spec.h"

#include "core/error.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WAIT, CHUNK, SHARE };

static const struct option_spec options[] = {
	[WAIT] = {.key = "wait",
		  .type = OPTION_CHOICE,
		  .choices = "spin|adaptive|block",
		  .fallback = "adaptive"},
	[CHUNK] = {.key = "chunk",
		   .type = OPTION_COUNT,
		   .fallback = "16",
		   .min = 1,
		   .max = 4096},
	[SHARE] = {.key = "share",
		   .type = OPTION_REAL,
		   .fallback = "0.5",
		   .min = 0,
		   .max = 1},
	{.key = NULL},
};

static void test_name(void **state)
{
	char name[SPEC_NAME_MAX], spec[SPEC_NAME_MAX + 1];

	(void)state;
	assert_int_equal(spec_name("fork-pool:wait=spin", name), 0);
	assert_string_equal(name, "fork-pool");
	assert_int_equal(spec_name("sum", name), 0);
	assert_string_equal(name, "sum");
	assert_int_equal(spec_name("", name), -EINVAL);
	assert_int_equal(spec_name(":wait=spin", name), -EINVAL);
	memset(spec, 'x', sizeof(spec));
	spec[SPEC_NAME_MAX] = '\0';
	assert_int_equal(spec_name(spec, name), -EINVAL);
	spec[SPEC_NAME_MAX - 1] = '\0';
	assert_int_equal(spec_name(spec, name), 0);
	assert_string_equal(name, spec);
}

static void test_defaults(void **state)
{
	union option_value values[SPEC_OPTIONS_MAX];
	struct error error;

	(void)state;
	assert_int_equal(spec_parse("pool", options, values, &error), 0);
	assert_int_equal(values[WAIT].choice, 1);
	assert_int_equal(values[CHUNK].count, 16);
	assert_true(values[SHARE].real == 0.5);
	assert_int_equal(spec_parse("pool", NULL, values, &error), 0);
}

static void test_given(void **state)
{
	union option_value values[SPEC_OPTIONS_MAX];
	struct error error;

	(void)state;
	assert_int_equal(spec_parse("pool:share=.25:wait=block:chunk=4096",
				    options, values, &error),
			 0);
	assert_int_equal(values[WAIT].choice, 2);
	assert_int_equal(values[CHUNK].count, 4096);
	assert_true(values[SHARE].real == 0.25);
	assert_int_equal(spec_parse("pool:wait=spin", options, values, &error),
			 0);
	assert_int_equal(values[WAIT].choice, 0);
	assert_int_equal(values[CHUNK].count, 16);
}

static void test_refused(void **state)
{
	static const char *const specs[] = {
		"pool:wait=sleep",
		"pool:wait=",
		"pool:wait=spin|block",
		"pool:wait=spi",
		"pool:chunk=0",
		"pool:chunk=4097",
		"pool:chunk=-1",
		"pool:chunk=",
		"pool:chunk=1.5",
		"pool:chunk=8x",
		"pool:chunk=0x10",
		"pool:chunk= 8",
		"pool:share=1.01",
		"pool:share=nan",
		"pool:share=inf",
		"pool:share=0.5x",
		"pool:share=",
		"pool:share=0x0.8p0",
		"pool:size=1",
		"pool:",
		"pool:wait",
		"pool::wait=spin",
		"pool:=spin",
		"pool:wait=spin:",
		"pool:chunk=1e3",
		"pool:Wait=spin",
		"pool:chun=8",
		"pool:chunk=99999999999999999999",
		"pool:chunk=8:chunk=8",
	};
	union option_value values[SPEC_OPTIONS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		struct error error;

		if (spec_parse(specs[i], options, values, &error) !=
		    ERROR_USAGE)
			fail_msg("'%s' is not refused", specs[i]);
		assert_non_null(strstr(error.text, specs[i]));
		/* Every key, its values and its default. */
		assert_non_null(strstr(error.text, "wait=spin|adaptive|block "
						   "(default adaptive)"));
		assert_non_null(
			strstr(error.text, "chunk=1..4096 (default 16)"));
		assert_non_null(strstr(error.text, "share=0..1 (default 0.5)"));
	}
}

static void test_no_options(void **state)
{
	union option_value values[SPEC_OPTIONS_MAX];
	struct error error;

	(void)state;
	assert_int_equal(spec_parse("serial:wait=spin", NULL, values, &error),
			 ERROR_USAGE);
	assert_non_null(strstr(error.text, "no options"));
}

/* Whatever its length, a spec neither overflows the message nor passes. */
static void test_long(void **state)
{
	union option_value values[SPEC_OPTIONS_MAX];
	struct error error;
	char spec[2 * SPEC_TEXT_MAX];

	(void)state;
	for (size_t length = 8; length < sizeof(spec); length++) {
		memset(spec, 'x', length);
		memcpy(spec, "pool:", 5);
		spec[length] = '\0';
		memset(&error, 1, sizeof(error));
		assert_int_equal(spec_parse(spec, options, values, &error),
				 ERROR_USAGE);
		assert_non_null(memchr(error.text, '\0', sizeof(error.text)));
	}
}

static void test_take(void **state)
{
	char spec[] = "pool:wait=spin:workers=12:chunk=4", value[4];

	(void)state;
	assert_int_equal(spec_take(spec, "work", value, sizeof(value)), 0);
	assert_int_equal(spec_take(spec, "pool", value, sizeof(value)), 0);
	assert_string_equal(spec, "pool:wait=spin:workers=12:chunk=4");
	assert_int_equal(spec_take(spec, "workers", value, sizeof(value)), 1);
	assert_string_equal(value, "12");
	assert_string_equal(spec, "pool:wait=spin:chunk=4");
	assert_int_equal(spec_take(spec, "chunk", value, sizeof(value)), 1);
	assert_string_equal(value, "4");
	assert_string_equal(spec, "pool:wait=spin");
	assert_int_equal(spec_take(spec, "wait", value, sizeof(value)),
			 -EINVAL);
	assert_int_equal(spec_take(spec, "chunk", value, sizeof(value)), 0);
}

static void test_read(void **state)
{
	const char spec[] = "pool:wait=spin:workers=12";
	char value[4];

	(void)state;
	assert_int_equal(spec_read(spec, "chunk", value, sizeof(value)), 0);
	assert_int_equal(spec_read(spec, "workers", value, sizeof(value)), 1);
	assert_string_equal(value, "12");
	assert_int_equal(spec_read(spec, "wait", value, sizeof(value)),
			 -EINVAL);
}

static void test_take_twice(void **state)
{
	char spec[] = "pool:workers=1:workers=1", value[8];

	(void)state;
	assert_int_equal(spec_read(spec, "workers", value, sizeof(value)),
			 -EINVAL);
	assert_int_equal(spec_take(spec, "workers", value, sizeof(value)),
			 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_options),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_take_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Lists and ranges, as users type them and mistype them.
 */
#include "bench/cli/list.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void test_counts(void **state)
{
	unsigned out[4];
	size_t count;

	(void)state;
	assert_int_equal(list_counts("1,2,4", 1, 64, out, 4, &count), 0);
	assert_int_equal(count, 3);
	assert_int_equal(out[0], 1);
	assert_int_equal(out[1], 2);
	assert_int_equal(out[2], 4);
	assert_int_equal(list_counts("64,1,64,2,3,1", 1, 64, out, 4, &count),
			 0);
	assert_int_equal(count, 4);
	assert_int_equal(out[0], 64);
	assert_int_equal(out[1], 1);
	assert_int_equal(out[2], 2);
	assert_int_equal(out[3], 3);
}

static void test_bad_counts(void **state)
{
	static const char *const lists[] = {
		"",
		"0",
		"65",
		"-1",
		"+1",
		" 1",
		"1 ",
		"1,",
		",1",
		"1,,2",
		"1;2",
		"a",
		"1a",
		"1,a",
		"1.5",
		"0x2",
		"18446744073709551617",
		"1,2,3,4,5",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		unsigned out[5] = {0, 0, 0, 0, 12345};
		size_t count;

		if (list_counts(lists[i], 1, 64, out, 4, &count) != -EINVAL)
			fail_msg("'%s' is not refused", lists[i]);
		assert_int_equal(out[4], 12345);
	}
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t lo, hi;
	} ranges[] = {
		{"1", 1, 1},
		{"1000", 1000, 1000},
		{"16..4Mi", 16, 4 << 20},
		{"1k..2M", 1000, 2000000},
		{"3Ki..1G", 3072, 1000000000},
		{"7..7", 7, 7},
		{"1Gi..281474976710656", 1 << 30, UINT64_C(1) << 48},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		uint64_t lo, hi;

		assert_int_equal(list_sizes(ranges[i].text, &lo, &hi), 0);
		assert_int_equal(lo, ranges[i].lo);
		assert_int_equal(hi, ranges[i].hi);
	}
}

static void test_bad_sizes(void **state)
{
	static const char *const ranges[] = {
		"",
		"0",
		"0..8",
		"8..4",
		"-1",
		"1..-2",
		"..8",
		"8..",
		"8.16",
		"8...16",
		"1..2..3",
		"8-16",
		"1K",
		"1kk",
		"1m",
		"1MiB",
		"Ki",
		" 1",
		"1 ..2",
		"1.. 2",
		"1e6",
		"1,2",
		"1.5k",
		"281474976710657",
		"1..300000Gi",
		"99999999999999999999",
		"18446744073709551615Gi",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ranges); i++) {
		uint64_t lo, hi;

		if (list_sizes(ranges[i], &lo, &hi) != -EINVAL)
			fail_msg("'%s' is not refused", ranges[i]);
	}
}

static void test_split(void **state)
{
	char **items;
	size_t count;

	(void)state;
	assert_int_equal(list_split("sum,spin:ops=100,dot", &items, &count), 0);
	assert_int_equal(count, 3);
	assert_string_equal(items[0], "sum");
	assert_string_equal(items[1], "spin:ops=100");
	assert_string_equal(items[2], "dot");
	list_free(items, count);
	assert_int_equal(list_split("sum", &items, &count), 0);
	assert_int_equal(count, 1);
	assert_string_equal(items[0], "sum");
	list_free(items, count);
}

/* Nothing is left to free, and freeing it all the same does no harm. */
static void test_bad_split(void **state)
{
	static const char *const lists[] = {"", ",", "a,", ",a", "a,,b"};

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		char **items;
		size_t count;

		assert_int_equal(list_split(lists[i], &items, &count), -EINVAL);
		assert_null(items);
		assert_int_equal(count, 0);
		list_free(items, count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_bad_counts),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_bad_sizes),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_bad_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

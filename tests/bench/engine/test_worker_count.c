/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a number of workers, and what the user hears of it.
 */
#include "bench/engine/worker_count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char heard[256];

static void hear(const char *text)
{
	snprintf(heard, sizeof(heard), "%s", text);
}

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

/* "2 8 64", by the rule. */
static void check_rule(worker_count_rule *rule, const char *machine,
		       const char *expected)
{
	struct topology *topology = NULL;
	struct error error;
	struct worker_counts counts;
	char text[256] = "";

	if (topology_load(machine, &topology, &error))
		fail_msg("%s", error.text);
	rule(topology, hear, &counts);
	for (size_t i = 0; i < counts.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%u", i ? " " : "", counts.at[i]);
	assert_string_equal(text, expected);
	topology_free(topology);
}

static void few_workers_are_two_a_cache_and_all_cores(void **state)
{
	(void)state;
	check_rule(worker_count_few, "pu:1", "1");
	check_rule(worker_count_few, "core:2 pu:2", "4");
	check_rule(worker_count_few, "core:6 pu:1", "2 6");
	check_rule(worker_count_few, "pack:1 l3:2 core:4 pu:1", "2 4 8");
	check_rule(worker_count_few, "pack:2 numa:4 l3:2 core:8 pu:1",
		   "2 8 128");
}

static void hardware_threads_are_told(void **state)
{
	(void)state;
	heard[0] = '\0';
	check_rule(worker_count_few, "pack:2 l3:1 core:8 pu:2", "2 8 16");
	assert_string_equal(heard, "16 workers at most, one for each core: for "
				   "hardware threads, too, say --workers 32");
}

static void many_workers_are_steps_and_powers_of_two(void **state)
{
	(void)state;
	check_rule(worker_count_many, "core:2 pu:1", "1 2");
	check_rule(worker_count_many, "pack:2 numa:2 l3:1 core:6 pu:2",
		   "1 2 4 6 8 12 16 24 32 48");
	heard[0] = '\0';
	check_rule(worker_count_many, "pu:1", "1");
	assert_non_null(strstr(heard, "there is one CPU"));
}

static void all_workers_are_one_number(void **state)
{
	(void)state;
	check_rule(worker_count_all, "pack:2 l3:1 core:8 pu:2", "32");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_cpus_is_no_matter),
		cmocka_unit_test(more_are_capped),
		cmocka_unit_test(more_are_let_be_where_that_is_meant),
		cmocka_unit_test(few_workers_are_two_a_cache_and_all_cores),
		cmocka_unit_test(hardware_threads_are_told),
		cmocka_unit_test(many_workers_are_steps_and_powers_of_two),
		cmocka_unit_test(all_workers_are_one_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

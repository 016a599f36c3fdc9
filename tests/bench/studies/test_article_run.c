/* SPDX-License-Identifier: MIT */
/*
 * The slots of a run of the article, without any process.
 */
#include "bench/studies/article_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 3 };

static bool same_row(size_t a, size_t b)
{
	struct article_row x = article_slot_row(a), y = article_slot_row(b);

	return strcmp(x.what, y.what) == 0 && x.n == y.n &&
	       strcmp(x.system, y.system) == 0;
}

static void each_slot_is_another_row(void **state)
{
	(void)state;
	for (size_t a = 0; a < ARTICLE_SLOTS; a++)
		for (size_t b = 0; b < a; b++)
			assert_false(same_row(a, b));
}

static void a_map_is_in_the_slot_of_its_task_and_system(void **state)
{
	(void)state;
	for (size_t t = 0; t < ARTICLE_TASKS; t++)
		for (size_t s = 0; s < ARTICLE_SYSTEMS; s++) {
			struct article_row row =
				article_slot_row(article_map_slot(t, s));

			assert_string_equal(row.what, article_tasks[t].what);
			assert_int_equal(row.n, article_tasks[t].n);
			assert_string_equal(row.system,
					    article_systems[s].name);
		}
}

static void a_time_is_kept_by_slot_and_round(void **state)
{
	static const struct article_plan plan = {.runs = RUNS};
	static double ns[ARTICLE_SLOTS * RUNS];
	static struct article_run run = {.plan = &plan, .ns = ns};

	(void)state;
	run.round = 2;
	article_run_keep(&run, 4, 17);
	assert_true(ns[4 * RUNS + 2] == 17);
	assert_true(ns[4 * RUNS + 1] == 0 && ns[5 * RUNS + 2] == 0);
}

static void a_slot_is_skipped_once(void **state)
{
	static struct article found;
	static struct article_run run = {.found = &found};

	(void)state;
	assert_int_equal(article_run_skip(&run, 1, "why not"), 0);
	assert_int_equal(article_run_skip(&run, 1, "again"), 0);
	assert_true(run.out[1] && !run.out[0]);
	assert_int_equal(found.skipped.count, 1);
	assert_string_equal(found.skipped.items[0].why, "why not");
	skipped_free(&found.skipped);
}

static void without_python_nothing_is_asked(void **state)
{
	static struct article_run run;

	(void)state;
	assert_int_equal(article_run_ask(&run, &run.mapper, "pool 4", 0), 0);
	assert_false(run.out[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_slot_is_another_row),
		cmocka_unit_test(a_map_is_in_the_slot_of_its_task_and_system),
		cmocka_unit_test(a_time_is_kept_by_slot_and_round),
		cmocka_unit_test(a_slot_is_skipped_once),
		cmocka_unit_test(without_python_nothing_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

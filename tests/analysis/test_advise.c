/* SPDX-License-Identifier: MIT */
/* What is advised, and what would change it. */
#include "analysis/advise.h"
#include "analysis/analyse.h"
#include "report/doc/text.h"
#include "report/export/export.h"
#include "report/pages/advise_text.h"
#include "tests/analysis/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { SIZES = 8, SIX = 6, LARGEST = 16 << 2 * (SIZES - 1) };

static const struct report_style plain = {.columns = 80, .count = 1};

/* From 16 to 256 Ki items; serial takes 1 ns an item. */
static const struct made_up_runner five[] = {
	{"fork", 60000, 1.9},	 {"pthread", 12000, 1.8},
	{"fork-pool", 560, 1.5}, {"pthread-pool", 500, 1.5},
	{"openmp", 4000, 1.9},
};

static void describe(json_t *header, size_t i, const char *unit,
		     const char *lifetime, const char *data)
{
	json_t *runner = json_array_get(json_object_get(header, "runners"), i);

	json_object_set_new(runner, "unit", json_string(unit));
	json_object_set_new(runner, "lifetime", json_string(lifetime));
	json_object_set_new(runner, "data", json_string(data));
}

static struct record *new_record(void)
{
	json_t *header = made_up_header("RelWithDebInfo", "");
	struct record *record = record_new();

	describe(header, 0, "process", "per call", "shared");
	describe(header, 1, "thread", "per call", "in place");
	describe(header, 2, "process", "pooled", "shared");
	describe(header, 3, "thread", "pooled", "in place");
	describe(header, 4, "thread", "pooled", "in place");
	record_put_header(record, header);
	return record;
}

/* Creating a pool takes 0.1 ms. */
static void create_pools(struct record *record)
{
	for (size_t b = 0; b < record->nblocks; b++)
		for (size_t s = 0; s < record->blocks[b].nseries; s++)
			record->blocks[b].series[s].open_ns = 1e5;
}

static struct record *record_of(const struct made_up_runner *runners,
				size_t count)
{
	struct record *record = new_record();

	made_up_scan(record, "sum", SIZES, SIX, runners, count);
	create_pools(record);
	record_put_end(record, true, NULL);
	return record;
}

struct asked {
	struct record *record;
	struct findings *findings;
	struct advice advice;
};

static void ask(struct asked *asked, struct record *record, uint64_t n,
		double calls, bool shipped)
{
	const struct advise_question question = {"sum", n, calls, shipped};

	asked->record = record;
	asked->findings = findings_make(record);
	if (!asked->findings ||
	    advise_init(&asked->advice, record, asked->findings, &question) < 0)
		abort();
}

static void drop(struct asked *asked)
{
	advise_free(&asked->advice);
	findings_free(asked->findings);
	record_free(asked->record);
}

static void chosen_is(const struct advise_set *set, const char *runner)
{
	const char *chosen =
		set->chosen ? set->chosen->crossing->pair.runner : "serial";

	assert_string_equal(chosen, runner);
}

/* ------------------------------------------------------------- choice */

static void takes_the_fastest(void **state)
{
	struct asked a;

	(void)state;
	ask(&a, record_of(five, 5), 64, INFINITY, false);
	chosen_is(&a.advice.here, "serial");
	assert_int_equal(a.advice.here.count, 5);
	/* The pool pays from 1,500 items on. */
	assert_int_equal(a.advice.smaller.n, 0);
	assert_int_equal(a.advice.larger.n, 4096);
	chosen_is(&a.advice.larger, "pthread-pool");
	drop(&a);

	ask(&a, record_of(five, 5), LARGEST, INFINITY, false);
	chosen_is(&a.advice.here, "openmp");
	assert_true(fabs(a.advice.here.chosen->log_ratio -
			 log(LARGEST / (4000 + LARGEST / 1.9))) < 3e-3);
	assert_int_equal(a.advice.smaller.n, 16384);
	chosen_is(&a.advice.smaller, "pthread-pool");
	assert_int_equal(a.advice.larger.n, 0);
	drop(&a);
}

static void tells_ties_and_takes_threads(void **state)
{
	const struct made_up_runner twins[] = {{"fork-pool", 500, 1.5},
					       {"pthread-pool", 500, 1.5}};
	struct asked a;

	(void)state;
	ask(&a, record_of(twins, 2), LARGEST, INFINITY, false);
	chosen_is(&a.advice.here, "pthread-pool");
	assert_true(a.advice.here.options[0].tie);
	assert_true(a.advice.here.options[1].tie);
	drop(&a);
	/* What is clearly slower is no tie, though it wins. */
	ask(&a, record_of(five, 5), LARGEST, INFINITY, false);
	for (size_t i = 0; i < a.advice.here.count; i++)
		assert_int_equal(a.advice.here.options[i].tie, i == 0);
	drop(&a);
}

static void unproven_is_not_advised(void **state)
{
	struct record *record = new_record();
	struct asked a;

	(void)state;
	made_up_scan(record, "sum", SIZES, SIX - 1, five, 5);
	record_put_end(record, true, NULL);
	ask(&a, record, LARGEST, INFINITY, false);
	chosen_is(&a.advice.here, "serial");
	assert_true(a.advice.here.options[0].known);
	drop(&a);
}

/* ------------------------------------------------------------- sizes */

static void lies_between(void **state)
{
	const double below = log(4096 / (500 + 4096 / 1.5));
	const double above = log(16384 / (500 + 16384 / 1.5));
	const struct advise_option *option;
	struct asked a;

	(void)state;
	ask(&a, record_of(&five[3], 1), 8192, INFINITY, false);
	option = &a.advice.here.options[0];
	assert_true(option->known && option->between);
	assert_true(fabs(option->log_ratio - (below + above) / 2) < 3e-3);
	assert_true(fabs(a.advice.here.serial_ns - 8192) < 1e-6 * 8192);
	drop(&a);
	ask(&a, record_of(&five[3], 1), 4096, INFINITY, false);
	option = &a.advice.here.options[0];
	assert_true(option->known && !option->between);
	assert_true(fabs(option->log_ratio - below) < 3e-3);
	drop(&a);
}

static void lies_beyond(void **state)
{
	struct asked a;

	(void)state;
	ask(&a, record_of(five, 5), 1 << 30, INFINITY, false);
	assert_int_equal(a.advice.here.n, LARGEST);
	chosen_is(&a.advice.here, "openmp");
	drop(&a);
	ask(&a, record_of(five, 5), 1, INFINITY, false);
	assert_int_equal(a.advice.here.n, 16);
	chosen_is(&a.advice.here, "serial");
	drop(&a);
}

/* ------------------------------------------------------------- the rest */

static void creating_a_pool_is_shared_by_calls(void **state)
{
	const struct advise_option *pool;
	struct asked a;
	double gain = 65536 - (4000 + 65536 / 1.9);

	(void)state;
	/* In one call no pool pays; that of a million calls is free. */
	ask(&a, record_of(five, 5), 65536, 1, false);
	chosen_is(&a.advice.here, "pthread");
	chosen_is(&a.advice.many_calls, "openmp");
	pool = a.advice.many_calls.chosen;
	assert_true(fabs(advise_calls(pool, 65536) - ceil(1e5 / gain)) <= 0);
	for (size_t i = 0; i < a.advice.here.count; i++)
		if (a.advice.here.options[i].crossing == pool->crossing)
			assert_true(fabs(a.advice.here.options[i].call_ns -
					 pool->warm_ns - 1e5) < 1);
	drop(&a);
	ask(&a, record_of(five, 5), 65536, 1e6, false);
	chosen_is(&a.advice.here, "openmp");
	drop(&a);
}

static void asks_where_data_is(void **state)
{
	json_t *header = made_up_header("RelWithDebInfo", "");
	struct record *record = record_new();
	struct asked a;

	(void)state;
	describe(header, 0, "process", "per call", "inherited");
	describe(header, 2, "process", "pooled", "shipped");
	describe(header, 4, "thread", "pooled", "in place");
	record_put_header(record, header);
	made_up_scan(record, "sum", SIZES, SIX, five, 5);
	record_put_end(record, true, NULL);
	ask(&a, record, LARGEST, INFINITY, true);
	assert_int_equal(a.advice.here.count, 2);
	chosen_is(&a.advice.here, "fork-pool");
	assert_int_equal(a.advice.other_data.count, 3);
	chosen_is(&a.advice.other_data, "openmp");
	drop(&a);
}

static void asks_in_the_other_placement(void **state)
{
	const struct made_up_runner near[] = {{"openmp", 100, 1.9}};
	const struct made_up_runner far[] = {{"openmp", 100, 0.9}};
	struct record *record = new_record();
	struct asked a;

	(void)state;
	for (unsigned g = 1; g <= SIX; g++)
		for (size_t i = 0; i < SIZES; i++) {
			uint64_t n = UINT64_C(16) << 2 * i;

			made_up_block(record, g, "sum", n, 60, near, 1);
			made_up_block(record, g, "sum", n, 60, near, 1);
			made_up_block(record, g, "sum", n, 400, far, 1);
		}
	record_put_end(record, true, NULL);
	ask(&a, record, LARGEST, INFINITY, false);
	assert_string_equal(a.advice.placement, "near");
	chosen_is(&a.advice.here, "openmp");
	assert_int_equal(a.advice.other_placement.count, 1);
	chosen_is(&a.advice.other_placement, "serial");
	drop(&a);
}

/* ------------------------------------------------------------- telling */

static char *tell(const struct asked *asked, bool json)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(
		json ? advise_json_write(out, &asked->advice, "a.jsonl")
		     : advise_write(out, &asked->advice, "a.jsonl", &plain),
		0);
	fclose(out);
	return text;
}

static void assert_says(const char *text, const char *words)
{
	assert_non_null(text);
	if (text && !strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static void assert_narrow(const char *text)
{
	size_t column = 0;

	for (; *text; text++) {
		column = *text == '\n' ? 0 : column + 1;
		assert_true(column <= plain.columns);
	}
}

static void tells_people(void **state)
{
	struct record *record = new_record();
	struct asked a;
	char *text;

	(void)state;
	ask(&a, record_of(five, 5), 100000, 3, false);
	text = tell(&a, false);
	assert_narrow(text);
	assert_says(text, "Use ");
	assert_says(text, "100,000 items were not measured");
	assert_says(text, "spread over 3 calls");
	assert_says(text, "no such backend was");
	free(text);
	drop(&a);

	made_up_scan(record, "sum", SIZES, SIX, five, 5);
	ask(&a, record, 1 << 30, INFINITY, false);
	text = tell(&a, false);
	assert_narrow(text);
	assert_true(strncmp(text,
			    "Warning: the record is NOT TRUSTED: the run "
			    "was interrupted",
			    59) == 0);
	assert_says(text, "BEYOND what was measured");
	assert_says(text, "may not hold above");
	free(text);
	drop(&a);
}

/* The time of a size beyond all others is unknown. */
static void times_are_of_the_size_that_was_measured(void **state)
{
	struct asked a;
	char *text;

	(void)state;
	ask(&a, record_of(five, 5), 1 << 30, INFINITY, false);
	text = tell(&a, false);
	assert_says(text, "over serial, at 256 Ki items\n    142 us a call");
	assert_says(text, "\nAt 256 Ki items\n");
	free(text);
	drop(&a);
}

/* In too few generations for an interval. */
static void what_was_seen_slower_is_not_perhaps_faster(void **state)
{
	struct record *record = new_record();
	struct asked a;
	char *text;

	(void)state;
	made_up_scan(record, "sum", SIZES, SIX - 1, five, 5);
	record_put_end(record, true, NULL);
	ask(&a, record, 16, INFINITY, false);
	text = tell(&a, false);
	assert_says(text, "proven to be faster, or was seen to be:\n    "
			  "pthread-pool with 2 workers has 0.031 x");
	free(text);
	drop(&a);
}

static void tells_programs(void **state)
{
	struct asked a;
	json_t *root;
	char *text;

	(void)state;
	ask(&a, record_of(five, 5), LARGEST, INFINITY, false);
	text = tell(&a, true);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(root, "answer"), "use")),
			    "openmp");
	assert_int_equal(json_array_size(json_object_get(root, "options")), 5);
	assert_true(json_is_null(json_object_get(root, "larger")));
	json_decref(root);
	free(text);
	drop(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_the_fastest),
		cmocka_unit_test(tells_ties_and_takes_threads),
		cmocka_unit_test(unproven_is_not_advised),
		cmocka_unit_test(lies_between),
		cmocka_unit_test(lies_beyond),
		cmocka_unit_test(creating_a_pool_is_shared_by_calls),
		cmocka_unit_test(asks_where_data_is),
		cmocka_unit_test(asks_in_the_other_placement),
		cmocka_unit_test(tells_people),
		cmocka_unit_test(times_are_of_the_size_that_was_measured),
		cmocka_unit_test(what_was_seen_slower_is_not_perhaps_faster),
		cmocka_unit_test(tells_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

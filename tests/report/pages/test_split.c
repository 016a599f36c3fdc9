/* SPDX-License-Identifier: MIT */
/*
 * What is told of made-up calls, as a table, as JSON, and as a trace.
 */
#include "report/export/export.h"
#include "report/pages/split_page.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two passes; in the second one the caller does all. */
static struct split_tile tiles[] = {
	{.tile = 0, .worker = 0, .cpu = 0, .begin_ns = 100, .end_ns = 500},
	{.tile = 1, .worker = 1, .cpu = 1, .begin_ns = 300, .end_ns = 800},
	{.tile = 0, .worker = 0, .cpu = 0, .begin_ns = 1100, .end_ns = 1200},
	{.tile = 1, .worker = 0, .cpu = 0, .begin_ns = 1250, .end_ns = 1300},
};

static struct split_pass passes[] = {
	{.called_ns = 0, .joined_ns = 900},
	{.called_ns = 1000, .joined_ns = 1400},
};

static struct split_row rows[] = {
	{.runner = "some-pool",
	 .workers = 2,
	 .open_ns = 81234,
	 .call_ns = 12345678,
	 .dispatch_ns = 40,
	 .compute_ns = 12345000,
	 .seen = 2,
	 .plain_ns = 12000000,
	 .stamps = 0.0213,
	 .stamps_interval = {0.012, 0.031},
	 .trip_ns = 58,
	 .call = {passes, tiles, 2, 2, 1500}},
	{.runner = "some-creator:with=a:very=long:list=of:options=on:it=all",
	 .workers = 2,
	 .creates = true,
	 .open_ns = 77,
	 .call_ns = 123456,
	 .create_ns = 45678,
	 .seen = 1.2,
	 .trip_ns = NAN,
	 .call = {passes, tiles, 2, 2, 1500}},
};

static char what[] = "other-pool", why[] = "no library";
static struct skipped left_out = {.what = what, .why = why};

static struct split made_up(void)
{
	return (struct split){.kernel = "sum",
			      .n = 4096,
			      .tiles = 2,
			      .rounds = 9,
			      .generations = 3,
			      .workers = 2,
			      .rows = rows,
			      .nrows = 2,
			      .skipped = {&left_out, 1}};
}

static int write_table(const struct split *split, FILE *out)
{
	const struct report_style style = {.columns = 80};

	return split_table(split, out, &style);
}

static char *text_of(const struct split *split,
		     int (*write)(const struct split *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(write(split, out), 0);
	fclose(out);
	return text;
}

static void the_table_fits_and_tells_all(void **state)
{
	struct split split = made_up();
	char *text = text_of(&split, write_table);

	(void)state;
	assert_non_null(strstr(text, "sum of 4 Ki items, 2 tiles, 2 workers"));
	/* Created once is in brackets, in each call is not. */
	assert_non_null(strstr(text, "(81.2 us)"));
	assert_non_null(strstr(text, "12.3 ms"));
	assert_non_null(strstr(text, "+2.1 %"));
	assert_non_null(strstr(text, "on average, 1.2 of"));
	assert_null(strstr(text, "on average, 2.0 of"));
	assert_non_null(strstr(text, "Left out: other-pool: no library"));
	assert_non_null(strstr(text, "58.0 ns to 58.0 ns"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > 80)
			fail_msg("too long: %s", line);
	free(text);
}

static void a_failure_is_told_at_the_top(void **state)
{
	struct split split = made_up();
	char *text;

	(void)state;
	assert_true(split_is_whole(&split));
	left_out.failed = true;
	assert_false(split_is_whole(&split));
	text = text_of(&split, write_table);
	left_out.failed = false;
	assert_non_null(strstr(text, "NOT WHOLE"));
	free(text);
	split.nrows = 0;
	assert_false(split_is_whole(&split));
	text = text_of(&split, write_table);
	assert_non_null(strstr(text, "Nothing was measured"));
	free(text);
}

static json_t *json_of(const struct split *split,
		       int (*write)(const struct split *, FILE *))
{
	char *text = text_of(split, write);
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	free(text);
	return root;
}

static void the_json_holds_all_numbers(void **state)
{
	struct split split = made_up();
	json_t *root = json_of(&split, split_json);
	const json_t *array = json_object_get(root, "rows");
	const json_t *row = json_array_get(array, 0);

	(void)state;
	assert_int_equal(json_array_size(array), 2);
	assert_true(json_number_value(json_object_get(row, "call_ns")) ==
		    12345700);
	assert_true(json_is_false(json_object_get(row, "creates")));
	row = json_array_get(array, 1);
	assert_true(json_is_null(json_object_get(row, "trip_ns")));
	assert_int_equal(json_array_size(json_object_get(root, "skipped")), 1);
	assert_int_equal(json_array_size(json_object_get(root, "failed")), 0);
	json_decref(root);
}

/* How many events of this name; *us: how long they take in all. */
static int count(const json_t *events, const char *name, int pid, int tid,
		 double *us)
{
	int found = 0;

	*us = 0;
	for (size_t i = 0; i < json_array_size(events); i++) {
		const json_t *event = json_array_get(events, i);

		if (strcmp(json_string_value(json_object_get(event, "name")),
			   name) != 0 ||
		    json_integer_value(json_object_get(event, "pid")) != pid ||
		    json_integer_value(json_object_get(event, "tid")) != tid)
			continue;
		*us += json_number_value(json_object_get(event, "dur"));
		found++;
	}
	return found;
}

static void assert_events(const json_t *events, const char *name, int pid,
			  int tid, int times, double ns)
{
	double us;
	int found = count(events, name, pid, tid, &us);

	if (found != times || fabs(us * 1e3 - ns) > 1e-6)
		fail_msg("%s of %d/%d: %d times, %f us", name, pid, tid, found,
			 us);
}

static void what_is_written_can_be_read(void **state)
{
	struct split split = made_up(), read;
	json_t *root = json_of(&split, split_json);
	char *before = text_of(&split, write_table), *after;

	(void)state;
	assert_int_equal(split_read(root, &read), 0);
	after = text_of(&read, write_table);
	assert_string_equal(before, after);
	free(before);
	free(after);
	split_free(&read);
	json_decref(root);
}

/* Each of these lacks, or has wrong, what cannot be done without. */
static void what_is_no_split_is_refused(void **state)
{
	static const char *const needed[] = {
		"kernel", "n", "tiles", "workers", "rounds", "generations"};
	struct split split = made_up(), read;

	(void)state;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		json_t *root = json_of(&split, split_json);

		json_object_set_new(root, needed[i], json_real(-1));
		assert_int_equal(split_read(root, &read), -EINVAL);
		split_free(&read);
		json_decref(root);
	}
	for (int i = 0; i < 3; i++) {
		json_t *root = json_of(&split, split_json);
		const char *where = i < 2 ? "rows" : "skipped";
		json_t *first = json_array_get(json_object_get(root, where), 0);

		json_object_set_new(first, i == 1 ? "call_ns" : "runner",
				    json_null());
		assert_int_equal(split_read(root, &read), -EINVAL);
		split_free(&read);
		json_decref(root);
	}
	assert_int_equal(split_read(NULL, &read), -EINVAL);
	split_free(&read);
}

static void the_trace_shows_each_part(void **state)
{
	struct split split = made_up();
	json_t *root = json_of(&split, split_trace);
	const json_t *events = json_object_get(root, "traceEvents");

	(void)state;
	for (int pid = 1; pid <= 2; pid++) {
		assert_events(events, "process_name", pid, 0, 1, 0);
		assert_events(events, "thread_name", pid, 0, 1, 0);
		assert_events(events, "thread_name", pid, 1, 1, 0);
		assert_events(events, "call", pid, 0, 1, 1500);
		assert_events(events, "tile", pid, 0, 3, 550);
		assert_events(events, "tile", pid, 1, 1, 500);
		assert_events(events, "wait", pid, 0, 1, 300);
		assert_events(events, "wait", pid, 1, 0, 0);
		assert_events(events, "join", pid, 0, 2, 200);
		assert_events(events, "join", pid, 1, 0, 0);
		assert_events(events, "collect", pid, 0, 1, 100);
	}
	assert_events(events, "dispatch", 1, 0, 2, 200);
	assert_events(events, "dispatch", 1, 1, 1, 300);
	assert_events(events, "create", 1, 1, 0, 0);
	/* Nobody was created in the second pass. */
	assert_events(events, "create", 2, 0, 1, 100);
	assert_events(events, "create", 2, 1, 1, 300);
	assert_events(events, "dispatch", 2, 0, 1, 100);
	json_decref(root);
}

/* Readings on a busy machine say anything; stamps save no time. */
static void stamps_cost_what_is_proven(void **state)
{
	static const struct {
		double cost;
		struct interval interval;
		const char *words;
	} cases[] = {
		{0.0213, {0.012, 0.031}, "+2.1 %"},
		{0.002, {-0.01, 0.009}, "<0.9 %"},
		{-0.85, {-0.9, 1.13}, "<113 %"},
		{-0.85, {-0.9, -0.8}, "?"},
		{-0.85, {-INFINITY, INFINITY}, "?"},
		{0.021, {NAN, NAN}, "+2.1 %"}, /* an older record */
		{-0.85, {NAN, NAN}, "?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct split_row row = {.stamps = cases[i].cost,
					      .stamps_interval =
						      cases[i].interval};

		assert_string_equal(split_stamps(&row).s, cases[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_cost_what_is_proven),
		cmocka_unit_test(the_table_fits_and_tells_all),
		cmocka_unit_test(a_failure_is_told_at_the_top),
		cmocka_unit_test(the_json_holds_all_numbers),
		cmocka_unit_test(what_is_written_can_be_read),
		cmocka_unit_test(what_is_no_split_is_refused),
		cmocka_unit_test(the_trace_shows_each_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

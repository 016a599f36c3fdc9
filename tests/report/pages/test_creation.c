/* SPDX-License-Identifier: MIT */
/*
 * What is told of creations, and the law of their growth.
 */
#include "report/pages/creation_page.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIZES = 7, ROWS = 3 * SIZES + 2 };

static struct creation_row rows[ROWS];
static struct creation_fault faults[] = {
	{"first touch, parent", false, 4, 512.25, 500, 530, 1},
	{"copy-on-write, child", true, 2048, 900000, 880000, 1234567, 512},
};
static char what[] = "a parent of 16384 MiB", python[] = "3.11.2",
	    why[] = "half of the memory that is available here, with what "
		    "control groups allow, is 11843 MiB";
static struct skipped left_out[] = {{what, why, false}};

/* fork takes 95 us + 31 us per MiB in small pages, 90 us + 0.07 in huge ones;
 * pthread takes 10. */
static struct creation made_up(void)
{
	size_t count = 0;

	for (int s = 0; s < SIZES; s++) {
		double mib = (double)(1 << 2 * s);
		double small = 95 + 31 * mib, huge = 90 + 0.07 * mib;

		rows[count++] = (struct creation_row){
			"fork", mib, false, small, small * 0.9, small * 1.1};
		rows[count++] = (struct creation_row){
			"fork", mib, true, huge, huge * 0.9, huge * 1.1};
		rows[count++] = (struct creation_row){
			"pthread", mib, false, 10, -INFINITY, INFINITY};
	}
	rows[count++] = (struct creation_row){
		"fork-pool-4", 1, false, 123456.75, 123000.5, 124000.5};
	rows[count++] = (struct creation_row){
		"python-process-5", 10.5, false, 4321.5, 4300, 4400};
	return (struct creation){.runs = 15,
				 .fault_mib = 32,
				 .worker = "something",
				 .python = python,
				 .rows = rows,
				 .nrows = count,
				 .faults = faults,
				 .nfaults = 2,
				 .skipped = {left_out, 1}};
}

static void the_law_is_found(void **state)
{
	struct creation creation = made_up();
	struct creation_law law;

	(void)state;
	assert_int_equal(creation_law(&creation, "fork", false, &law), 0);
	assert_float_equal(law.base_us, 95, 1e-6);
	assert_float_equal(law.us_per_mib, 31, 1e-8);
	assert_int_equal(law.sizes, SIZES);
	assert_true(law.lo_mib == 1 && law.hi_mib == 4096);
	assert_int_equal(creation_law(&creation, "fork", true, &law), 0);
	assert_float_equal(law.us_per_mib, 0.07, 1e-8);
}

/* A line through these would fall: what is told is no steeper than flat, and
 * lies among the points. */
static void a_law_that_falls_is_flat(void **state)
{
	struct creation creation = made_up();
	struct creation_law law;

	(void)state;
	for (size_t i = 0; i < creation.nrows; i++)
		if (strcmp(rows[i].what, "fork") == 0 && !rows[i].huge)
			rows[i].us = 200 - rows[i].parent_mib / 64;
	assert_int_equal(creation_law(&creation, "fork", false, &law), 0);
	assert_true(law.us_per_mib == 0);
	assert_true(law.base_us > 136 && law.base_us < 200);
}

static void a_law_that_begins_below_nothing_begins_there(void **state)
{
	struct creation creation = made_up();
	struct creation_law law;

	(void)state;
	for (size_t i = 0; i < creation.nrows; i++)
		if (strcmp(rows[i].what, "fork") == 0 && !rows[i].huge)
			rows[i].us = pow(rows[i].parent_mib, 1.2);
	assert_int_equal(creation_law(&creation, "fork", false, &law), 0);
	assert_true(law.base_us == 0);
	assert_true(law.us_per_mib > 1 && law.us_per_mib < 5.3);
}

static void one_size_has_no_law(void **state)
{
	struct creation creation = made_up();
	struct creation_law law;

	(void)state;
	assert_int_equal(creation_law(&creation, "fork-pool-4", false, &law),
			 -EDOM);
	assert_int_equal(creation_law(&creation, "vfork", false, &law), -EDOM);
}

static char *written(const struct creation *creation, bool json)
{
	const struct report_style style = {.columns = 80};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(json ? creation_json(creation, out)
			      : creation_table(creation, out, &style),
			 0);
	fclose(out);
	return text;
}

/* One long line, for sentences are broken anywhere. */
static void join_lines(char *text)
{
	char *out = text;

	for (; *text; text++) {
		bool blank = *text == '\n' || *text == ' ';

		if (!blank || text[1] != ' ')
			*out++ = (char)(blank ? ' ' : *text);
	}
	*out = '\0';
}

static void assert_fits(const char *text, size_t columns)
{
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");

		if (length > columns)
			fail_msg("%.*s", (int)length, line);
		line += length + (line[length] == '\n');
	}
}

static void the_table_says_it_in_80_columns(void **state)
{
	struct creation creation = made_up();
	char *text = written(&creation, false);

	(void)state;
	assert_fits(text, 80);
	assert_non_null(strstr(text, "\nfork "));
	assert_non_null(strstr(text, "127 ms")); /* 4 GiB in small pages */
	assert_non_null(strstr(text, "4 GiB"));
	assert_non_null(strstr(text, "4.32 ms"));
	join_lines(text);
	assert_non_null(strstr(text, "fork takes 95.0 us + 31.0 us per MiB "
				     "resident in 4K pages"));
	assert_non_null(strstr(text, "90.0 us + 70.0 ns per MiB resident in "
				     "huge pages"));
	assert_non_null(strstr(text, "Left out: a parent of 16384 MiB: half "));
	free(text);
}

/* More sizes than a line holds are told in two blocks, not cut. */
static void no_size_is_cut_off(void **state)
{
	struct creation creation = made_up();
	struct creation_row more[ROWS + 1];
	char *text;

	(void)state;
	memcpy(more, rows, sizeof(rows));
	more[ROWS] = (struct creation_row){"fork", 16384, false, 999000, 0, 0};
	creation.rows = more;
	creation.nrows = ROWS + 1;
	text = written(&creation, false);
	assert_fits(text, 80);
	assert_non_null(strstr(text, "16 GiB"));
	assert_non_null(strstr(text, "999 ms"));
	free(text);
}

static const json_t *find(const json_t *array, const char *name, double mib,
			  const char *pages)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *one = json_array_get(array, i);
		double at =
			json_number_value(json_object_get(one, "parent_mib"));

		if (strcmp(json_string_value(json_object_get(one, "what")),
			   name) == 0 &&
		    strcmp(json_string_value(json_object_get(one, "pages")),
			   pages) == 0 &&
		    (mib == 0 || at == mib))
			return one;
	}
	fail_msg("no %s of %g MiB", name, mib);
	return NULL;
}

static double number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

static void json_holds_every_number(void **state)
{
	struct creation creation = made_up();
	char *text = written(&creation, true);
	json_t *root = json_loads(text, 0, NULL);
	const json_t *row, *fault, *law;

	(void)state;
	assert_non_null(root);
	assert_int_equal(json_array_size(json_object_get(root, "rows")), ROWS);
	row = find(json_object_get(root, "rows"), "fork-pool-4", 1, "4k");
	assert_true(number(row, "us") == 123456.8);
	row = find(json_object_get(root, "rows"), "fork", 4096, "huge");
	assert_true(fabs(number(row, "us") - 376.72) < 1e-3);
	assert_true(fabs(number(row, "lo") - 339.048) < 1e-3);
	assert_true(fabs(number(row, "hi") - 414.392) < 1e-3);
	row = find(json_object_get(root, "rows"), "pthread", 1, "4k");
	assert_true(json_is_null(json_object_get(row, "lo")));
	fault = find(json_object_get(root, "faults"), "copy-on-write, child", 0,
		     "huge");
	assert_true(number(fault, "ns") == 900000);
	assert_true(fabs(number(fault, "ns_per_4k") - 1757.8125) < 1e-3);
	assert_true(number(fault, "faults") == 512);
	law = find(json_object_get(root, "laws"), "fork", 0, "4k");
	assert_true(fabs(number(law, "us_per_mib") - 31) < 1e-4);
	assert_int_equal(json_array_size(json_object_get(root, "left_out")), 1);
	json_decref(root);
	free(text);
}

/* A size below 0 is none: pages would look for rows that are not there. */
static void what_no_run_writes_is_refused(void **state)
{
	struct creation creation = made_up(), read;
	json_t *object;

	(void)state;
	rows[0].parent_mib = -1;
	object = creation_object(&creation);
	assert_int_equal(creation_read(object, &read), -EINVAL);
	creation_free(&read);
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_law_is_found),
		cmocka_unit_test(a_law_that_falls_is_flat),
		cmocka_unit_test(a_law_that_begins_below_nothing_begins_there),
		cmocka_unit_test(one_size_has_no_law),
		cmocka_unit_test(the_table_says_it_in_80_columns),
		cmocka_unit_test(no_size_is_cut_off),
		cmocka_unit_test(json_holds_every_number),
		cmocka_unit_test(what_no_run_writes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

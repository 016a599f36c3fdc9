/* SPDX-License-Identifier: MIT */
/*
 * The page of a class: what each seat predicted and measured.
 */
#include "report/lessons/class_page.h"
#include "results/study_record.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A seat's record, of two lessons: a number with an interval, and a choice. */
static void add_seat(struct class *class, const char *seat, const char *version,
		     double predicted, double gain, const char *choice)
{
	const struct lab_result lab = {.seat = seat, .seed = 7};
	struct lab_answer number = {
		.lesson = "cost",
		.title = "It costs",
		.unit = "times",
		.asked = "gain",
		.predicted = predicted,
		.nvalues = 1,
		.values = {{"gain", LAB_RATIO, gain, {gain / 2, gain * 2}, 95}},
		.state = LAB_TOLD,
		.outcome = "More",
	};
	struct lab_answer which = {
		.lesson = "win",
		.title = "One wins",
		.asked = "who",
		.predicted = NAN,
		.nvalues = 1,
		.values = {{"who", LAB_RATIO, 1.5, {1.4, 1.6}, 95}},
		.state = LAB_TOLD,
		.outcome = "Threads",
	};
	struct record *record = record_new();
	json_t *object = lab_result_json(&lab);
	json_t *rows = json_object_get(object, "lessons");

	if (!isnan(predicted))
		strcpy(number.prediction, "x");
	strcpy(which.prediction, choice);
	json_array_append_new(rows, lab_answer_json(&number));
	json_array_append_new(rows, lab_answer_json(&which));
	assert_int_equal(
		record_put_header(record,
				  json_pack("{s:i,s:s,s:s,s:{s:s,s:i}}",
					    "breakeven", 1, "study", "lab",
					    "version", version, "machine",
					    "model", "A CPU", "allowed", 8)),
		0);
	assert_int_equal(study_record_put(record, object), 0);
	assert_int_equal(class_add(class, record), 0);
	json_decref(object);
	record_free(record);
}

static char *write_class(const struct class *class)
{
	const struct report_style style = {.columns = 100, .count = 1};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(class_write(class, out, &style), 0);
	fclose(out);
	return text;
}

static void has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("'%s' is not in:\n%s", line, text);
}

static void seats_stand_side_by_side(void **state)
{
	struct class class = {.count = 0};
	char *text;

	(void)state;
	add_seat(&class, "Ada", "1.0", 3, 2, "Threads");
	add_seat(&class, NULL, "1.0", 100, 4, "Processes");
	add_seat(&class, "Ken", "1.0", NAN, 8, "");
	text = write_class(&class);
	has(text, "of 3 seats\n");
	has(text, "cost           3   1 of 2      51.5     4.00    2.00   8.00"
		  "   times\n");
	has(text, "win            3   1 of 2   Threads     1.50    1.50   1.50"
		  "   times\n");
	has(text, "Ada     2.00 [1.00,4.00] +   1.50 [1.40,1.60] +\n");
	has(text, "seat 2  4.00 [2.00,8.00] -   1.50 [1.40,1.60] -\n");
	has(text, "Ken       8.00 [4.00,16.0]     1.50 [1.40,1.60]\n");
	has(text, "  Ada:    A CPU, 8 CPUs\n");
	assert_null(strstr(text, "different versions"));
	free(text);
	class_free(&class);
}

static void versions_that_differ_are_told(void **state)
{
	struct class class = {.count = 0};
	char *text;

	(void)state;
	add_seat(&class, "Ada", "1.0", 3, 2, "");
	add_seat(&class, "Ken", "2.0", 3, 2, "");
	text = write_class(&class);
	has(text, "different versions of breakeven");
	has(text, "Ada\n    (1.0) Ken (2.0)\n");
	free(text);
	class_free(&class);
}

/* Whatever a student typed as a name. */
static void names_stay_names(void **state)
{
	struct class class = {.count = 0};
	char *text;

	(void)state;
	add_seat(&class, "\033[31mred\n<b>", "1.0", 3, 2, "");
	text = write_class(&class);
	assert_null(strchr(text, '\033'));
	has(text, "[31mred <b>");
	free(text);
	class_free(&class);
}

static void another_record_is_refused(void **state)
{
	struct class class = {.count = 0};
	struct record *record = record_new();

	(void)state;
	assert_int_equal(
		record_put_header(record, json_pack("{s:i,s:s}", "breakeven", 1,
						    "study", "lab")),
		0);
	assert_int_equal(class_add(&class, record), -EINVAL);
	assert_int_equal(class.count, 0);
	class_free(&class);
	record_free(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seats_stand_side_by_side),
		cmocka_unit_test(versions_that_differ_are_told),
		cmocka_unit_test(names_stay_names),
		cmocka_unit_test(another_record_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

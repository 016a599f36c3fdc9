/* SPDX-License-Identifier: MIT */
/*
 * What a lab leaves on record comes back as it was, and predictions are judged
 * by it.
 */
#include "analysis/studies/lab_result.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A lesson that asks for a number of this kind. */
static struct lab_answer make(enum lab_kind kind, double value, double lo,
			      double hi)
{
	return (struct lab_answer){
		.lesson = "own",
		.title = "A claim",
		.unit = "times",
		.asked = "gain",
		.predicted = NAN,
		.nvalues = 1,
		.values = {{"gain", kind, value, {lo, hi}, 75}},
		.state = LAB_TOLD,
		.outcome = "Many",
		.seconds = 1.5,
	};
}

static void predict(struct lab_answer *answer, double number)
{
	answer->predicted = number;
	strcpy(answer->prediction, "x");
}

/* The answer, by way of a record. The object has to outlive it. */
static struct lab_answer pass(const struct lab_answer *answer, json_t **object)
{
	const struct lab_result lab = {.seat = "Ada", .seed = 7};
	struct lab_result found;
	struct lab_answer got;

	*object = lab_result_json(&lab);
	json_array_append_new(json_object_get(*object, "lessons"),
			      lab_answer_json(answer));
	assert_int_equal(lab_result_read(*object, &found), 0);
	assert_string_equal(found.seat, "Ada");
	assert_int_equal(found.seed, 7);
	assert_null(found.folder);
	assert_int_equal(found.count, 1);
	got = found.answers[0];
	lab_result_free(&found);
	return got;
}

static void an_answer_comes_back(void **state)
{
	struct lab_answer answer = make(LAB_ITEMS, INFINITY, 100, INFINITY);
	struct lab_answer got;
	json_t *object;

	(void)state;
	answer.nchoices = 1;
	answer.choices[0] = (struct lab_choice){"n", "64Ki"};
	predict(&answer, INFINITY);
	answer.nvalues = 2;
	answer.values[1] = (struct lab_value){
		"none", LAB_TIME, NAN, {-INFINITY, INFINITY}, 0};
	got = pass(&answer, &object);
	assert_string_equal(got.lesson, "own");
	assert_string_equal(got.title, "A claim");
	assert_string_equal(got.unit, "times");
	assert_string_equal(got.asked, "gain");
	assert_string_equal(got.outcome, "Many");
	assert_string_equal(got.choices[0].name, "n");
	assert_string_equal(got.choices[0].text, "64Ki");
	assert_string_equal(got.prediction, "x");
	assert_true(got.predicted == INFINITY);
	assert_true(got.seconds == 1.5);
	assert_int_equal(got.nvalues, 2);
	assert_int_equal(got.values[0].kind, LAB_ITEMS);
	assert_true(got.values[0].value == INFINITY);
	assert_true(got.values[0].interval.lo == 100);
	assert_true(got.values[0].interval.hi == INFINITY);
	assert_true(got.values[0].confidence == 75);
	assert_true(isnan(got.values[1].value));
	assert_true(got.values[1].interval.lo == -INFINITY);
	json_decref(object);
}

/* A lesson is on record when it was begun, and again when it was measured. */
static void the_last_row_counts(void **state)
{
	struct lab_answer first = {.lesson = "own",
				   .title = "A claim",
				   .asked = "gain",
				   .predicted = 3,
				   .prediction = "3",
				   .why = "it was not its turn",
				   .seconds = NAN};
	struct lab_answer last = make(LAB_RATIO, 2, 1.9, 2.1);
	const struct lab_result lab = {.seed = 7};
	struct lab_result found;
	json_t *object = lab_result_json(&lab);
	json_t *rows = json_object_get(object, "lessons");

	(void)state;
	json_array_append_new(rows, lab_answer_json(&first));
	assert_int_equal(lab_result_read(object, &found), 0);
	assert_int_equal(found.answers[0].state, LAB_NOT_MEASURED);
	assert_string_equal(found.answers[0].prediction, "3");
	assert_false(lab_is_judged(&found.answers[0]));
	lab_result_free(&found);
	json_array_append_new(rows, lab_answer_json(&last));
	assert_int_equal(lab_result_read(object, &found), 0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.answers[0].state, LAB_TOLD);
	lab_result_free(&found);
	json_decref(object);
}

static void what_is_none_is_refused(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"{'seed':1}",
		"{'seed':1,'lessons':[{}]}",
		"{'seed':1,'lessons':[{'lesson':'a','title':'A','asked':'g',"
		"'state':'other'}]}",
		"{'seed':1,'lessons':[{'lesson':'a','title':'A','asked':'g',"
		"'state':'told'}]}",
		"{'seed':1,'lessons':[{'lesson':'a','title':'A','asked':'g',"
		"'state':'skipped','values':[{'name':'g','kind':'other'}]}]}",
		"{'seed':1,'lessons':[{'lesson':'a','title':'A','asked':'g',"
		"'state':'skipped','values':[{'kind':'ratio'}]}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[512];
		json_t *object;
		struct lab_result found;

		strcpy(text, wrong[i]);
		for (char *c = text; *c; c++)
			*c = *c == '\'' ? '"' : *c;
		object = json_loads(text, 0, NULL);
		assert_non_null(object);
		assert_int_equal(lab_result_read(object, &found), -EINVAL);
		lab_result_free(&found);
		json_decref(object);
	}
}

static void numbers_are_judged(void **state)
{
	static const struct {
		enum lab_kind kind;
		double value, lo, hi, predicted;
		bool right;
	} cases[] = {
		{LAB_RATIO, 2, 1.6, 2.4, 1.3, true},
		{LAB_RATIO, 2, 1.6, 2.4, 1.2, false},
		{LAB_RATIO, 2, 1.6, 2.4, 3, true},
		{LAB_RATIO, 2, 1.6, 2.4, 3.1, false},
		{LAB_RATIO, 2, 1.6, 2.4, INFINITY, false},
		{LAB_ITEMS, INFINITY, INFINITY, INFINITY, INFINITY, true},
		{LAB_ITEMS, INFINITY, INFINITY, INFINITY, 1e9, false},
		/* Where no interval is known, it is the value itself. */
		{LAB_TIME, 100, -INFINITY, INFINITY, 120, true},
		{LAB_TIME, 100, -INFINITY, INFINITY, 130, false},
		/* A count of processes is exact. */
		{LAB_COUNT, 6, 6, 6, 6, true},
		{LAB_COUNT, 6, 6, 6, 5, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab_answer answer = make(cases[i].kind, cases[i].value,
						cases[i].lo, cases[i].hi);

		assert_false(lab_is_judged(&answer));
		assert_false(lab_is_right(&answer));
		predict(&answer, cases[i].predicted);
		assert_true(lab_is_judged(&answer));
		if (lab_is_right(&answer) != cases[i].right)
			fail_msg("case %zu", i);
	}
}

static void outcomes_are_judged(void **state)
{
	struct lab_answer answer = make(LAB_RATIO, 2, 1.6, 2.4);

	(void)state;
	answer.unit = NULL;
	strcpy(answer.prediction, "Few");
	assert_true(lab_is_judged(&answer));
	assert_false(lab_is_right(&answer));
	strcpy(answer.prediction, "Many");
	assert_true(lab_is_right(&answer));
	answer.state = LAB_UNCLEAR;
	answer.outcome = NULL;
	assert_false(lab_is_judged(&answer));
	assert_false(lab_is_right(&answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back),
		cmocka_unit_test(the_last_row_counts),
		cmocka_unit_test(what_is_none_is_refused),
		cmocka_unit_test(numbers_are_judged),
		cmocka_unit_test(outcomes_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

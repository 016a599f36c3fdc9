/* SPDX-License-Identifier: MIT */
/*
 * Lessons as they are written, predictions as they are typed, and the pages of
 * both; and all lessons that are built in.
 */
#include "report/lessons/lesson_page.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                   \
	"# A claim\n\nIts text, of {n} items.\n\n## Question\n\nHow many?\n\n"
#define TAIL                                                                   \
	"\n## Few\n\nFew: {gain}.\n\n## Many\n\nMany.\n\n## Try\n\n"           \
	"- This.\n\n```c\nif (x)\n\n\ty;\n```\n\n## Teacher\n\nFew.\n"
#define LINES                                                                  \
	"- measure: `bench -k sum -n {n}`\n- change n: 1Ki 2Ki\n"              \
	"- let gain: speed-up sum fork\n- answer: gain\n- unit: times\n"       \
	"- outcome Few: below 1\n- outcome Many: 1.5 to 4\n"
#define WHOLE HEAD "## Measure\n\n" LINES TAIL

static void a_lesson_is_read(void **state)
{
	struct lesson lesson;
	struct error error;

	(void)state;
	assert_int_equal(lesson_parse(&lesson, "mine", WHOLE, &error), 0);
	assert_string_equal(lesson.name, "mine");
	assert_string_equal(lesson.title, "A claim");
	assert_string_equal(lesson_part(&lesson, ""),
			    "\nIts text, of {n} items.\n\n");
	assert_string_equal(lesson_part(&lesson, "Question"),
			    "\nHow many?\n\n");
	assert_string_equal(lesson_part(&lesson, "Teacher"), "\nFew.\n");
	assert_string_equal(lesson_part(&lesson, "Nothing"), "");
	assert_int_equal(lesson.nmeasures, 1);
	assert_string_equal(lesson.measures[0], "`bench -k sum -n {n}`");
	assert_string_equal(lesson.lets[0].name, "gain");
	assert_string_equal(lesson.lets[0].what, "speed-up sum fork");
	assert_string_equal(lesson.changes[0].what, "1Ki 2Ki");
	assert_string_equal(lesson.answer, "gain");
	assert_string_equal(lesson.unit, "times");
	assert_int_equal(lesson.noutcomes, 2);
	assert_int_equal(lesson_outcome(&lesson, 0.5, 0.9), 0);
	assert_int_equal(lesson_outcome(&lesson, 0.5, 1.1), -1);
	assert_int_equal(lesson_outcome(&lesson, 1.5, 4), 1);
	assert_int_equal(lesson_outcome(&lesson, 1.5, INFINITY), -1);
	lesson_free(&lesson);
}

static void what_is_wrong_with_a_lesson_is_told(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"", "mine.md:1: a lesson begins with '# '"},
		{"# A claim\n", "it has no section 'Measure'"},
		{HEAD "## Measure\n\n" LINES "- noise: 1\n" TAIL,
		 "mine.md:18: a line of 'Measure' is"},
		{HEAD "## Measure\n\nProse\n" LINES TAIL,
		 "mine.md:11: a line of 'Measure' is"},
		{HEAD "## Measure\n\n" LINES "- outcome None: below 1\n" TAIL,
		 "mine.md:18: no section has the name of this outcome"},
		{HEAD "## Measure\n\n" LINES "- outcome Few: 3 to 1\n" TAIL,
		 "mine.md:18: an outcome is 'below X'"},
		{HEAD "## Measure\n\n" LINES "- outcome Few: below \n" TAIL,
		 "mine.md:18: an outcome is 'below X'"},
		{HEAD "## Measure\n\n" LINES "- let : sum\n" TAIL,
		 "mine.md:18: it lacks a name"},
		{HEAD "## Measure\n\n" LINES "- answer: other\n" TAIL,
		 "its 'answer' is none of the names"},
		{HEAD "## Measure\n\n- answer: gain\n" TAIL,
		 "names nothing to measure"},
		{"# A claim\n\n## Measure\n\n" LINES TAIL,
		 "it has no section 'Question'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lesson lesson;
		struct error error = {.kind = 0};

		assert_int_equal(
			lesson_parse(&lesson, "mine", cases[i].text, &error),
			ERROR_USAGE);
		if (!strstr(error.text, cases[i].says))
			fail_msg("'%s' is not '%s'", error.text, cases[i].says);
		lesson_free(&lesson);
	}
}

static void lines_may_end_as_elsewhere(void **state)
{
	char text[4096], *to = text;
	struct lesson lesson;
	struct error error;

	(void)state;
	for (const char *from = WHOLE; *from; from++) {
		if (*from == '\n')
			*to++ = '\r';
		*to++ = *from;
	}
	*to = '\0';
	assert_int_equal(lesson_parse(&lesson, "mine", text, &error), 0);
	assert_string_equal(lesson.title, "A claim");
	assert_string_equal(lesson.unit, "times");
	assert_string_equal(lesson_part(&lesson, "Teacher"), "\nFew.\n");
	lesson_free(&lesson);
}

/* As if it had been measured. */
static void find(struct lesson *lesson, struct lesson_result *result,
		 double value)
{
	struct error error;
	int outcome;

	assert_int_equal(lesson_parse(lesson, "mine", WHOLE, &error), 0);
	*result = (struct lesson_result){
		.lesson = lesson,
		.answer = {.lesson = lesson->name,
			   .title = lesson->title,
			   .unit = lesson->unit,
			   .asked = lesson->answer,
			   .choices = {{"n", "2Ki"}},
			   .nchoices = 1,
			   .predicted = NAN,
			   .nvalues = 1,
			   .values = {{"gain",
				       LAB_RATIO,
				       value,
				       {value * 0.9, value * 1.1},
				       87.5}}},
	};
	outcome = lesson_outcome(lesson, value * 0.9, value * 1.1);
	if (outcome < 0)
		return;
	result->answer.state = LAB_TOLD;
	result->answer.outcome = lesson->outcomes[outcome].name;
}

static void predictions_are_numbers(void **state)
{
	static const struct {
		const char *text;
		double number; /* NaN: it is refused */
	} cases[] = {
		{"0.5", 0.5},	{".6", 0.6},  {"0.5x", 0.5},
		{"2 times", 2}, {"1k", 1000}, {"64Ki", 65536},
		{"twice", NAN}, {"-1", NAN},  {"never", INFINITY},
		{"nan", NAN},	{"1q", NAN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lesson lesson;
		struct lesson_result result;
		bool taken;

		find(&lesson, &result, 0.5);
		taken = lesson_result_predict(&result, cases[i].text);
		if (taken == isnan(cases[i].number) ||
		    (taken && result.answer.predicted != cases[i].number))
			fail_msg("'%s': %d, %g", cases[i].text, taken,
				 result.answer.predicted);
		assert_string_equal(result.answer.prediction,
				    taken ? cases[i].text : "");
		lesson_free(&lesson);
	}
}

static void predictions_are_outcomes(void **state)
{
	static const struct {
		const char *text, *outcome; /* "": it is refused */
	} cases[] = {
		{"1", "Few"}, {"2", "Many"},  {"3", ""},
		{"0", ""},    {"few", "Few"}, {"M", "Many"},
		{"", ""},     {"maybe", ""},  {"Few or many", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lesson lesson;
		struct lesson_result result;

		find(&lesson, &result, 2);
		lesson.unit = NULL;
		assert_int_equal(lesson_result_predict(&result, cases[i].text),
				 cases[i].outcome[0] != '\0');
		assert_string_equal(result.answer.prediction, cases[i].outcome);
		lesson_free(&lesson);
	}
}

static int build(struct doc *doc, const void *result)
{
	lesson_put_before(doc, result, 1);
	lesson_put_after(doc, result, false);
	return 0;
}

static void the_page_has_what_was_measured(void **state)
{
	static const char expect[] = "A claim\n"
				     "Its text, of 2Ki items.\n"
				     "\n"
				     "Question\n"
				     "How many?\n"
				     "\n"
				     "Answer\n"
				     "You said 4. Measured: 0.50 [0.45,0.55] "
				     "times. The brackets are right\n"
				     "    in 87.5 of 100 cases: there was "
				     "time for few repetitions.\n"
				     "Few: 0.50 [0.45,0.55].\n"
				     "\n"
				     "Try\n"
				     "  This.\n"
				     "\n"
				     "    if (x)\n"
				     "\n"
				     "        y;\n";
	const struct report_style style = {.columns = 70, .count = 1};
	struct lesson_result result;
	struct lesson lesson;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	find(&lesson, &result, 0.5);
	assert_true(lesson_result_predict(&result, "4"));
	assert_int_equal(doc_print(build, &result, out, &style), 0);
	fclose(out);
	assert_string_equal(text, expect);
	free(text);
	lesson_free(&lesson);
}

/* Each has what a teacher needs, and says what follows in each case. */
static void ours_are_whole(void **state)
{
	static const char *const parts[] = {"Question", "Try", "At home",
					    "Teacher"};
	size_t count = 0;

	(void)state;
	for (; lesson_files[count].name; count++) {
		const struct lesson_file *file = &lesson_files[count];
		struct lesson lesson;
		struct error error;

		if (lesson_parse(&lesson, file->name, file->text, &error))
			fail_msg("%s", error.text);
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (!*lesson_part(&lesson, parts[i]))
				fail_msg("%s has no '%s'", file->name,
					 parts[i]);
		lesson_free(&lesson);
	}
	assert_in_range(count, 15, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lesson_is_read),
		cmocka_unit_test(what_is_wrong_with_a_lesson_is_told),
		cmocka_unit_test(lines_may_end_as_elsewhere),
		cmocka_unit_test(predictions_are_numbers),
		cmocka_unit_test(predictions_are_outcomes),
		cmocka_unit_test(the_page_has_what_was_measured),
		cmocka_unit_test(ours_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

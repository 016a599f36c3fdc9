/* SPDX-License-Identifier: MIT */
#include "report/lessons/lesson_result.h"

#include "report/doc/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A prediction may miss the interval by so much. */
#define NEAR_ENOUGH 1.25

const struct lesson_value *lesson_result_find(
	const struct lesson_result *result, const char *name)
{
	for (size_t i = 0; i < result->nvalues; i++)
		if (strcmp(result->values[i].name, name) == 0)
			return &result->values[i];
	return NULL;
}

const struct lesson_value *lesson_result_answer(
	const struct lesson_result *result)
{
	return lesson_result_find(result, result->lesson->answer);
}

/* ------------------------------------------------------------- predictions */

/* "10", "2.5x", "64Ki", "never". False: it is no number. */
static bool predict_number(const char *text, double *number)
{
	static const struct {
		const char *suffix;
		double factor;
	} units[] = {{"", 1},	      {"x", 1},	    {"times", 1},
		     {"k", 1e3},      {"ki", 1024}, {"m", 1e6},
		     {"mi", 1 << 20}, {"g", 1e9},   {"gi", 1 << 30}};
	char *end;

	if (strcasecmp(text, "never") == 0) {
		*number = INFINITY;
		return true;
	}
	*number = strtod(text, &end);
	if (end == text || !isfinite(*number) || *number < 0)
		return false;
	end += strspn(end, " ");
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcasecmp(end, units[i].suffix) == 0) {
			*number *= units[i].factor;
			return true;
		}
	return false;
}

/* Which outcome does the text name? Its place, or -1: none, or several. */
static int predict_outcome(const struct lesson *lesson, const char *text)
{
	size_t length = strlen(text);
	int found = -1;

	if (length == 1 && text[0] >= '1' &&
	    (size_t)(text[0] - '1') < lesson->noutcomes)
		return text[0] - '1';
	for (size_t i = 0; length && i < lesson->noutcomes; i++) {
		const char *name = lesson->outcomes[i].name;

		if (strncasecmp(name, text, length) != 0)
			continue;
		if (strlen(name) == length)
			return (int)i;
		if (found >= 0)
			return -1;
		found = (int)i;
	}
	return found;
}

bool lesson_result_predict(struct lesson_result *result, const char *text)
{
	const struct lesson *lesson = result->lesson;
	double number = NAN;
	int outcome = -1;

	if (lesson->unit ? !predict_number(text, &number)
			 : (outcome = predict_outcome(lesson, text)) < 0)
		return false;
	result->predicted = number;
	result->predicted_outcome = outcome;
	snprintf(result->prediction, sizeof(result->prediction), "%s",
		 lesson->unit ? text : lesson->outcomes[outcome].name);
	return true;
}

bool lesson_result_is_right(const struct lesson_result *result)
{
	const struct lesson_value *answer = lesson_result_answer(result);
	double predicted = result->predicted;

	if (!answer || !result->prediction[0])
		return false;
	if (!result->lesson->unit)
		return result->predicted_outcome == result->outcome;
	if (isinf(predicted) || isinf(answer->value))
		return predicted == answer->value;
	return predicted >= answer->interval.lo / NEAR_ENOUGH &&
	       predicted <= answer->interval.hi * NEAR_ENOUGH;
}

/* ------------------------------------------------------------- words */

void lesson_value_put(FILE *out, const struct lesson_value *value)
{
	const struct interval *interval = &value->interval;

	if (isnan(value->value)) {
		fputs("unknown", out);
		return;
	}
	switch (value->kind) {
	case LESSON_RATIO:
		fprintf(out, "%s", text_ratio(value->value, false).s);
		if (value->confidence > 0)
			fprintf(out, " %s",
				text_interval(log(interval->lo),
					      log(interval->hi), false)
					.s);
		break;
	case LESSON_ITEMS:
		if (isinf(value->value)) {
			fputs("never", out);
			break;
		}
		fprintf(out, "%s", text_count(value->value).s);
		if (value->confidence > 0)
			fprintf(out, " [%s .. %s]", text_count(interval->lo).s,
				text_count(interval->hi).s);
		break;
	case LESSON_TIME:
		fputs(text_time(value->value).s, out);
		break;
	case LESSON_COUNT:
		if (value->value < 1000)
			fprintf(out, "%.3g", value->value);
		else
			fputs(text_count(value->value).s, out);
		break;
	}
}

static void put_name(FILE *out, const struct lesson_result *result,
		     const char *name, size_t length)
{
	for (size_t i = 0; i < result->nchosen; i++)
		if (strlen(result->chosen[i].name) == length &&
		    memcmp(result->chosen[i].name, name, length) == 0) {
			fputs(result->chosen[i].text, out);
			return;
		}
	for (size_t i = 0; i < result->nvalues; i++)
		if (strlen(result->values[i].name) == length &&
		    memcmp(result->values[i].name, name, length) == 0) {
			lesson_value_put(out, &result->values[i]);
			return;
		}
	fprintf(out, "{%.*s}", (int)length, name);
}

void lesson_result_put(FILE *out, const struct lesson_result *result,
		       const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *open = memchr(text, '{', (size_t)(end - text));
		const char *close =
			open ? memchr(open, '}', (size_t)(end - open)) : NULL;

		if (!close) {
			fwrite(text, 1, (size_t)(end - text), out);
			return;
		}
		fwrite(text, 1, (size_t)(open - text), out);
		put_name(out, result, open + 1, (size_t)(close - open) - 1);
		text = close + 1;
	}
}

/* SPDX-License-Identifier: MIT */
#include "report/lessons/lesson_result.h"

#include "report/doc/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
	result->answer.predicted = number;
	snprintf(result->answer.prediction, LAB_PREDICTION_MAX, "%s",
		 lesson->unit ? text : lesson->outcomes[outcome].name);
	return true;
}

/* ------------------------------------------------------------- words */

void lesson_value_put(FILE *out, const struct lab_value *value)
{
	const struct interval *interval = &value->interval;

	if (isnan(value->value)) {
		fputs("unknown", out);
		return;
	}
	switch (value->kind) {
	case LAB_RATIO:
		fprintf(out, "%s", text_ratio(value->value, false).s);
		if (value->confidence > 0)
			fprintf(out, " %s",
				text_interval(log(interval->lo),
					      log(interval->hi), false)
					.s);
		break;
	case LAB_ITEMS:
		if (isinf(value->value)) {
			fputs("never", out);
			break;
		}
		fprintf(out, "%s", text_count(value->value).s);
		if (value->confidence > 0)
			fprintf(out, " [%s .. %s]", text_count(interval->lo).s,
				text_count(interval->hi).s);
		break;
	case LAB_TIME:
		fputs(text_time(value->value).s, out);
		break;
	default:
		if (value->value < 1000)
			fprintf(out, "%.3g", value->value);
		else
			fputs(text_count(value->value).s, out);
		break;
	}
}

/* The names stand in the text, and do not end there. */
static bool is_name(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && memcmp(name, text, length) == 0;
}

static void put_name(FILE *out, const struct lab_answer *answer,
		     const char *name, size_t length)
{
	for (size_t i = 0; i < answer->nchoices; i++)
		if (is_name(answer->choices[i].name, name, length)) {
			fputs(answer->choices[i].text, out);
			return;
		}
	for (size_t i = 0; i < answer->nvalues; i++)
		if (is_name(answer->values[i].name, name, length)) {
			lesson_value_put(out, &answer->values[i]);
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
		put_name(out, &result->answer, open + 1,
			 (size_t)(close - open) - 1);
		text = close + 1;
	}
}

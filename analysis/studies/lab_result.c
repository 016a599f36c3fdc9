/* SPDX-License-Identifier: MIT */
#include "analysis/studies/lab_result.h"

#include "results/json_value.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A prediction may miss the interval by so much. */
#define NEAR_ENOUGH 1.25

/* In records, which have no infinite numbers. */
#define NEVER "never"

static const char *const kind_names[LAB_KINDS] = {"ratio", "items", "time",
						  "count"};
static const char *const state_names[LAB_STATES] = {"not measured", "skipped",
						    "unclear", "told"};

/* ------------------------------------------------------------- values */

const struct lab_value *lab_find_value(const struct lab_answer *answer,
				       const char *name)
{
	for (size_t i = 0; i < answer->nvalues; i++)
		if (strcmp(answer->values[i].name, name) == 0)
			return &answer->values[i];
	return NULL;
}

const struct lab_value *lab_asked_value(const struct lab_answer *answer)
{
	return lab_find_value(answer, answer->asked);
}

/* A number of processes is exact; a time is not, even where its interval is not
 * known. */
static bool is_exact(const struct lab_value *value)
{
	return value->interval.lo == value->value &&
	       value->interval.hi == value->value;
}

static double end_or(double end, const struct lab_value *value)
{
	return isfinite(end) ? end : value->value;
}

bool lab_is_right(const struct lab_answer *answer)
{
	const struct lab_value *asked = lab_asked_value(answer);
	double predicted = answer->predicted;

	if (!asked || !answer->prediction[0])
		return false;
	if (!answer->unit)
		return answer->state == LAB_TOLD &&
		       strcmp(answer->prediction, answer->outcome) == 0;
	if (isinf(predicted) || isinf(asked->value) || is_exact(asked))
		return predicted == asked->value;
	return predicted >= end_or(asked->interval.lo, asked) / NEAR_ENOUGH &&
	       predicted <= end_or(asked->interval.hi, asked) * NEAR_ENOUGH;
}

bool lab_is_judged(const struct lab_answer *answer)
{
	const struct lab_value *asked = lab_asked_value(answer);

	return answer->prediction[0] && asked && !isnan(asked->value) &&
	       (answer->unit || answer->state == LAB_TOLD);
}

int lab_result_values(const struct lab_result *lab, struct study_values *values)
{
	static const char *const units[LAB_KINDS] = {"x", "items", "ns", ""};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < lab->count; i++) {
		const struct lab_answer *answer = &lab->answers[i];
		const struct lab_value *asked = lab_asked_value(answer);

		if (asked)
			rc = study_values_add(values, units[asked->kind],
					      asked->value, asked->interval,
					      "%s: %s", answer->lesson,
					      answer->asked);
	}
	return rc;
}

/* ------------------------------------------------------------- to JSON */

static json_t *number_json(double number)
{
	return number == INFINITY ? json_string(NEVER) : json_number(number);
}

static json_t *value_json(const struct lab_value *value)
{
	return json_pack("{s:s,s:s,s:o,s:o,s:o,s:f}", "name", value->name,
			 "kind", kind_names[value->kind], "value",
			 number_json(value->value), "lo",
			 number_json(value->interval.lo), "hi",
			 number_json(value->interval.hi), "confidence",
			 value->confidence);
}

static json_t *choices_json(const struct lab_answer *answer)
{
	json_t *choices = json_object();

	for (size_t i = 0; i < answer->nchoices; i++)
		json_object_set_new(choices, answer->choices[i].name,
				    json_string(answer->choices[i].text));
	return choices;
}

json_t *lab_answer_json(const struct lab_answer *answer)
{
	const char *prediction = answer->prediction;
	const char *why = answer->why;
	json_t *values = json_array();

	for (size_t i = 0; i < answer->nvalues; i++)
		json_array_append_new(values, value_json(&answer->values[i]));
	return json_pack("{s:s,s:s,s:s?,s:s,s:o,s:s?,s:o,s:o,s:s,s:s?,s:s?,"
			 "s:o}",
			 "lesson", answer->lesson, "title", answer->title,
			 "unit", answer->unit, "asked", answer->asked,
			 "choices", choices_json(answer), "prediction",
			 prediction[0] ? prediction : NULL, "predicted",
			 number_json(answer->predicted), "values", values,
			 "state", state_names[answer->state], "outcome",
			 answer->outcome, "why", why[0] ? why : NULL, "seconds",
			 json_number(answer->seconds));
}

json_t *lab_result_json(const struct lab_result *lab)
{
	return json_pack("{s:s?,s:I,s:s?,s:[]}", "seat", lab->seat, "seed",
			 (json_int_t)lab->seed, "folder", lab->folder,
			 "lessons");
}

/* ------------------------------------------------------------- from JSON */

/* -1: it is none of them. */
static int find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; name && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

static double number_in(const json_t *object, const char *key)
{
	const char *text = json_string_in(object, key);

	return text && strcmp(text, NEVER) == 0 ? INFINITY
						: json_number_in(object, key);
}

static double end_in(const json_t *object, const char *key, double unknown)
{
	double end = number_in(object, key);

	return isnan(end) ? unknown : end;
}

static int read_value(const json_t *object, struct lab_value *value)
{
	int kind = find_name(kind_names, LAB_KINDS,
			     json_string_in(object, "kind"));
	double confidence = json_number_in(object, "confidence");

	*value = (struct lab_value){
		.name = json_string_in(object, "name"),
		.kind = (enum lab_kind)kind,
		.value = number_in(object, "value"),
		.interval = {end_in(object, "lo", -INFINITY),
			     end_in(object, "hi", INFINITY)},
		.confidence = confidence > 0 ? confidence : 0,
	};
	return value->name && kind >= 0 ? 0 : -EINVAL;
}

static int read_values(const json_t *row, struct lab_answer *answer)
{
	const json_t *values = json_object_get(row, "values");
	int rc = 0;

	if (json_array_size(values) > LAB_VALUES_MAX)
		return -EINVAL;
	for (size_t i = 0; rc == 0 && i < json_array_size(values); i++)
		rc = read_value(json_array_get(values, i),
				&answer->values[answer->nvalues++]);
	return rc;
}

static void read_choices(const json_t *row, struct lab_answer *answer)
{
	json_t *choices = json_object_get(row, "choices"), *value;
	const char *name;

	json_object_foreach(choices, name, value)
	{
		struct lab_choice *choice = &answer->choices[answer->nchoices];

		if (!json_is_string(value) ||
		    answer->nchoices == LAB_CHOICES_MAX)
			continue;
		choice->name = name;
		snprintf(choice->text, LAB_CHOICE_MAX, "%s",
			 json_string_value(value));
		answer->nchoices++;
	}
}

static void read_text(const json_t *row, const char *key, char *text,
		      size_t size)
{
	const char *found = json_string_in(row, key);

	snprintf(text, size, "%s", found ? found : "");
}

static int read_answer(const json_t *row, struct lab_answer *answer)
{
	int state = find_name(state_names, LAB_STATES,
			      json_string_in(row, "state"));

	*answer = (struct lab_answer){
		.lesson = json_string_in(row, "lesson"),
		.title = json_string_in(row, "title"),
		.unit = json_string_in(row, "unit"),
		.asked = json_string_in(row, "asked"),
		.predicted = number_in(row, "predicted"),
		.state = (enum lab_state)state,
		.outcome = json_string_in(row, "outcome"),
		.seconds = json_number_in(row, "seconds"),
	};
	if (!answer->lesson || !answer->title || !answer->asked || state < 0 ||
	    (state == LAB_TOLD) != (answer->outcome != NULL))
		return -EINVAL;
	read_text(row, "prediction", answer->prediction, LAB_PREDICTION_MAX);
	read_text(row, "why", answer->why, ERROR_TEXT_MAX);
	read_choices(row, answer);
	return read_values(row, answer);
}

/* In the place of an earlier row of the same lesson, or behind all. Returns how
 * many there are. */
static size_t keep_answer(struct lab_answer *answers, size_t count,
			  const struct lab_answer *answer)
{
	size_t at = 0;

	while (at < count && strcmp(answers[at].lesson, answer->lesson) != 0)
		at++;
	answers[at] = *answer;
	return at < count ? count : count + 1;
}

int lab_result_read(const json_t *object, struct lab_result *lab)
{
	const json_t *rows = json_object_get(object, "lessons");
	size_t count = 0;
	uint64_t seed;
	int rc = 0;

	*lab = (struct lab_result){
		.seat = json_string_in(object, "seat"),
		.folder = json_string_in(object, "folder"),
	};
	if (!json_is_array(rows) || json_count_in(object, "seed", 0, &seed))
		return -EINVAL;
	lab->seed = seed;
	lab->answers = calloc(json_array_size(rows) + 1, sizeof(*lab->answers));
	if (!lab->answers)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++) {
		struct lab_answer answer;

		rc = read_answer(json_array_get(rows, i), &answer);
		if (rc == 0)
			count = keep_answer(lab->answers, count, &answer);
	}
	lab->count = count;
	return rc;
}

void lab_result_free(struct lab_result *lab)
{
	free(lab->answers);
}

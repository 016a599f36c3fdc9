/* SPDX-License-Identifier: MIT */
/*
 * What was predicted in a lesson, and what came out.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_LESSON_RESULT_H
#define BREAKEVEN_REPORT_LESSONS_LESSON_RESULT_H

#include "report/lessons/lesson.h"
#include "stats/stats.h"

#include <stdio.h>

enum lesson_kind {
	LESSON_RATIO,
	LESSON_ITEMS, /* infinite: never */
	LESSON_TIME,  /* ns */
	LESSON_COUNT,
};

struct lesson_value {
	const char *name;
	enum lesson_kind kind;
	double value;
	struct interval interval; /* ends may be infinite: not known */
	double confidence; /* how often such an interval holds it, in percent;
			      0: it is exact, and has no interval */
};

enum { LESSON_PREDICTION_MAX = 64, LESSON_CHOSEN_MAX = 24, LESSON_GIVEN = 3 };

/* Outcomes that the lesson does not name. */
enum { LESSON_UNCLEAR = -1, LESSON_SKIPPED = -2, LESSON_NOT_MEASURED = -3 };

struct lesson_result {
	const struct lesson *lesson; /* strings are its */
	/* What stands for the names of "change", and for LESSON_GIVEN others.
	 */
	struct {
		const char *name;
		char text[LESSON_CHOSEN_MAX];
	} chosen[LESSON_CHANGES_MAX + LESSON_GIVEN];
	size_t nchosen;
	char prediction[LESSON_PREDICTION_MAX]; /* as it was typed; or "" */
	double predicted;      /* a number; NaN: none, or an outcome */
	int predicted_outcome; /* or -1 */
	size_t nvalues;
	struct lesson_value values[LESSON_LETS_MAX];
	int outcome;		  /* of the lesson, or one of the above */
	char why[ERROR_TEXT_MAX]; /* it is unclear, or skipped */
	double seconds;		  /* that measuring took */
};

/* The value of this name; NULL: there is none. */
const struct lesson_value *lesson_result_find(
	const struct lesson_result *result, const char *name);

/* The value that is asked for; NULL: it was not measured. */
const struct lesson_value *lesson_result_answer(
	const struct lesson_result *result);

/* Take what was typed as a prediction: a number ("10", "2.5x", "64Ki"), or an
 * outcome by its name, the begin of it, or its place from 1. False: it is none;
 * nothing changes. */
bool lesson_result_predict(struct lesson_result *result, const char *text);

/* Was the prediction right: the outcome, or a number within a quarter of the
 * interval? */
bool lesson_result_is_right(const struct lesson_result *result);

/* "1.83 [1.79,1.88]", "6,200 items", "never" */
void lesson_value_put(FILE *out, const struct lesson_value *value);

/* The text, with what is known in place of "{name}". */
void lesson_result_put(FILE *out, const struct lesson_result *result,
		       const char *text, size_t length);

#endif

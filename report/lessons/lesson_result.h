/* SPDX-License-Identifier: MIT */
/*
 * What was predicted in a lesson, and what came out.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_LESSON_RESULT_H
#define BREAKEVEN_REPORT_LESSONS_LESSON_RESULT_H

#include "analysis/studies/lab_result.h"
#include "report/lessons/lesson.h"

#include <stdio.h>

/* Strings of the answer are the lesson's. */
struct lesson_result {
	const struct lesson *lesson;
	struct lab_answer answer;
};

/* Take what was typed as a prediction: a number ("10", "2.5x", "64Ki"), or an
 * outcome by its name, the begin of it, or its place from 1. False: it is none;
 * nothing changes. */
bool lesson_result_predict(struct lesson_result *result, const char *text);

/* "1.83 [1.79,1.88]", "6,200 items", "never" */
void lesson_value_put(FILE *out, const struct lab_value *value);

/* The text, with what is known in place of "{name}". */
void lesson_result_put(FILE *out, const struct lesson_result *result,
		       const char *text, size_t length);

#endif

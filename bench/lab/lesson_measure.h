/* SPDX-License-Identifier: MIT */
/*
 * What a lesson measures, by commands of this program as a user types them, and
 * the numbers that it takes from their records.
 */
#ifndef BREAKEVEN_BENCH_LAB_LESSON_MEASURE_H
#define BREAKEVEN_BENCH_LAB_LESSON_MEASURE_H

#include "report/lessons/lesson_result.h"

/*
 * Run all that the lesson measures, with what was chosen in its place, and fill
 * the answer's values and outcome. Where something else was at work meanwhile,
 * only what the lesson expects is an outcome: all else is unclear.
 *
 * 0: answer.state says what came of it, LAB_SKIPPED and LAB_UNCLEAR with the
 * reason. ERROR_INTERRUPTED: the user wants to stop. ERROR_USAGE: the
 * lesson asks for what there is not, which answer.why says.
 */
int lesson_measure(struct lesson_result *result);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What one command of a lesson has left, and the numbers that lessons ask of
 * it.
 */
#ifndef BREAKEVEN_BENCH_LAB_LESSON_SOURCE_H
#define BREAKEVEN_BENCH_LAB_LESSON_SOURCE_H

#include "analysis/findings.h"
#include "analysis/studies/study_values.h"
#include "bench/lab/demos.h"
#include "report/lessons/lesson_result.h"

struct lesson_source {
	struct record *record;	   /* NULL: of a demo */
	struct findings *findings; /* NULL: of a study, or of a demo */
	struct study_values values;
	const struct demo *demo;
	struct demo_value shown[DEMO_VALUES_MAX];
};

/* Run the command, or the demo. 0; or its exit status, or 1, with `why`. */
int lesson_source_run(struct lesson_source *source, const char *command,
		      char why[ERROR_TEXT_MAX]);
void lesson_source_free(struct lesson_source *source);

/*
 * The number that `what` asks for, as "speed-up sum pthread-pool 64Ki",
 * "break-even sum fork", "time sum fork", "value WHAT" of a study, or
 * "demo NAME". False: the source does not have it. value->name is the caller's.
 */
bool lesson_source_take(const struct lesson_source *source, const char *what,
			struct lab_value *value);

#endif

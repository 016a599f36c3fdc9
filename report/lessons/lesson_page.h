/* SPDX-License-Identifier: MIT */
/*
 * A lesson on the page: up to its question, and from its answer on.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_LESSON_PAGE_H
#define BREAKEVEN_REPORT_LESSONS_LESSON_PAGE_H

#include "report/doc/doc.h"
#include "report/lessons/lesson_result.h"

/* The claim, the text, the question, and what may be answered. */
void lesson_put_before(struct doc *doc, const struct lesson_result *result,
		       unsigned level);

/* The answer beside the prediction, what follows from it, what to try, and what
 * to think about; with `teacher` what teachers are told as well. */
void lesson_put_after(struct doc *doc, const struct lesson_result *result,
		      bool teacher);

#endif

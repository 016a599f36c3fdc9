/* SPDX-License-Identifier: MIT */
/*
 * Lessons that were measured, as one page.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_COURSE_PAGE_H
#define BREAKEVEN_REPORT_LESSONS_COURSE_PAGE_H

#include "report/doc/style.h"
#include "report/lessons/lesson_result.h"

struct course {
	const struct lesson_result *results;
	size_t count;
	bool teacher; /* tell what teachers are told */
};

/* Write it in style->form, answers folded, with charts in a page. 0, -ENOMEM,
 * or -errno of the stream. */
int course_write(const struct course *course, FILE *out,
		 const struct report_style *style);

#endif

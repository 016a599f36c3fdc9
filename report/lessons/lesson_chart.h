/* SPDX-License-Identifier: MIT */
/*
 * Charts of lessons: what was measured, beside what was predicted.
 */
#ifndef BREAKEVEN_REPORT_LESSONS_LESSON_CHART_H
#define BREAKEVEN_REPORT_LESSONS_LESSON_CHART_H

#include "analysis/studies/lab_result.h"
#include "report/chart/html_chart.h"

enum { LESSON_CHART_NAME_MAX = 128 };

/* A name of a row, cut where a character ends. */
void lesson_chart_name(char name[LESSON_CHART_NAME_MAX], const char *text);

/* A row of a chart, with the prediction if the value (or NULL) is the one that
 * is asked for. Points into `name`. */
struct chart_strip_row lesson_chart_row(const struct lab_answer *answer,
					const struct lab_value *value,
					const char *name);

/* What the axis of such a chart is in. */
const char *lesson_chart_unit(const struct lab_answer *answer);

/* Put a chart into the page, if it was drawn, with a legend. Its caption is
 * "TITLE: what it shows.". */
void lesson_chart_put(struct doc *doc, const struct pictures *pictures,
		      unsigned id, const char *title, const char *shows);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The charts of a survey: of each kernel, from which size on each runner pays
 * on each machine.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SURVEY_CHARTS_H
#define BREAKEVEN_REPORT_PAGES_SURVEY_CHARTS_H

#include "report/chart/html_chart.h"
#include "report/pages/survey_page.h"

/* Draw them all, with ids from 0 on in the order of survey_each(). 0 or
 * -ENOMEM; pictures_free() is due in any case. */
int survey_draw_charts(const struct survey *survey, struct pictures *pictures);

/* Put that of a kernel, if there is one. */
void survey_put_chart(struct doc *doc, const struct survey *survey,
		      const struct pictures *pictures, const char *kernel,
		      unsigned id);

#endif

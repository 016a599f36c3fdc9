/* SPDX-License-Identifier: MIT */
/*
 * The page and the JSON of a comparison of two records of one study.
 */
#ifndef BREAKEVEN_REPORT_PAGES_STUDY_COMPARE_PAGE_H
#define BREAKEVEN_REPORT_PAGES_STUDY_COMPARE_PAGE_H

#include "analysis/studies/study_compare.h"
#include "report/doc/style.h"
#include "results/record.h"

struct study_comparison {
	struct {
		const char *path;
		const struct record *record;
	} a, b;
	const struct study_changes *changes;
};

/* One of several, by style->index. 0, -ENOMEM, or -errno of the stream. */
int study_compare_table(const struct study_comparison *comparison, FILE *out,
			const struct report_style *style);
int study_compare_json(const struct study_comparison *comparison, FILE *out,
		       const struct report_style *style);

#endif

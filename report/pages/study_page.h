/* SPDX-License-Identifier: MIT */
/*
 * Records of studies: whichever study it is, its page, its JSON, its numbers.
 */
#ifndef BREAKEVEN_REPORT_PAGES_STUDY_PAGE_H
#define BREAKEVEN_REPORT_PAGES_STUDY_PAGE_H

#include "analysis/studies/study_values.h"
#include "report/doc/style.h"
#include "report/doc/text.h"
#include "results/record.h"

#include <stdio.h>

enum study_form { STUDY_PAGE, STUDY_JSON, STUDY_CSV };

/*
 * Write the record, of a study, in this form; the page is that of the command
 * that measured it. 0; -EINVAL: its rows are not those of its study, or this
 * breakeven does not know it; -ENOMEM, or -errno of the stream.
 */
int study_write(const struct record *record, enum study_form form, FILE *out,
		const struct report_style *style);

/* All numbers of the record, added to `values`. 0; -EINVAL: it was cut off
 * before its end, or as above; -ENOMEM. */
int study_read_values(const struct record *record, struct study_values *values);

/* Can they be read? As study_read_values(). */
int study_check(const struct record *record);

/* "1.58 µs", "93.3 %". */
struct text study_value_text(const struct study_value *value);

/* What a line of the history says of it: a few of its numbers. A new string,
 * NULL: out of memory. */
char *study_headline(const struct record *record);

#endif

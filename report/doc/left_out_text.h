/* SPDX-License-Identifier: MIT */
/*
 * What a page says nothing of, and why, in words.
 */
#ifndef BREAKEVEN_REPORT_DOC_LEFT_OUT_TEXT_H
#define BREAKEVEN_REPORT_DOC_LEFT_OUT_TEXT_H

#include "analysis/skipped.h"
#include "report/doc/style.h"

/* A paragraph for each. 0 or -ENOMEM. */
int left_out_print(const struct skipped_list *list, FILE *out,
		   const struct report_style *style);

#endif

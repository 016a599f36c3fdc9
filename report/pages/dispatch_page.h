/* SPDX-License-Identifier: MIT */
/*
 * The table and the JSON of `breakeven dispatch`.
 */
#ifndef BREAKEVEN_REPORT_PAGES_DISPATCH_PAGE_H
#define BREAKEVEN_REPORT_PAGES_DISPATCH_PAGE_H

#include "analysis/studies/dispatch_result.h"
#include "report/doc/style.h"

#include <stdio.h>

/* 0, or -ENOMEM. What is written is flushed by the caller. */
int dispatch_table(const struct dispatch *dispatch, FILE *out,
		   const struct report_style *style);
int dispatch_json(const struct dispatch *dispatch, FILE *out);

#endif

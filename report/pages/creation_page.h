/* SPDX-License-Identifier: MIT */
/*
 * The table and the JSON of `breakeven creation`.
 */
#ifndef BREAKEVEN_REPORT_PAGES_CREATION_PAGE_H
#define BREAKEVEN_REPORT_PAGES_CREATION_PAGE_H

#include "analysis/studies/creation_result.h"
#include "report/doc/style.h"

#include <stdio.h>

/* 0, or -ENOMEM. What is written is flushed by the caller. */
int creation_table(const struct creation *creation, FILE *out,
		   const struct report_style *style);
int creation_json(const struct creation *creation, FILE *out);

#endif

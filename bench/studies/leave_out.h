/* SPDX-License-Identifier: MIT */
/*
 * The lists of report/pages/left_out.h, made.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_LEAVE_OUT_H
#define BREAKEVEN_BENCH_STUDIES_LEAVE_OUT_H

#include "analysis/left_out.h"

#include <stdbool.h>

/* Put one more at the end, `why` and what it is copied. 0, or ERROR_FAILED:
 * out of memory, the list is as it was. */
int leave_out(struct left_out_list *list, bool failed, const char *why,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Puts items into the lists of analysis/studies/skipped.h.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_SKIP_H
#define BREAKEVEN_BENCH_STUDIES_SKIP_H

#include "analysis/studies/skipped.h"

#include <stdbool.h>

/* Put one more at the end, `why` and what it is copied. 0, or ERROR_FAILED:
 * out of memory, the list is as it was. */
int skip_item(struct skipped_list *list, bool failed, const char *why,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The page that a run leaves beside its record.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_PAGE_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_PAGE_H

#include "results/record.h"

/*
 * Write it to `path`, or, where that is NULL, to the name of the record with
 * .html at its end, and say on standard error where it is, as an address that a
 * terminal makes a link of. 0, or 1 with the reason told.
 */
int page_write(const struct record *record, const char *record_path,
	       const char *path);

#endif

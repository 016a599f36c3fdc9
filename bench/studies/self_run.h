/* SPDX-License-Identifier: MIT */
/*
 * A command of this program, run as a user runs it, in a process of its own,
 * and what it leaves on record.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_SELF_RUN_H
#define BREAKEVEN_BENCH_STUDIES_SELF_RUN_H

#include "results/record.h"

/* Of one run; more end it with status 126. */
enum { SELF_RUN_WORDS_MAX = 48, SELF_RUN_TEXT_MAX = 4096 };

/*
 * Run `breakeven WORDS...`, with --quiet and without waiting for its turn,
 * which is ours. `words` ends with NULL. Nothing that it prints is shown; its
 * record has no name, so that nothing outlives us, however we end.
 *
 * 0: *record is the caller's to free. Else its exit status, or 1: `why` is the
 * first line that it said.
 */
int self_run(const char *const *words, struct record **record,
	     char why[ERROR_TEXT_MAX]);

#endif

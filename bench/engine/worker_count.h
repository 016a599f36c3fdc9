/* SPDX-License-Identifier: MIT */
/*
 * How many workers: one rule, and one message, for all commands.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_WORKER_COUNT_H
#define BREAKEVEN_BENCH_ENGINE_WORKER_COUNT_H

#include "system/pin.h"

#include <stdbool.h>

enum { WORKER_COUNT_TEXT_MAX = 128 };

/*
 * How many workers to take where `asked` were asked for and `cpus` may be used:
 * no more than those, unless they are to be shared. `text` says so where there
 * are more, and is empty otherwise.
 */
unsigned worker_count_cap(unsigned asked, unsigned cpus, bool oversubscribe,
			  char text[WORKER_COUNT_TEXT_MAX]);

/* Workers where none were asked for: one per CPU that may be used, or fewer if
 * a control group's quota pays for fewer. Tells `notice` so, and what is odd
 * about the quota. */
unsigned worker_count_default(const struct topology *topology,
			      void (*notice)(const char *text));

#endif

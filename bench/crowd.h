/* SPDX-License-Identifier: MIT */
/*
 * More workers than CPUs: one rule, and one message, for all commands.
 */
#ifndef BREAKEVEN_BENCH_CROWD_H
#define BREAKEVEN_BENCH_CROWD_H

#include <stdbool.h>

enum { CROWD_TEXT_MAX = 128 };

/*
 * How many workers to take where `asked` were asked for and `cpus` may be used:
 * no more than those, unless they are to be shared. `text` says so where there
 * are more, and is empty otherwise.
 */
unsigned crowd_workers(unsigned asked, unsigned cpus, bool oversubscribe,
		       char text[CROWD_TEXT_MAX]);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How many workers: one rule, and one message, for all commands.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_WORKER_COUNT_H
#define BREAKEVEN_BENCH_ENGINE_WORKER_COUNT_H

#include "system/topology.h"

#include <stdbool.h>

enum { WORKER_COUNT_TEXT_MAX = 128 };

/*
 * How many workers to use if the user asks for `asked` and may use `cpus` CPUs:
 * not more than CPUs, unless with `oversubscribe`. `text` says so if there are
 * more, and is empty otherwise.
 */
unsigned worker_count_cap(unsigned asked, unsigned cpus, bool oversubscribe,
			  char text[WORKER_COUNT_TEXT_MAX]);

/* The default number of workers: one per CPU that may be used, or fewer if a
 * control group's quota grants fewer. Calls `notice` then, and if the quota is
 * odd. */
unsigned worker_count_default(const struct topology *topology,
			      void (*notice)(const char *text));

#endif

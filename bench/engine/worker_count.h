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

/* Numbers of workers, ascending, each once. */
enum { WORKER_COUNTS_MAX = 64 };
struct worker_counts {
	size_t count;
	unsigned at[WORKER_COUNTS_MAX];
};

/* Which of them a command measures, unless they are named: none exceeds
 * worker_count_default(). `notice` is told what is left out. */
typedef void worker_count_rule(const struct topology *topology,
			       void (*notice)(const char *text),
			       struct worker_counts *counts);

/* That number alone. */
worker_count_rule worker_count_all;

/* The same up to four CPUs; beyond, two, those of the next step of the
 * topology, which an L3 cache makes on most machines, and one for each core. */
worker_count_rule worker_count_few;

/* One, which shows what a runner costs by itself, the steps of the topology,
 * and powers of two between them. */
worker_count_rule worker_count_many;

#endif

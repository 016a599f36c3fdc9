/* SPDX-License-Identifier: MIT */
/*
 * What lessons look at that is no measurement of a runner: what a process is,
 * what processes share, how sums depend on their order, what a crash leaves.
 */
#ifndef BREAKEVEN_BENCH_LAB_DEMOS_H
#define BREAKEVEN_BENCH_LAB_DEMOS_H

#include <stddef.h>

enum { DEMO_VALUES_MAX = 4 };

struct demo_value {
	const char *name;
	double value;
};

struct demo {
	const char *name;
	/* Fill the values. 0 or -errno. */
	int (*run)(struct demo_value *values);
	/* Their names, in this order. */
	const char *names[DEMO_VALUES_MAX];
};

/* The one of this name; NULL: there is none. */
const struct demo *demo_find(const char *name);

#endif

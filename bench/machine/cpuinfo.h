/* SPDX-License-Identifier: MIT */
/*
 * /proc/cpuinfo, which each architecture writes in its own way.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_CPUINFO_H
#define BREAKEVEN_BENCH_MACHINE_CPUINFO_H

#include <stddef.h>

/* The value of the first "key : value" line below `root`; "" if none. */
void cpuinfo_value(const char *root, const char *key, char *value, size_t size);

/* What the CPU is: the model's name or, for ARM, those that stand for the
 * numbers of implementer and part, one of each kind of core; "" if unknown. */
void cpuinfo_model(const char *root, char *model, size_t size);

#endif

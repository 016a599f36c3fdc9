/* SPDX-License-Identifier: MIT */
#ifndef BREAKEVEN_BENCH_CLI_CPU_LIST_H
#define BREAKEVEN_BENCH_CLI_CPU_LIST_H

#include <stdio.h>

/* Write " 0-14:2, 17", with runs as `taskset -c` takes them, in their order. */
void cpu_list_write(FILE *out, const int *cpus, unsigned count);

#endif

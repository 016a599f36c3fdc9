/* SPDX-License-Identifier: MIT */
/*
 * The names that -k and -r take, for scripts and for completion.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_NAMES_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_NAMES_H

#include <stdbool.h>
#include <stdio.h>

/* One on a line: "sum", and for each option of it "spin:ops=", or
 * "openmp:schedule=static" for each of its choices. What is not to be had here
 * is left out. */
void names_write(FILE *out, bool runners);

#endif

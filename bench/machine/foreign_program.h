/* SPDX-License-Identifier: MIT */
/*
 * Another program that a runner hands over to: which one PATH finds.
 */
#ifndef BREAKEVEN_BENCH_MACHINE_FOREIGN_PROGRAM_H
#define BREAKEVEN_BENCH_MACHINE_FOREIGN_PROGRAM_H

#include <jansson.h>

/*
 * {"path", "version"} of the program of this name: where its file lies, and the
 * first line that it prints when it is asked for --version. What is not known
 * is missing. A new reference; NULL where memory runs out.
 */
json_t *foreign_program_json(const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What all subcommands do alike: their options, and their last word.
 */
#ifndef BREAKEVEN_BENCH_CLI_USAGE_H
#define BREAKEVEN_BENCH_CLI_USAGE_H

#include "bench/cli/terminal.h"

#include <argp.h>
#include <stdbool.h>

enum { USAGE_GO = 0, USAGE_WRONG = 2, USAGE_DONE = 3 };

/*
 * Parse argv. USAGE_GO to go on; USAGE_WRONG when the error has been told,
 * followed by the valid options; USAGE_DONE when help was asked for and given.
 */
int usage_parse(const struct argp *argp, int argc, char **argv, void *input);

/* What --format says, in a parser: table or json; else a usage error. */
error_t usage_format(struct argp_state *state, const char *text, bool *json);

/* Numbers from `min` to `max` that --`option` lists, as list_counts(), or a
 * usage error. */
error_t usage_counts(struct argp_state *state, const char *option,
		     const char *text, unsigned long min, unsigned long max,
		     unsigned *out, size_t room, size_t *count);

/* One of them. */
error_t usage_count(struct argp_state *state, const char *option,
		    const char *text, unsigned long min, unsigned long max,
		    unsigned *out);

/* The exit status that goes with what usage_parse() returned. */
int usage_status(int parsed);

#endif

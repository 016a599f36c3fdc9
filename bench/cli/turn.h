/* SPDX-License-Identifier: MIT */
/*
 * When a command that measures may begin: once no other one measures on this
 * machine, and once the machine is idle, if that was asked for.
 */
#ifndef BREAKEVEN_BENCH_CLI_TURN_H
#define BREAKEVEN_BENCH_CLI_TURN_H

#include "bench/cli/options.h"

/* Set in the environment: as --no-lock, for suites that run commands side by
 * side. */
#define TURN_NO_LOCK "BREAKEVEN_NO_LOCK"

struct turn_options {
	bool no_lock;
	double quiet_s; /* wait so long for an idle machine; 0: do not */
};

extern const struct cli_option turn_table[];
#define CLI_ROW_TURN(type, field)                                              \
	CLI_OF(NULL, 0, OPT_TABLE(turn_table), offsetof(type, field), NULL,    \
	       NULL)

/* Wait for our turn, and tell what for. The lock is held until the process
 * ends. 0 or ERROR_INTERRUPTED. */
int turn_wait(const struct turn_options *options, int interrupt_fd);

/* The same, for a turn that ends once *lock is closed, if it is a descriptor:
 * less than 0 if there is none. */
int turn_take(const struct turn_options *options, int interrupt_fd, int *lock);

#endif

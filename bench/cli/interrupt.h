/* SPDX-License-Identifier: MIT */
/*
 * The user's wish to stop, as a descriptor to wait on.
 */
#ifndef BREAKEVEN_BENCH_CLI_INTERRUPT_H
#define BREAKEVEN_BENCH_CLI_INTERRUPT_H

#include <stdbool.h>

/* Readable from the first SIGINT, SIGTERM or SIGHUP on, which no longer end
 * the process. -1 with errno set. */
int interrupt_open(void);

/* Which of them came, as an exit status: 130, 143, ... */
int interrupt_status(int fd);

/* Does the user want to stop? */
bool interrupt_pending(int fd);

#endif

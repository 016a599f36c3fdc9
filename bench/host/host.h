/* SPDX-License-Identifier: MIT */
/*
 * The host: one measured process. It opens one runner and answers the
 * conductor's requests on descriptor HOST_CONTROL_FD, one at a time, over the
 * memory file on HOST_ARENA_FD. docs/protocol.md gives every request.
 */
#ifndef BREAKEVEN_BENCH_HOST_HOST_H
#define BREAKEVEN_BENCH_HOST_HOST_H

enum { HOST_CONTROL_FD = 3, HOST_ARENA_FD = 4 };

/* Set for the second life of a host whose runner has an environment. */
#define HOST_AGAIN "BREAKEVEN_HOST_AGAIN"

/* Options of runners that the host takes itself, before the runner's own. */
#define HOST_OPTION_WORKERS "workers"

/* `breakeven host '{"runner":...}'`; not for users. Returns the exit status. */
int cmd_host(int argc, char **argv);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The host: one measured process. It opens one runner and answers the
 * controller's requests on descriptor HOST_CONTROL_FD, one at a time, over the
 * memory file on HOST_ARENA_FD. docs/protocol.md gives every request.
 */
#ifndef BREAKEVEN_BENCH_HOST_HOST_H
#define BREAKEVEN_BENCH_HOST_HOST_H

/* `breakeven host '{"runner":...}'`; not for users. Returns the exit status. */
int cmd_host(int argc, char **argv);

#endif

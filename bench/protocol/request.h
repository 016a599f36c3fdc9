/* SPDX-License-Identifier: MIT */
/*
 * What the controller and a host agree on besides the form of their lines.
 * docs/protocol.md lists the requests.
 */
#ifndef BREAKEVEN_BENCH_PROTOCOL_REQUEST_H
#define BREAKEVEN_BENCH_PROTOCOL_REQUEST_H

/* The descriptors of a host: the wire, and the memory file of the arena. */
enum { HOST_CONTROL_FD = 3, HOST_ARENA_FD = 4 };

/* Options of runners that the host takes itself, before the runner's own. */
#define HOST_OPTION_WORKERS "workers"

/* Of runners whose workers are processes of several threads: how many threads,
 * as `threads=` in their specs. */
#define RUNNER_OPTION_THREADS "threads"

/* Calls of an epoch, at most. */
enum { EPOCH_CALLS_MAX = 1 << 30 };

/* CPUs that one request to probe may name. */
enum { PROBE_CPUS_MAX = 8 };

/* What a call is. */
enum way {
	WAY_RUNNER, /* the runner's */
	WAY_TILES,  /* serial's, over the tiles of runners with most workers */
	WAY_HAND,   /* the loop written by hand for the runner */
};

/* Indexed by enum way, ends with NULL. */
extern const char *const way_names[];

#endif

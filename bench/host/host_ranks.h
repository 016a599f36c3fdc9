/* SPDX-License-Identifier: MIT */
/*
 * Hosts that are ranks, each with one worker or several, all of which serve the
 * controller's requests. Worker 0 has the wire, and answers for all.
 */
#ifndef BREAKEVEN_BENCH_HOST_HOST_RANKS_H
#define BREAKEVEN_BENCH_HOST_HOST_RANKS_H

#include "bench/host/host_state.h"

/* Is this one that must have a launcher start the others, and is not started by
 * it? */
bool host_needs_launch(const struct host *host);

/* Have them started in place of this one, and wait for their end. Refuses the
 * request where none came up. 0 or -errno; -ECANCELED: the wire is another's,
 * and host->status is what to exit with. */
int host_launch(struct host *host);

/* Meet the other ranks, if this is one. 0, or a kind of error. */
int host_join(struct host *host, struct error *error);

/* Behind host_join(): are all others ready, too? If not, worker 0 has refused
 * the request. */
bool host_all_are_ready(struct host *host);

/* Behind the runner's open(): work in the memory that it has shared. */
void host_adopt_memory(struct host *host);

/* Behind workload_prepare(): partials of this rank's own, where all share the
 * arena. 0 or -ENOMEM. */
int host_keep_partials(struct host *host);

/* The next request, of worker 0's wire, in *request: a new reference. 0 or
 * -errno. */
int host_hear(struct host *host, json_t **request);

/* In worker 0: the others end. Does nothing in other hosts. */
void host_dismiss(struct host *host);

/* Serve a request in a worker other than 0: make the calls that worker 0
 * makes of it. 0 or -errno. */
int host_follow(struct host *host, json_t *request);

/* Send worker 0's answer, whose reference is stolen, or the error of the first
 * rank that has one. 0 or -errno. */
int host_answer_for_all(struct host *host, json_t *answer);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A host, as the controller sees it: a process group that is started, asked,
 * and parked (stopped) whenever it is not asked.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_HOST_PROCESS_H
#define BREAKEVEN_BENCH_ENGINE_HOST_PROCESS_H

#include "bench/protocol/wire.h"
#include "core/error.h"
#include "system/cpu_clock.h"
#include "system/topology.h"

#include <stdbool.h>
#include <sys/types.h>

struct host_process {
	const char *program; /* the caller's: what to execute, a `breakeven`;
				NULL: this one */
	pid_t pid;	     /* 0: not running */
	void (*relay)(
		const char *words); /* the caller's; see host_process_start() */
	int stderr_fd;
	struct wire wire;
	struct cpu_clock cpu;	      /* of all its processes, once parked */
	int64_t parked_at, used_then; /* ns: the time, and its CPU time */
	unsigned parkings;
	bool closing; /* it was bidden to close */
	bool watched; /* in the present one; not in each, since it takes time */
	int64_t parked_ns, leaked_ns; /* in all, and CPU time of that */
	bool leaks;	    /* it used CPU time while parked; stays set */
	uint64_t oom_kills; /* in our control group, when it was started */
	struct error error; /* the last failure; when the host died, with its
			      last line */
};

/* Move fd to 10 or above, close-on-exec, out of the way of the numbers that a
 * host expects. Returns the new one; -1 stays -1. */
int host_process_lift(int fd);

/*
 * Execute a host with this order, whose reference is stolen. It gets arena_fd
 * (lifted; -1: none), and sees to it that it is killed when the calling
 * process, of whose main thread this is, dies; one of an older build ends when
 * it finds the wire closed. It may run wherever the topology allows; NULL:
 * where the caller may. The answer to the order is fetched by
 * host_process_receive(). 0 or an enum error_kind.
 *
 * What the host writes to its standard error is kept: if it dies, the last line
 * is part of the error; else host_process_close() and host_process_kill() hand
 * it to relay(), with a new line at its end, or write it to ours if there is no
 * relay().
 */
int host_process_start(struct host_process *host, json_t *order, int arena_fd,
		       const struct topology *topology);

/* Wait for an answer; *result is a new reference to what stands under "ok", or
 * `result` is NULL. */
int host_process_receive(struct host_process *host, int timeout_ms,
			 int interrupt_fd, json_t **result);

/* Let the host's group run, ask (the request's reference is stolen), receive,
 * park. ERROR_INVALID where it used CPU time while it was parked. */
int host_process_ask(struct host_process *host, json_t *request, int timeout_ms,
		     int interrupt_fd, json_t **result);

/* Stop it, and find the processes that it has by now. */
void host_process_park(struct host_process *host);

/* Ask it to close, without waiting for that: several hosts end side by side. */
void host_process_bid_close(struct host_process *host);

/* Ask it to close, unless it was bidden to, and make sure that it and all its
 * children are gone. Does nothing if it is not running. host_process_kill()
 * does not ask. 0, or ERROR_FAILED when a worker had ended badly. */
int host_process_close(struct host_process *host);
void host_process_kill(struct host_process *host);

#endif

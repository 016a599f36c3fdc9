/* SPDX-License-Identifier: MIT */
/*
 * Worker processes as their caller sees them: who they are, what they hold, and
 * the messages on their way to and from them. Whoever dies, or is late, is
 * named; nobody is waited for in vain.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_WORKER_PROCESSES_H
#define BREAKEVEN_RUNNERS_PROCESS_WORKER_PROCESSES_H

#include "runners/process/channel.h"

#include <poll.h>

/* Exit statuses of a worker that gives up. */
enum { WORKER_NO_MEMORY = 1, WORKER_NO_CALLER };

/* The option `timeout` of runners whose workers are processes, for a table. */
#define PROCESSES_TIMEOUT_OPTION                                               \
	{                                                                      \
		.key = "timeout", .type = OPTION_REAL, .fallback = "0",        \
		.min = 0, .max = 1e6,                                          \
		.help = "seconds to wait for a worker that makes no "          \
			"progress; "                                           \
			"0: for ever"                                          \
	}

struct worker_process {
	struct channel channel; /* the caller's end */
	struct range tiles;	/* that it holds in this call */
	struct message message; /* under way to it, or from it */
};

struct worker_processes {
	struct team *team;
	double timeout; /* seconds; 0: none */
	pid_t *pids;	/* by worker; 0: not there, or reaped, when its number
			   may be somebody else's */
	struct pollfd *polls; /* room for two per worker */
	void *own;	      /* the runner's, freed by free_own */
	void (*free_own)(void *own);
	struct worker_process list[]; /* by worker; the first is nobody */
};

/* None yet, for a team. NULL without memory. */
struct worker_processes *processes_new(struct team *team, double timeout);

/* Kill who is left, reap them, close all channels and free it all. */
void processes_free(struct worker_processes *processes);

/* Kill and reap who is left. */
void processes_kill(struct worker_processes *processes);

/* Who gets which tiles of a job: their static shares. */
void processes_share(struct worker_processes *processes,
		     const struct plan *plan);

/*
 * Move every process's message through, all at once. -EPIPE when one has died,
 * or closed its channel, which ends it; -ETIMEDOUT when none has moved for the
 * timeout. Told in team->error, with the worker, its process, how it ended, and
 * its tiles.
 */
int processes_send(struct worker_processes *processes);
int processes_receive(struct worker_processes *processes);

/*
 * Wait until all have left, in any order, and reap them. -EPIPE when one did
 * not leave with CHILD_DONE, -ETIMEDOUT when none has left for the timeout; the
 * others are still there then.
 */
int processes_leave(struct worker_processes *processes);

/* ------------------------------------------------- workers of one call */

/*
 * Start `worker` of a call, which runs process->tiles and leaves with
 * CHILD_DONE. Its pid, or -errno, told in team->error. It may open the
 * process's channel, and load the message that is to come from there.
 */
typedef pid_t processes_start(struct worker_processes *processes,
			      const struct job *job, unsigned worker);

/* The workers' part of runner->open(), with processes as team->state; `forks`:
 * they are forked. Binds the caller; workers are bound as they are started. */
int processes_open(struct team *team, double timeout, bool forks);

/* runner->dispatch(): start all, run the caller's share, receive what they
 * send, if anything, and wait until they have left. */
int processes_call(struct team *team, const struct job *job,
		   processes_start *start);

/* runner->close(). */
int processes_close(struct team *team);

#endif

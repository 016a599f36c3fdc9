/* SPDX-License-Identifier: MIT */
/*
 * Worker processes as their caller sees them: their pids, their tiles, and the
 * messages on the way to and from them. An error names the worker that died or
 * is late; no wait lasts for ever because of it.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_WORKER_PROCESSES_H
#define BREAKEVEN_RUNNERS_PROCESS_WORKER_PROCESSES_H

#include "runners/process/channel.h"

#include <poll.h>

/* Exit statuses of a worker that gives up: it has no memory; its caller is gone
 * or has closed the channel. */
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
	struct range tiles;	/* that it runs in this call */
	struct message message; /* that is being sent to it or received */
};

struct worker_processes {
	struct team *team;
	double timeout; /* seconds; 0: none */
	pid_t *pids;	/* by worker; 0: not started, or reaped: the number may
			   belong to another process by now */
	struct pollfd *polls; /* two per worker */
	void *own;	      /* the runner's; free_own frees it */
	void (*free_own)(void *own);
	struct worker_process list[]; /* by worker; [0] is unused */
};

/* For a team, with no process started yet. NULL: out of memory. */
struct worker_processes *processes_new(struct team *team, double timeout);

/* Kill and reap the processes that are left, close all channels, and free. */
void processes_free(struct worker_processes *processes);

/* Kill and reap the processes that are left. */
void processes_kill(struct worker_processes *processes);

/* Give each worker its static share of the plan. */
void processes_share(struct worker_processes *processes,
		     const struct plan *plan);

/*
 * Send or receive the messages of all workers at the same time. -EPIPE: a
 * worker has died, or closed its channel and was then killed; -ETIMEDOUT: no
 * message has moved for the timeout. team->error names the worker, its pid, how
 * it ended, and its tiles.
 */
int processes_send(struct worker_processes *processes);
int processes_receive(struct worker_processes *processes);

/*
 * Wait until all workers have exited, in any order, and reap them. -EPIPE: one
 * exited with another status than CHILD_DONE; -ETIMEDOUT: none has exited for
 * the timeout. After an error the others are still there.
 */
int processes_leave(struct worker_processes *processes);

/* ------------------------------------------------- workers of one call */

/*
 * Start `worker` of a call: a process that runs list[worker].tiles and exits
 * with CHILD_DONE. Returns its pid, or -errno with team->error filled. May open
 * list[worker].channel, and set up the message to receive from it.
 */
typedef pid_t processes_start(struct worker_processes *processes,
			      const struct job *job, unsigned worker);

/* The common part of runner->open(); team->state becomes the processes. Binds
 * the caller; workers are bound as they are started. */
int processes_open(struct team *team, double timeout);

/* runner->dispatch(): start all workers, run the caller's share, receive what
 * they send, if anything, and wait until they have exited. */
int processes_call(struct team *team, const struct job *job,
		   processes_start *start);

/* runner->close(). */
int processes_close(struct team *team);

#endif

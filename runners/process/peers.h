/* SPDX-License-Identifier: MIT */
/*
 * Worker processes as their caller sees them: who they are, what they hold, and
 * the messages on their way to and from them. Whoever dies, or is late, is
 * named; nobody is waited for in vain.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_PEERS_H
#define BREAKEVEN_RUNNERS_PROCESS_PEERS_H

#include "runners/process/message.h"

#include <poll.h>

/* Exit statuses of a worker that gives up. */
enum { WORKER_NO_MEMORY = 1, WORKER_NO_CALLER };

/* The option `timeout` of runners whose workers are processes, for a table. */
#define PEERS_TIMEOUT_OPTION                                                   \
	{                                                                      \
		.key = "timeout", .type = OPTION_REAL, .fallback = "0",        \
		.min = 0, .max = 1e6,                                          \
		.help = "seconds to wait for a worker that makes no "          \
			"progress; "                                           \
			"0: for ever"                                          \
	}

struct peer {
	struct channel channel; /* the caller's end */
	struct range tiles;	/* that it holds in this call */
	struct message message; /* under way to it, or from it */
};

struct peers {
	struct team *team;
	double timeout; /* seconds; 0: none */
	pid_t *pids;	/* by worker; 0: not there, or reaped, when its number
			   may be somebody else's */
	struct pollfd *polls; /* room for two per worker */
	void *own;	      /* the runner's, freed by free_own */
	void (*free_own)(void *own);
	struct peer list[]; /* by worker; the first is nobody */
};

/* None yet, for a team. NULL without memory. */
struct peers *peers_new(struct team *team, double timeout);

/* Kill who is left, reap them, close all channels and free it all. */
void peers_free(struct peers *peers);

/* Kill and reap who is left. */
void peers_kill(struct peers *peers);

/* Who gets which tiles of a job: their static shares. */
void peers_share(struct peers *peers, const struct plan *plan);

/*
 * Move every peer's message through, all at once. -EPIPE when one has died, or
 * closed its channel, which ends it; -ETIMEDOUT when none has moved for the
 * timeout. Told in team->error, with the worker, its process, how it ended, and
 * its tiles.
 */
int peers_send(struct peers *peers);
int peers_receive(struct peers *peers);

/*
 * Wait until all have left, in any order, and reap them. -EPIPE when one did
 * not leave with CHILD_DONE, -ETIMEDOUT when none has left for the timeout; the
 * others are still there then.
 */
int peers_leave(struct peers *peers);

/* ------------------------------------------------- workers of one call */

/*
 * Start `worker` of a call, which runs peer->tiles and leaves with CHILD_DONE.
 * Its pid, or -errno, told in team->error. It may open the peer's channel, and
 * load the message that is to come from there.
 */
typedef pid_t peers_start(struct peers *peers, const struct job *job,
			  unsigned worker);

/* The workers' part of runner->open(), with peers as team->state; `forks`:
 * they are forked. Binds the caller; workers are bound as they are started. */
int peers_open(struct team *team, double timeout, bool forks);

/* runner->dispatch(): start all, run the caller's share, receive what they
 * send, if anything, and wait until they have left. */
int peers_call(struct team *team, const struct job *job, peers_start *start);

/* runner->close(). */
int peers_close(struct team *team);

#endif

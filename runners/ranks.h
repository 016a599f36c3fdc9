/* SPDX-License-Identifier: MIT */
/*
 * Ranks: workers that are hosts of their own, on this machine or on several, as
 * MPI has them; or hosts that have several workers each, as their threads. All
 * serve the same requests, each over memory of its own, and make the calls of
 * an epoch together, with no order to each. Below, a worker is a rank:
 *
 *	worker 0                        every other worker
 *	tell(request)                   tell(): waits for it
 *	repeat(count)                   follow(): hears of it, and makes
 *	dispatch(), count times           count calls of dispatch()
 *	spoil()                           spoils its results
 *	rest()                            hears of it, and returns
 *	consult()                       consult()
 *
 * dispatch() runs the worker's own share and ends when all have run theirs:
 * then all of them have all partials.
 */
#ifndef BREAKEVEN_RUNNERS_RANKS_H
#define BREAKEVEN_RUNNERS_RANKS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct team;

enum { RANKS_TROUBLE_MAX = 2048 };

/* What those that follow do. */
struct ranks_steps {
	int (*call)(void *context); /* make one or more calls of dispatch(); 0
				       or -errno */
	void (*spoil)(void *context);
	void *context;
};

/* Every int is 0 or -errno, told in team->error, unless it says otherwise. */
struct ranks {
	/*
	 * In a host that was told to open: have a launcher execute `breakeven
	 * host ORDER TOKEN` for each rank, give the first of them the wire
	 * and the arena, which stay open here, and wait until all have ended.
	 * What the launcher ended with, as an exit status, or -errno if no rank
	 * has got the wire.
	 */
	int (*launch)(struct team *team, char *order);

	/* In a host that has a token: meet the others, learn which worker this
	 * is (team->self), and get the wire and the arena as worker 0: two
	 * descriptors, which stay as they are in the others. */
	int (*join)(struct team *team, const char *token, int descriptors[2]);

	/* In worker 0: wait until the descriptor has something to read, or the
	 * other side has closed. Its threads use no CPU meanwhile. */
	void (*await)(struct team *team, int fd);

	/* Hand worker 0's text to all. The others sleep until there is one, and
	 * free() it. */
	int (*tell)(struct team *team, char **text);

	/* In worker 0: `count` calls of dispatch() follow, all of one job. A
	 * call that was not announced is announced by itself. */
	int (*repeat)(struct team *team, size_t count);

	/* In the others: do what worker 0 does, until it rests. */
	int (*follow)(struct team *team, const struct ranks_steps *steps);

	/* In worker 0, while the others follow: have them spoil their results
	 * before they are computed anew. */
	void (*spoil)(struct team *team);

	/* In worker 0, while the others follow: the CPU time in ns that they
	 * have used in calls so far. */
	int64_t (*used_ns)(struct team *team);

	/* In worker 0: no more calls follow. */
	void (*rest)(struct team *team);

	/* Each says what trouble it has, or "": worker 0 gets that of the first
	 * that has any. Which one that is, or -1. */
	int (*consult)(struct team *team, char trouble[RANKS_TROUBLE_MAX]);
};

#ifdef __cplusplus
}
#endif

#endif

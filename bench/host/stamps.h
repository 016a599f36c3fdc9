/* SPDX-License-Identifier: MIT */
/*
 * Where a call's time goes, from stamps that the workers write: the job's
 * function is wrapped into one that looks at the clock before and after it.
 * Runners do not know of it.
 */
#ifndef BREAKEVEN_BENCH_HOST_STAMPS_H
#define BREAKEVEN_BENCH_HOST_STAMPS_H

#include "bench/host/epoch.h"

#include <stdalign.h>
#include <stdint.h>

/* What a worker leaves of one tile. Times are of now_ns(), which is the same
 * in all processes. */
struct stamp {
	alignas(32) int64_t begin;
	int64_t end;
	int32_t tid; /* of the worker: two processes never have the same */
	int32_t cpu; /* where the tile ended */
};

/* The caller's own, of one pass: before dispatch() and after it. */
struct stamps_pass {
	int64_t called, joined;
};

/*
 * The parts of a call, in ns. They add up to it: what a worker does is
 * averaged over those that ran any tile, and the rest is the caller's.
 *
 *	create   until the first created worker begins, where each call creates
 *	         its workers; else 0
 *	dispatch from then on to a worker's first tile, and from each of its
 *	         tiles to its next one
 *	compute  in tiles
 *	wait     from a worker's last tile to the end of the last tile of all
 *	join     from there to the return of dispatch(), with all that a runner
 *	         has to bring back
 *	collect  the caller folds the tiles' results, where there are any
 *
 * In a kernel of several passes each part is the sum over them; what the
 * kernel does between them is left out.
 */
struct stamps_parts {
	double call, create, dispatch, compute, wait, join, collect;
	double workers; /* that ran a tile; a mean over passes and calls */
};

/*
 * The parts of one pass, added to *parts; collect is left as it is. `caller`
 * is the caller's tid; `creates`: workers are created in the call. -EINVAL
 * when a tile was not stamped since the pass was called; -ENOMEM.
 */
int stamps_add(const struct stamp *stamps, size_t tiles, int32_t caller,
	       bool creates, const struct stamps_pass *pass,
	       struct stamps_parts *parts);

/* The means over those of several calls whose length is in the middle half.
 * They add up as those of one call do, and no burst is in them. Sorts. */
struct stamps_parts stamps_typical(struct stamps_parts *calls, size_t count);

/* What a measurement gives. */
struct stamps_times {
	double plain_ns, stamped_ns; /* a call back to back, without and with */
	struct stamps_parts parts;
	size_t calls;	/* that the parts are of */
	int32_t caller; /* its tid */
	/* The one call whose length was the most typical. */
	size_t passes, tiles;
	int64_t collected;	  /* when its results had been folded */
	struct stamps_pass *pass; /* the stamps object's own */
	struct stamp *stamps;	  /* tiles for each pass; likewise */
};

/* What wraps a job, and room for its stamps, shared with workers that are
 * forked later: open it before the team. NULL with errno set. */
struct stamps *stamps_open(void);
void stamps_close(struct stamps *stamps);

/* The mapping, for those that do not inherit it. */
struct team_map stamps_map(const struct stamps *stamps);

/*
 * Measure what the epoch's workload has prepared: `calls` calls back to back
 * without stamps and with, in turn; then single calls, the caller looking at
 * the stamps after each. *times stays valid until the next measurement. The
 * workload's result is the last call's, to be verified.
 *
 * 0; -ENOTSUP when the stamps of tiles do not get here, where the result of
 * calls without stamps can be verified all the same; -ENOMEM; or -errno of a
 * dispatch. team->error says which.
 */
int stamps_measure(struct stamps *stamps, const struct epoch *epoch,
		   size_t calls, struct stamps_times *times);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What a fork-join costs one runner: calls of a job that does nothing, back to
 * back or after gaps, in wall time and in CPU time.
 */
#ifndef BREAKEVEN_BENCH_HOST_FORKJOIN_H
#define BREAKEVEN_BENCH_HOST_FORKJOIN_H

#include "bench/host/empty_job.h"

enum { FORKJOIN_SAMPLES = 256 };

struct forkjoin {
	const struct runner *runner;
	struct team *team;
	enum empty_job kind;
	struct job job; /* of this kind */
	int64_t gap_ns; /* the caller is busy so long before every call */
};

/* Times are per call, in ns. */
struct forkjoin_times {
	size_t samples; /* at most FORKJOIN_SAMPLES */
	double ns[FORKJOIN_SAMPLES];
	/* Used by the whole host, without what the caller spent in gaps. */
	double cpu_ns;
	/* For calls timed one by one, less the clock's own time. */
	size_t singles;
	double p99;
};

/*
 * In a rendezvous the caller looks for the others when it suits the runner
 * best, which is found out first: a number of empty_job_hold() that is good for
 * one is too soon or too late for another.
 *
 * Back to back (gap_ns 0), a sample is a batch of calls; after gaps, one call.
 * Takes a few ms, or some ten calls where those are longer. 0 or -errno of a
 * dispatch, told in team->error.
 */
int forkjoin_time(const struct forkjoin *forkjoin,
		  struct forkjoin_times *times);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Epochs: back-to-back calls in one host, timed as one interval.
 */
#ifndef BREAKEVEN_BENCH_HOST_EPOCH_H
#define BREAKEVEN_BENCH_HOST_EPOCH_H

#include "bench/host/workload.h"
#include "bench/protocol/request.h"
#include "kernels/control.h"

struct epoch {
	const struct runner *runner;
	struct team *team;
	struct workload *workload;
	enum way way;
	const struct control *control; /* where it is by hand */
	bool fresh;	/* nothing was called since the workload was prepared */
	double call_ns; /* what one was seen to take before, warm; 0: none */
};

/*
 * Time `calls` calls, from the first release to the last result visible, in
 * ns of CLOCK_MONOTONIC. < 0: -errno of a dispatch, told in team->error.
 */
int64_t epoch_time(const struct epoch *epoch, size_t calls);

/* Make one call, with all of its passes. 0 or -errno of a dispatch. */
int epoch_call(const struct epoch *epoch);

/*
 * Call, untimed, until warm: at least three calls, and on until two readings
 * in a row agree within 10 %, up to half an epoch of `calls`. A call of a
 * millisecond or more is warm after one; where the workload is fresh, whose
 * first call may enter pages, once two agree, or one takes as long as call_ns.
 * 0 or -errno.
 */
int epoch_warm(const struct epoch *epoch, size_t calls);

/* The number of calls that take about target_ns, at least 1. *call_ns: what
 * one was seen to take. 0 or -errno. */
int epoch_calibrate(const struct epoch *epoch, double target_ns, size_t *calls,
		    double *call_ns);

#endif

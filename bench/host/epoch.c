/* SPDX-License-Identifier: MIT */
#include "bench/host/epoch.h"

#include "core/clock.h"

#include <math.h>

enum {
	BATCHES = 32,	   /* warm-up batches that an epoch is worth */
	WARM_BATCHES = 16, /* most of them */
	WARM_CALLS = 3,
	LONG_CALL_NS = 1000000,
};

static int64_t epoch_time_hand(const struct epoch *epoch, size_t calls)
{
	struct workload *workload = epoch->workload;
	int64_t start = now_ns();

	for (size_t i = 0; i < calls; i++)
		epoch->control->run(workload->job.ctx, workload->n,
				    &workload->result);
	return now_ns() - start;
}

/* All callers pass a constant `reduce`, so that the loop does not test it. */
static inline int64_t epoch_time_dispatch(const struct epoch *epoch,
					  size_t calls, bool reduce)
{
	int (*dispatch)(struct team *, const struct job *) =
		epoch->runner->dispatch;
	const struct job *job = &epoch->workload->job;
	int64_t start = now_ns();

	for (size_t i = 0; i < calls; i++) {
		int rc = dispatch(epoch->team, job);

		if (rc < 0)
			return rc;
		if (reduce)
			workload_combine(epoch->workload);
	}
	return now_ns() - start;
}

int epoch_call(const struct epoch *epoch)
{
	struct workload *workload = epoch->workload;
	unsigned passes = kernel_passes(workload->kernel);

	for (unsigned p = 0; p < passes; p++) {
		int rc = epoch->runner->dispatch(epoch->team, &workload->job);

		if (rc < 0)
			return rc;
		if (workload->kernel->between)
			workload_between(workload, p, workload->job.plan.tiles);
	}
	if (workload->kernel->combine)
		workload_combine(workload);
	return 0;
}

static int64_t epoch_time_dispatch_passes(const struct epoch *epoch,
					  size_t calls)
{
	int64_t start = now_ns();

	for (size_t i = 0; i < calls; i++) {
		int rc = epoch_call(epoch);

		if (rc < 0)
			return rc;
	}
	return now_ns() - start;
}

int64_t epoch_time(const struct epoch *epoch, size_t calls)
{
	const struct kernel *kernel = epoch->workload->kernel;
	int rc;

	if (epoch->way == WAY_HAND)
		return epoch_time_hand(epoch, calls);
	rc = runner_repeat(epoch->runner, epoch->team,
			   calls * kernel_passes(kernel));
	if (rc < 0)
		return rc;
	if (kernel_passes(kernel) > 1 || kernel->between)
		return epoch_time_dispatch_passes(epoch, calls);
	if (kernel->combine)
		return epoch_time_dispatch(epoch, calls, true);
	return epoch_time_dispatch(epoch, calls, false);
}

int epoch_warm(const struct epoch *epoch, size_t calls)
{
	size_t batch = calls / BATCHES ? calls / BATCHES : 1;
	double last = 0;

	for (size_t done = 0, b = 0; b < WARM_BATCHES; b++) {
		int64_t ns = epoch_time(epoch, batch);

		if (ns < 0)
			return (int)ns;
		done += batch;
		if (ns >= LONG_CALL_NS && batch == 1 &&
		    (!epoch->fresh || (double)ns <= 1.1 * epoch->call_ns))
			return 0;
		if ((done >= WARM_CALLS || ns >= LONG_CALL_NS) &&
		    fabs((double)ns - last) <= 0.1 * last)
			return 0;
		last = (double)ns;
	}
	return 0;
}

int epoch_calibrate(const struct epoch *epoch, double target_ns, size_t *calls,
		    double *call_ns)
{
	size_t tried = 1;
	int64_t ns;

	ns = epoch_time(epoch, 1); /* cold: for what it brings in */
	while (ns >= 0) {
		ns = epoch_time(epoch, tried);
		if ((double)ns >= target_ns / 4 || tried >= EPOCH_CALLS_MAX / 2)
			break;
		tried *= 2;
	}
	if (ns < 0)
		return (int)ns;
	*call_ns = (double)(ns ? ns : 1) / (double)tried;
	*calls = (size_t)fmin(fmax(target_ns / *call_ns, 1), EPOCH_CALLS_MAX);
	return 0;
}

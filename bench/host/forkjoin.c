/* SPDX-License-Identifier: MIT */
#include "bench/host/forkjoin.h"

#include "core/clock.h"
#include "stats/stats.h"
#include "system/cpu_clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	WARM_CALLS = 50,
	WARM_NS = 2000000,
	BATCH_NS = 50000,
	BATCHES = 10,
	SINGLES_MAX = 4096,
	SINGLES_NS = 1000000,
	GAPS_MIN = 8,
	GAPS_NS = 3000000,
	HOLDS = 4, /* turns that may suit a rendezvous, fewer than these */
	HOLD_TRIES = 5,
	HOLD_NS = 20000,
	HOLD_MATTERS_NS = 4000, /* in calls shorter than that */
};

static inline int forkjoin_call(const struct forkjoin *forkjoin)
{
	return forkjoin->runner->dispatch(forkjoin->team, &forkjoin->job);
}

/* As many calls as take a while, at least one. What one took, or -errno. */
static int64_t forkjoin_warm(const struct forkjoin *forkjoin)
{
	int64_t start = now_ns(), last = start, now = start;

	for (int i = 0; i < WARM_CALLS && now - start < WARM_NS; i++) {
		int rc = forkjoin_call(forkjoin);

		if (rc < 0)
			return rc;
		last = now;
		now = now_ns();
	}
	return now - last;
}

static double forkjoin_clock_cost(void)
{
	double ns[64];

	for (size_t i = 0; i < 64; i++) {
		int64_t start = now_ns();

		ns[i] = (double)(now_ns() - start);
	}
	stats_sort(ns, 64);
	return stats_median(ns, 64);
}

static double forkjoin_percentile_99(double *ns, size_t count)
{
	stats_sort(ns, count);
	return ns[count - 1 - count / 100];
}

/* What a call takes, in ns: the median of a few short batches. Or -errno. */
static double forkjoin_try_hold(const struct forkjoin *forkjoin,
				int64_t call_ns)
{
	size_t batch = (size_t)(HOLD_NS / (call_ns > 0 ? call_ns : 1)) + 1;
	double ns[HOLD_TRIES];

	for (size_t try = 0; try < HOLD_TRIES; try++) {
		int64_t start = now_ns();

		for (size_t i = 0; i < batch; i++) {
			int rc = forkjoin_call(forkjoin);

			if (rc < 0)
				return rc;
		}
		ns[try] = (double)(now_ns() - start) / (double)batch;
	}
	stats_sort(ns, HOLD_TRIES);
	return stats_median(ns, HOLD_TRIES);
}

static int forkjoin_choose_hold(const struct forkjoin *forkjoin,
				int64_t call_ns)
{
	double best = INFINITY;
	int chosen = 0;

	if (call_ns >= HOLD_MATTERS_NS)
		return 0;
	for (int turns = 0; turns < HOLDS; turns++) {
		double ns;

		empty_job_hold(&forkjoin->job, turns);
		ns = forkjoin_try_hold(forkjoin, call_ns);
		if (ns < 0)
			return (int)ns;
		if (ns < best) {
			best = ns;
			chosen = turns;
		}
	}
	empty_job_hold(&forkjoin->job, chosen);
	return 0;
}

static size_t forkjoin_clamp(size_t count, size_t least, size_t most)
{
	return count < least ? least : count > most ? most : count;
}

/* CPU time of all workers. */
static int64_t forkjoin_used_ns(const struct forkjoin *forkjoin,
				const struct cpu_clock *cpu)
{
	return cpu_clock_exact_ns(cpu) +
	       runner_ranks_ns(forkjoin->runner, forkjoin->team);
}

static int forkjoin_time_batches(const struct forkjoin *forkjoin,
				 int64_t call_ns, const struct cpu_clock *cpu,
				 struct forkjoin_times *times)
{
	size_t batch = call_ns < BATCH_NS && call_ns > 0
			       ? (size_t)(BATCH_NS / call_ns)
			       : 1;
	int64_t used = forkjoin_used_ns(forkjoin, cpu);

	for (times->samples = 0; times->samples < BATCHES; times->samples++) {
		int rc = runner_repeat(forkjoin->runner, forkjoin->team, batch);
		int64_t start = now_ns();

		for (size_t i = 0; rc == 0 && i < batch; i++)
			rc = forkjoin_call(forkjoin);
		if (rc < 0)
			return rc;
		times->ns[times->samples] =
			(double)(now_ns() - start) / (double)batch;
	}
	used = forkjoin_used_ns(forkjoin, cpu) - used;
	times->cpu_ns = (double)used / (double)(batch * BATCHES);
	return 0;
}

static int forkjoin_time_singles(const struct forkjoin *forkjoin,
				 int64_t call_ns, struct forkjoin_times *times)
{
	size_t wanted = (size_t)(SINGLES_NS / (call_ns > 0 ? call_ns : 1));
	double *ns = malloc(SINGLES_MAX * sizeof(*ns));
	double cost = forkjoin_clock_cost();
	size_t count = 0;
	int64_t last;
	int rc = ns ? 0 : -ENOMEM;

	wanted = forkjoin_clamp(wanted, BATCHES, SINGLES_MAX);
	if (rc == 0)
		rc = runner_repeat(forkjoin->runner, forkjoin->team, wanted);
	last = now_ns();
	while (rc == 0 && count < wanted) {
		int64_t now;

		rc = forkjoin_call(forkjoin);
		now = now_ns();
		ns[count++] = (double)(now - last) - cost;
		last = now;
	}
	if (rc == 0) {
		times->singles = count;
		times->p99 = forkjoin_percentile_99(ns, count);
	}
	free(ns);
	return rc;
}

/* Keep the CPU busy for `ns`; returns the CPU time used. */
static int64_t forkjoin_be_busy(int64_t ns)
{
	int64_t used = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	int64_t start = now_ns();

	while (now_ns() - start < ns)
		;
	return clock_ns(CLOCK_THREAD_CPUTIME_ID) - used;
}

static int forkjoin_time_gaps(const struct forkjoin *forkjoin,
			      const struct cpu_clock *cpu,
			      struct forkjoin_times *times)
{
	size_t count = (size_t)(GAPS_NS / forkjoin->gap_ns);
	double sorted[FORKJOIN_SAMPLES], cost = forkjoin_clock_cost();
	int64_t used, busy = 0;
	int rc;

	count = forkjoin_clamp(count, GAPS_MIN, FORKJOIN_SAMPLES);
	/* Who learns from gaps has to see one. */
	for (int i = 0; i < 2; i++) {
		forkjoin_be_busy(forkjoin->gap_ns);
		rc = forkjoin_call(forkjoin);
		if (rc < 0)
			return rc;
	}
	used = forkjoin_used_ns(forkjoin, cpu);
	rc = runner_repeat(forkjoin->runner, forkjoin->team, count);
	if (rc < 0)
		return rc;
	for (times->samples = 0; times->samples < count; times->samples++) {
		int64_t start;

		busy += forkjoin_be_busy(forkjoin->gap_ns);
		start = now_ns();
		rc = forkjoin_call(forkjoin);
		if (rc < 0)
			return rc;
		times->ns[times->samples] = (double)(now_ns() - start) - cost;
		sorted[times->samples] = times->ns[times->samples];
	}
	used = forkjoin_used_ns(forkjoin, cpu) - used - busy;
	times->cpu_ns = (double)used / (double)count;
	times->singles = count;
	times->p99 = forkjoin_percentile_99(sorted, count);
	return 0;
}

int forkjoin_time(const struct forkjoin *forkjoin, struct forkjoin_times *times)
{
	struct cpu_clock cpu;
	int64_t call_ns = forkjoin_warm(forkjoin);
	int rc = call_ns < 0 ? (int)call_ns : 0;

	if (rc == 0 && forkjoin->kind == EMPTY_JOB_RENDEZVOUS)
		rc = forkjoin_choose_hold(forkjoin, call_ns);
	if (rc < 0)
		return rc;
	rc = cpu_clock_open(&cpu, getpid());
	if (rc < 0)
		return team_fail(forkjoin->team, rc, "out of memory");
	if (forkjoin->gap_ns > 0)
		rc = forkjoin_time_gaps(forkjoin, &cpu, times);
	else
		rc = forkjoin_time_batches(forkjoin, call_ns, &cpu, times);
	if (rc == 0 && forkjoin->gap_ns == 0)
		rc = forkjoin_time_singles(forkjoin, call_ns, times);
	cpu_clock_close(&cpu);
	return rc;
}

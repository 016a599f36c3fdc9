/* SPDX-License-Identifier: MIT */
#include "bench/host/stamps.h"

#include "core/clock.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CALLS_MIN = 9, CALLS_MAX = 200, WORKERS_MAX = 4096 };

/* ------------------------------------------------------------- the wrap */

/* The job's context while it is wrapped, in memory that all workers share. One
 * flat piece, so that a runner may copy it. */
struct wrap {
	/* What is wrapped: how far behind the wrap it lies, since a worker
	 * that is not forked has this program at another address. */
	uintptr_t distance;
	const void *ctx; /* its context */
	spans_fn *spans;
	struct plan plan;
	struct stamp *stamps; /* by tile */
};

/* A function, and where it lies. */
union place {
	tile_fn *run;
	uintptr_t at;
};

struct shared {
	struct wrap wrap;
	struct stamp stamps[PLAN_TILES_MAX];
};

/* Without a system call, unlike gettid(), and right in a child that was just
 * forked: Linux makes the clock's number from the thread's. */
static int32_t stamp_own_tid(void)
{
	clockid_t clock = 0;

	pthread_getcpuclockid(pthread_self(), &clock);
	return ~(clock >> 3);
}

static void stamp_run_stamped(const void *ctx, size_t begin, size_t end,
			      struct partial *out)
{
	const struct wrap *wrap = ctx;
	union place inner = {.run = stamp_run_stamped};
	struct stamp stamp;

	inner.at += wrap->distance;
	stamp.begin = now_ns();
	inner.run(wrap->ctx, begin, end, out);
	stamp.end = now_ns();
	stamp.tid = stamp_own_tid();
	stamp.cpu = sched_getcpu();
	wrap->stamps[plan_find_tile(&wrap->plan, begin)] = stamp;
}

static size_t stamp_wrapped_spans(const void *ctx, size_t begin, size_t end,
				  struct span *spans)
{
	const struct wrap *wrap = ctx;

	return wrap->spans(wrap->ctx, begin, end, spans);
}

/* ------------------------------------------------------------- parts */

struct worker {
	int32_t tid;
	int64_t first, last, busy;
};

/* Neighbouring tiles are often of the same one. */
static struct worker *stamp_find_worker(struct worker *workers, size_t *count,
					struct worker *recent, int32_t tid)
{
	if (recent && recent->tid == tid)
		return recent;
	for (size_t w = 0; w < *count; w++)
		if (workers[w].tid == tid)
			return &workers[w];
	if (*count == WORKERS_MAX)
		return NULL;
	workers[*count] = (struct worker){.tid = tid, .first = INT64_MAX};
	return &workers[(*count)++];
}

/* Which worker ran which tile; returns the number of workers, or -errno. */
static int stamp_gather(const struct stamp *stamps, size_t tiles, int64_t since,
			struct worker *workers)
{
	struct worker *worker = NULL;
	size_t count = 0;

	for (size_t t = 0; t < tiles; t++) {
		const struct stamp *stamp = &stamps[t];

		if (stamp->begin < since)
			return -EINVAL;
		worker = stamp_find_worker(workers, &count, worker, stamp->tid);
		if (!worker)
			return -EINVAL;
		if (stamp->begin < worker->first)
			worker->first = stamp->begin;
		if (stamp->end > worker->last)
			worker->last = stamp->end;
		worker->busy += stamp->end - stamp->begin;
	}
	return (int)count;
}

/* When the first of those began that the call has created. */
static int64_t stamp_first_created(const struct worker *workers, int count,
				   int32_t caller, int64_t called)
{
	int64_t first = INT64_MAX;

	for (int w = 0; w < count; w++)
		if (workers[w].tid != caller && workers[w].first < first)
			first = workers[w].first;
	return first == INT64_MAX ? called : first;
}

static int64_t stamp_smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void stamp_add_parts(const struct worker *workers, int count,
			    int64_t created, const struct stamps_pass *pass,
			    struct stamps_parts *parts)
{
	int64_t last = pass->called;

	for (int w = 0; w < count; w++)
		if (workers[w].last > last)
			last = workers[w].last;
	for (int w = 0; w < count; w++) {
		const struct worker *one = &workers[w];
		int64_t create =
			stamp_smaller(one->first, created) - pass->called;
		int64_t idle = one->last - pass->called - create - one->busy;

		parts->create += (double)create / count;
		parts->dispatch += (double)idle / count;
		parts->compute += (double)one->busy / count;
		parts->wait += (double)(last - one->last) / count;
	}
	parts->join += (double)(pass->joined - last);
	parts->call += (double)(pass->joined - pass->called);
	parts->workers += count;
}

int stamps_add(const struct stamp *stamps, size_t tiles, int32_t caller,
	       bool creates, const struct stamps_pass *pass,
	       struct stamps_parts *parts)
{
	size_t most = tiles < WORKERS_MAX ? tiles : WORKERS_MAX;
	struct worker *workers = calloc(most + 1, sizeof(*workers));
	int64_t created = pass->called;
	int count;

	if (!workers)
		return -ENOMEM;
	count = stamp_gather(stamps, tiles, pass->called, workers);
	if (count >= 0 && creates)
		created = stamp_first_created(workers, count, caller,
					      pass->called);
	if (count >= 0)
		stamp_add_parts(workers, count, created, pass, parts);
	free(workers);
	return count < 0 ? count : 0;
}

static int stamp_by_length(const void *a, const void *b)
{
	double x = ((const struct stamps_parts *)a)->call;
	double y = ((const struct stamps_parts *)b)->call;

	return (x > y) - (x < y);
}

struct stamps_parts stamps_typical(struct stamps_parts *calls, size_t count)
{
	size_t from = count / 4, to = count - from;
	double part = 1 / (double)(to - from);
	struct stamps_parts mean = {.call = 0};

	qsort(calls, count, sizeof(*calls), stamp_by_length);
	for (size_t i = from; i < to; i++) {
		mean.call += part * calls[i].call;
		mean.create += part * calls[i].create;
		mean.dispatch += part * calls[i].dispatch;
		mean.compute += part * calls[i].compute;
		mean.wait += part * calls[i].wait;
		mean.join += part * calls[i].join;
		mean.collect += part * calls[i].collect;
		mean.workers += part * calls[i].workers;
	}
	return mean;
}

/* ------------------------------------------------------------- measuring */

/* A call as it was. */
struct seen {
	int64_t collected;
	struct stamps_pass *pass;
	struct stamp *stamps;
};

struct stamps {
	struct shared *shared;
	int fd;			  /* which others map it from */
	struct workload workload; /* the epoch's, wrapped */
	size_t passes;
	struct stamps_parts calls[CALLS_MAX];
	struct seen now, typical;
};

struct stamps *stamps_open(void)
{
	/* More aligned than malloc's: a partial of the workload lies in it. */
	struct stamps *stamps =
		aligned_alloc(alignof(struct stamps), sizeof(*stamps));

	if (!stamps)
		return NULL;
	memset(stamps, 0, sizeof(*stamps));
	stamps->shared = memory_share(sizeof(*stamps->shared), &stamps->fd);
	if (!stamps->shared) {
		free(stamps);
		return NULL;
	}
	return stamps;
}

static void stamp_forget(struct seen *seen)
{
	free(seen->pass);
	free(seen->stamps);
	*seen = (struct seen){.pass = NULL};
}

void stamps_close(struct stamps *stamps)
{
	if (!stamps)
		return;
	stamp_forget(&stamps->now);
	stamp_forget(&stamps->typical);
	munmap(stamps->shared, sizeof(*stamps->shared));
	close(stamps->fd);
	free(stamps);
}

struct team_map stamps_map(const struct stamps *stamps)
{
	return (struct team_map){stamps->shared, sizeof(*stamps->shared),
				 stamps->fd};
}

static int stamp_make_room(struct seen *seen, size_t passes, size_t tiles)
{
	stamp_forget(seen);
	seen->pass = calloc(passes, sizeof(*seen->pass));
	seen->stamps =
		aligned_alloc(alignof(struct stamp),
			      (passes * tiles + 1) * sizeof(struct stamp));
	return seen->pass && seen->stamps ? 0 : -ENOMEM;
}

/* The same work, its function wrapped. */
static int stamp_wrap_workload(struct stamps *stamps, const struct epoch *epoch)
{
	const struct job *job = &epoch->workload->job;
	const union place inner = {.run = job->run};
	const union place outer = {.run = stamp_run_stamped};
	struct wrap *wrap = &stamps->shared->wrap;
	size_t tiles = job->plan.tiles;
	int rc;

	*wrap = (struct wrap){
		.distance = inner.at - outer.at,
		.ctx = job->ctx,
		.spans = job->spans,
		.plan = job->plan,
		.stamps = stamps->shared->stamps,
	};
	/* No call is to bring pages in. */
	memset(stamps->shared->stamps, 0, tiles * sizeof(struct stamp));
	stamps->workload = *epoch->workload;
	stamps->workload.job.run = stamp_run_stamped;
	stamps->workload.job.ctx = wrap;
	stamps->workload.job.ctx_size = sizeof(*wrap);
	if (job->spans)
		stamps->workload.job.spans = stamp_wrapped_spans;
	stamps->passes = kernel_passes(epoch->workload->kernel);
	rc = stamp_make_room(&stamps->now, stamps->passes, tiles);
	if (rc == 0)
		rc = stamp_make_room(&stamps->typical, stamps->passes, tiles);
	return rc;
}

/* One pass, and what its stamps say. */
static int stamp_one_pass(struct stamps *stamps, const struct epoch *epoch,
			  size_t pass, struct stamps_parts *parts)
{
	const struct job *job = &stamps->workload.job;
	struct stamps_pass *times = &stamps->now.pass[pass];
	size_t tiles = job->plan.tiles;
	int rc;

	times->called = now_ns();
	rc = epoch->runner->dispatch(epoch->team, job);
	times->joined = now_ns();
	if (rc < 0)
		return rc;
	memcpy(stamps->now.stamps + pass * tiles, stamps->shared->stamps,
	       tiles * sizeof(struct stamp));
	rc = stamps_add(stamps->shared->stamps, tiles, stamp_own_tid(),
			epoch->runner->lifetime == LIFETIME_CALL, times, parts);
	if (rc == -EINVAL)
		return team_fail(epoch->team, -ENOTSUP,
				 "its workers leave no time stamps that the "
				 "caller can see");
	return rc < 0 ? team_fail(epoch->team, rc, "out of memory") : 0;
}

static int stamp_one_call(struct stamps *stamps, const struct epoch *epoch,
			  struct stamps_parts *parts)
{
	const struct kernel *kernel = stamps->workload.kernel;
	int64_t folding;
	int rc = 0;

	*parts = (struct stamps_parts){.call = 0};
	for (size_t p = 0; rc == 0 && p < stamps->passes; p++) {
		rc = stamp_one_pass(stamps, epoch, p, parts);
		if (rc == 0 && kernel->between)
			workload_between(&stamps->workload, (unsigned)p,
					 stamps->workload.job.plan.tiles);
	}
	if (rc < 0)
		return rc;
	parts->workers /= (double)stamps->passes;
	folding = now_ns();
	if (kernel->combine)
		workload_combine(&stamps->workload);
	parts->collect = kernel->combine ? (double)(now_ns() - folding) : 0;
	parts->call += parts->collect;
	stamps->now.collected = stamps->now.pass[stamps->passes - 1].joined +
				(int64_t)parts->collect;
	return 0;
}

/* Once more, to keep the call that comes closest to `typical`. */
static int stamp_find_typical(struct stamps *stamps, const struct epoch *epoch,
			      size_t count, double typical)
{
	double best = INFINITY;

	for (size_t i = 0; i < count; i++) {
		struct seen swap = stamps->typical;
		struct stamps_parts parts;
		int rc = stamp_one_call(stamps, epoch, &parts);

		if (rc < 0)
			return rc;
		if (fabs(parts.call - typical) >= best)
			continue;
		best = fabs(parts.call - typical);
		stamps->typical = stamps->now;
		stamps->now = swap;
	}
	return 0;
}

static int stamp_split_calls(struct stamps *stamps, const struct epoch *epoch,
			     size_t calls, struct stamps_times *times)
{
	size_t count = calls < CALLS_MIN   ? CALLS_MIN
		       : calls > CALLS_MAX ? CALLS_MAX
					   : calls;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = stamp_one_call(stamps, epoch, &stamps->calls[i]);
	if (rc < 0)
		return rc;
	times->calls = count;
	times->parts = stamps_typical(stamps->calls, count);
	return stamp_find_typical(stamps, epoch, count, times->parts.call);
}

/* The time of a call in an epoch of `calls`, in ns, or -errno. */
static double stamp_time_call(const struct epoch *epoch, size_t calls)
{
	int64_t ns = epoch_warm(epoch, calls);

	if (ns == 0)
		ns = epoch_time(epoch, calls);
	return ns < 0 ? (double)ns : (double)ns / (double)calls;
}

/* Alternate, in changing order, so that drift affects both alike. */
static int stamp_compare(const struct epoch *plain, const struct epoch *stamped,
			 size_t calls, struct stamps_times *times)
{
	const struct epoch *order[] = {plain, stamped, stamped, plain};

	times->plain_ns = times->stamped_ns = 0;
	for (size_t i = 0; i < 4; i++) {
		double ns = stamp_time_call(order[i], calls);

		if (ns < 0)
			return (int)ns;
		*(order[i] == plain ? &times->plain_ns : &times->stamped_ns) +=
			ns / 2;
	}
	return 0;
}

int stamps_measure(struct stamps *stamps, const struct epoch *epoch,
		   size_t calls, struct stamps_times *times)
{
	struct epoch stamped = *epoch;
	int rc = stamp_wrap_workload(stamps, epoch);

	if (rc < 0)
		return team_fail(epoch->team, rc, "out of memory");
	stamped.workload = &stamps->workload;
	workload_poison(epoch->workload);
	rc = stamp_compare(epoch, &stamped, calls, times);
	if (rc < 0)
		return rc;
	workload_poison(&stamps->workload);
	rc = stamp_split_calls(stamps, &stamped, calls, times);
	if (rc < 0)
		return rc;
	epoch->workload->result = stamps->workload.result;
	times->caller = stamp_own_tid();
	times->passes = stamps->passes;
	times->tiles = stamps->workload.job.plan.tiles;
	times->collected = stamps->typical.collected;
	times->pass = stamps->typical.pass;
	times->stamps = stamps->typical.stamps;
	return 0;
}

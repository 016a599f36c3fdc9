/* SPDX-License-Identifier: MIT */
/*
 * How the workers of a pool are started, watched and reaped.
 */
#include "core/clock.h"
#include "lib/pool.h"
#include "runners/pool/thread.h"
#include "runners/process/worker_fork.h"
#include "system/child.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TASK_TEXT_MAX = 64, THREAD_NS = 100000000, PROCESS_NS = 500000000 };

static struct pool *get_pool(struct team *team)
{
	return (struct pool *)team;
}

/* ------------------------------------------------------------- both kinds */

/* Describe what a worker was last doing. */
static const char *describe_task(struct slot *slot, char text[TASK_TEXT_MAX])
{
	/* relaxed: for messages; the worker has ended, or may be in between */
	size_t begin = atomic_load_explicit(&slot->begin, memory_order_relaxed);
	size_t end = atomic_load_explicit(&slot->end, memory_order_relaxed);

	if (begin == end)
		snprintf(text, TASK_TEXT_MAX, "between tasks");
	else
		snprintf(text, TASK_TEXT_MAX, "in the task of items [%zu, %zu)",
			 begin, end);
	return text;
}

/* The first worker that is in a task; 0: none is, since worker 0 only waits in
 * a call with a deadline. */
static unsigned find_busy_worker(const struct pool *pool)
{
	for (unsigned worker = 0; worker < pool->team.workers; worker++)
		/* relaxed: a hint */
		if (atomic_load_explicit(&pool->common->slots[worker].end,
					 memory_order_relaxed) > 0)
			return worker;
	return 0;
}

static int check_deadline(struct pool *pool)
{
	unsigned late = find_busy_worker(pool);
	char text[TASK_TEXT_MAX];

	if (pool->deadline_ns == 0 || now_ns() < pool->deadline_ns)
		return 0;
	if (late == 0)
		return team_fail(&pool->team, -ETIMEDOUT,
				 "not done within %g s, though no worker is in "
				 "a task: is one stopped?",
				 pool->timeout);
	return team_fail(&pool->team, -ETIMEDOUT,
			 "not done within %g s: worker %u is %s", pool->timeout,
			 late, describe_task(&pool->common->slots[late], text));
}

/* ------------------------------------------------------------- processes */

static int process_worker_start(struct team *team, struct worker_pool *workers,
				unsigned worker)
{
	pid_t pid = worker_fork(team, worker);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		task_sit(&get_pool(team)->common->slots[worker]);
		worker_pool_serve(workers, worker);
		fflush(NULL);
		_exit(CHILD_DONE);
	}
	worker_pool_handle(workers, worker)->pid = pid;
	return 0;
}

/* Reap a worker, once: another process may get its number afterwards. False: it
 * failed. */
static bool process_worker_wait(struct worker_pool *workers, unsigned worker,
				char end[CHILD_END_MAX])
{
	pid_t *pid = &worker_pool_handle(workers, worker)->pid;
	int status = 0, rc = child_wait(*pid, &status);

	*pid = 0;
	child_describe_exit(rc, status, end);
	/* -ECHILD: it ended in an unknown way. That is no failure here: in a
	 * call, process_worker_watch() fails in any case. */
	return rc == -ECHILD || (rc == 0 && WIFEXITED(status) &&
				 WEXITSTATUS(status) == CHILD_DONE);
}

static int process_worker_watch(struct worker_pool *workers, unsigned worker)
{
	struct pool *pool = get_pool(worker_pool_team(workers));
	pid_t pid = worker_pool_handle(workers, worker)->pid;
	char end[CHILD_END_MAX], text[TASK_TEXT_MAX];

	if (!child_ended(pid))
		return check_deadline(pool);
	process_worker_wait(workers, worker, end);
	return team_fail(&pool->team, -EPIPE, "worker %u (pid %d) %s %s",
			 worker, (int)pid, end,
			 describe_task(&pool->common->slots[worker], text));
}

static int process_worker_reap(struct team *team, struct worker_pool *workers,
			       unsigned worker, bool kill_it)
{
	pid_t pid = worker_pool_handle(workers, worker)->pid;
	char end[CHILD_END_MAX];
	bool stopped = false;

	if (pid == 0)
		return 0;
	/* A worker that leaves may still have output to write; a stopped
	 * worker never leaves. */
	if (!kill_it && !child_await(pid, PROCESS_NS))
		stopped = child_stopped(pid);
	if ((kill_it || stopped) && !child_ended(pid))
		kill(pid, SIGKILL);
	if (process_worker_wait(workers, worker, end) || kill_it)
		return 0;
	return team_fail(team, -EPIPE, "worker %u (pid %d) %s%s between calls",
			 worker, (int)pid, stopped ? "was stopped and " : "",
			 end);
}

void worker_ops_kill(struct pool *pool)
{
	struct worker_pool *workers = pool->team.state;

	if (!pool->ops.processes)
		return;
	for (unsigned worker = 1; worker < pool->team.workers; worker++)
		process_worker_reap(&pool->team, workers, worker, true);
}

const struct worker_ops worker_ops_process = {
	.processes = true,
	.start = process_worker_start,
	.watch = process_worker_watch,
	.reap = process_worker_reap,
};

/* ------------------------------------------------------------- threads */

struct thread_worker {
	struct worker_pool *workers;
	struct slot *slot;
	unsigned worker;
};

static void note_gone(void *slot)
{
	atomic_store(&((struct slot *)slot)->gone, true);
}

static void *thread_worker_body(void *arg)
{
	struct thread_worker self = *(struct thread_worker *)arg;

	free(arg);
	task_sit(self.slot);
	pthread_cleanup_push(note_gone, self.slot);
	worker_pool_serve(self.workers, self.worker);
	pthread_cleanup_pop(0);
	return NULL;
}

static int thread_worker_start(struct team *team, struct worker_pool *workers,
			       unsigned worker)
{
	struct thread_worker *self = malloc(sizeof(*self));
	pthread_t thread;
	int rc;

	if (!self)
		return team_fail(team, -ENOMEM, "out of memory");
	*self = (struct thread_worker){
		workers, &get_pool(team)->common->slots[worker], worker};
	rc = thread_start(team, worker, thread_worker_body, self, &thread);
	if (rc < 0) {
		free(self);
		return rc;
	}
	worker_pool_handle(workers, worker)->thread = thread;
	return 0;
}

static int thread_worker_watch(struct worker_pool *workers, unsigned worker)
{
	struct pool *pool = get_pool(worker_pool_team(workers));
	struct slot *slot = &pool->common->slots[worker];
	char text[TASK_TEXT_MAX];

	if (!atomic_load(&slot->gone))
		return check_deadline(pool);
	return team_fail(&pool->team, -EPIPE, "thread %u left %s", worker,
			 describe_task(slot, text));
}

/* Join the thread if it ends before the deadline of closing. */
static int join_before_deadline(struct pool *pool, pthread_t thread)
{
	struct timespec till;
	int64_t left;

	if (pool->close_deadline_ns == 0)
		pool->close_deadline_ns = now_ns() + THREAD_NS;
	left = pool->close_deadline_ns - now_ns();
	if (left <= 0)
		return pthread_tryjoin_np(thread, NULL);
	till.tv_sec = pool->close_deadline_ns / 1000000000;
	till.tv_nsec = pool->close_deadline_ns % 1000000000;
	return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &till);
}

/* Name the thread that is in a task, not one that waits for it. */
static int report_stuck(struct pool *pool, unsigned worker)
{
	unsigned late = find_busy_worker(pool);
	char text[TASK_TEXT_MAX];

	late = late ? late : worker;
	return team_fail(&pool->team, -EBUSY,
			 "thread %u is still %s and cannot be killed: its "
			 "memory is kept; close again later",
			 late, describe_task(&pool->common->slots[late], text));
}

static int thread_worker_reap(struct team *team, struct worker_pool *workers,
			      unsigned worker, bool stuck)
{
	struct pool *pool = get_pool(team);
	unsigned long *thread = &worker_pool_handle(workers, worker)->thread;
	int rc;

	if (*thread == 0)
		return 0;
	rc = stuck ? join_before_deadline(pool, *thread)
		   : pthread_join(*thread, NULL);
	if (rc == ETIMEDOUT || rc == EBUSY)
		return report_stuck(pool, worker);
	*thread = 0; /* joined: the handle is invalid */
	return -rc;
}

const struct worker_ops worker_ops_thread = {
	.start = thread_worker_start,
	.watch = thread_worker_watch,
	.reap = thread_worker_reap,
};

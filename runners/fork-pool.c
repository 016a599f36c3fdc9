/* SPDX-License-Identifier: MIT */
/*
 * A pool of processes over a shared mapping: forked once, released and joined
 * through the same gate as the pool of threads.
 */
#include "runners/pool/worker_pool.h"
#include "runners/process/worker_fork.h"
#include "system/child.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static const struct option_spec fork_pool_options[] = {
	WORKER_POOL_OPTIONS,
	[WORKER_POOL_TIMEOUT] = WORKER_POOL_TIMEOUT_OPTION,
	{.key = NULL},
};

static int fork_pool_start(struct team *team, struct worker_pool *pool,
			   unsigned worker)
{
	pid_t pid = worker_fork(team, worker);

	if (pid < 0)
		return pid;
	if (pid == 0) {
		worker_pool_serve(pool, worker);
		_exit(CHILD_DONE);
	}
	worker_pool_handle(pool, worker)->pid = pid;
	return 0;
}

static int fork_pool_watch(struct worker_pool *pool, unsigned worker)
{
	pid_t *pid = &worker_pool_handle(pool, worker)->pid;
	char end[CHILD_END_MAX];
	pid_t dead = *pid;

	if (!child_ended(dead))
		return 0;
	child_reap(dead, end);
	*pid = 0; /* reaped: another process may get the number from now on */
	return worker_pool_report_death(pool, worker, dead, end);
}

static int fork_pool_reap(struct team *team, struct worker_pool *pool,
			  unsigned worker, bool kill_it)
{
	double timeout = team->options[WORKER_POOL_TIMEOUT].real;
	pid_t pid = worker_pool_handle(pool, worker)->pid;
	char end[CHILD_END_MAX];

	if (pid == 0)
		return 0;
	if (!kill_it && timeout > 0 &&
	    !child_await(pid, (int64_t)(timeout * 1e9))) {
		child_kill(pid);
		return team_fail(team, -ETIMEDOUT,
				 "worker %u (pid %d) has not left within %g s "
				 "(stopped?)",
				 worker, (int)pid, timeout);
	}
	if (kill_it)
		kill(pid, SIGKILL);
	if (child_reap(pid, end) || kill_it)
		return 0;
	return team_fail(team, -EPIPE, "worker %u (pid %d) %s", worker,
			 (int)pid, end);
}

static int fork_pool_open(struct team *team)
{
	static const struct worker_ops ops = {
		.processes = true,
		.start = fork_pool_start,
		.watch = fork_pool_watch,
		.reap = fork_pool_reap,
	};
	int rc = worker_fork_prepare(team);

	return rc < 0 ? rc : worker_pool_open(team, &ops);
}

const struct runner runner_fork_pool = {
	.abi = RUNNER_ABI,
	.name = "fork-pool",
	.summary = "processes that stay, over a shared mapping",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHARED,
	.options = fork_pool_options,
	.open = fork_pool_open,
	.dispatch = worker_pool_dispatch,
	.close = worker_pool_close,
};

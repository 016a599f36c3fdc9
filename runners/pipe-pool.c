/* SPDX-License-Identifier: MIT */
/*
 * Processes that stay, with memory of their own, as in Python's Pool.map. A
 * call sends a worker everything that it needs through its channel, and the
 * results come back the same way.
 */
#include "runners/process/worker_fork.h"
#include "runners/process/worker_processes.h"
#include "system/child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PIPE_CHANNEL, PIPE_TIMEOUT };

static const struct option_spec pipe_options[] = {
	[PIPE_CHANNEL] = {.key = "channel",
			  .type = OPTION_CHOICE,
			  .choices = CHANNEL_CHOICES,
			  .fallback = "socket",
			  .help = "what the data goes through"},
	[PIPE_TIMEOUT] = PROCESSES_TIMEOUT_OPTION,
	{.key = NULL},
};

/* The first piece of a message to a worker. Addresses are the same there. */
struct pipe_order {
	uint64_t call;
	struct job job;
	struct range tiles;
};

struct pipe_pool {
	struct worker_processes *processes;
	struct pipe_order *orders; /* by worker, while they are being sent */
	uint64_t *answers; /* by worker: the last call that it has done */
	uint64_t call;
	int broken; /* 0, or the error that ended the pool */
};

/* ------------------------------------------------------------ the worker */

/* Map private memory over the shared memory: the same addresses, but nothing is
 * shared with the caller any more. */
static bool pipe_leave_shared_memory(const struct team_map *map)
{
	return map->size == 0 ||
	       mmap(map->base, map->size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		    0) != MAP_FAILED;
}

static void pipe_need(int rc)
{
	if (rc < 0)
		_exit(WORKER_NO_CALLER);
}

/* False: the caller has closed the channel, and so the pool. */
static bool pipe_await_order(const struct channel *channel,
			     struct pipe_order *order)
{
	struct message message = {.count = 0};
	int rc;

	message_add(&message, order, sizeof(*order));
	rc = message_read(&message, channel);
	if (rc == -EPIPE && message.moved == 0)
		return false;
	pipe_need(rc);
	return true;
}

/* Receive the context first: job->spans() needs it. */
static void pipe_fetch(const struct channel *channel, struct pipe_order *order,
		       char *ctx)
{
	struct message message = {.count = 0};

	if (order->job.ctx_size > 0) {
		message_add(&message, ctx, order->job.ctx_size);
		pipe_need(message_read(&message, channel));
		order->job.ctx = ctx;
	}
	message = (struct message){.count = 0};
	message_add_tiles(&message, &order->job, order->tiles, false);
	pipe_need(message_read(&message, channel));
}

static void pipe_answer(const struct channel *channel,
			const struct pipe_order *order)
{
	struct message message = {.count = 0};

	message_add(&message, &order->call, sizeof(order->call));
	message_add_tiles(&message, &order->job, order->tiles, true);
	pipe_need(message_write(&message, channel));
}

static void pipe_work(struct team *team, unsigned worker,
		      const struct channel *channel)
{
	alignas(CACHE_LINE) char ctx[JOB_CTX_MAX];
	struct pipe_order order = {.call = 0};

	team_bind(team, worker);
	if (!pipe_leave_shared_memory(&team->maps[TEAM_DATA]))
		_exit(WORKER_NO_MEMORY);
	while (pipe_await_order(channel, &order)) {
		pipe_fetch(channel, &order, ctx);
		job_run(&order.job, order.tiles.begin, order.tiles.end);
		pipe_answer(channel, &order);
	}
	_exit(CHILD_DONE);
}

/* ------------------------------------------------------------ the caller */

static int pipe_start(struct pipe_pool *pool, unsigned worker)
{
	struct team *team = pool->processes->team;
	struct worker_process *list = pool->processes->list;
	struct channel theirs;
	pid_t pid;
	int rc = channel_open(
		(enum channel_kind)team->options[PIPE_CHANNEL].choice,
		&list[worker].channel, &theirs);

	if (rc < 0)
		return team_fail(team, rc,
				 "no channel for worker %u of %u: %s (see "
				 "ulimit -n)",
				 worker, team->workers, strerror(-rc));
	pid = worker_fork(team, worker);
	if (pid == 0) {
		/* Close the caller's ends: held open here, they would hide from
		 * the other workers that the caller has closed them or died. */
		for (unsigned other = 1; other <= worker; other++)
			channel_close(&list[other].channel);
		pipe_work(team, worker, &theirs);
	}
	channel_close(&theirs);
	if (pid < 0)
		return pid;
	pool->processes->pids[worker] = pid;
	return 0;
}

static void pipe_pool_free(struct pipe_pool *pool)
{
	pool->processes->team->state = NULL;
	processes_free(pool->processes);
	free(pool->orders);
	free(pool->answers);
	free(pool);
}

static struct pipe_pool *pipe_pool_new(struct team *team)
{
	struct pipe_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->processes = processes_new(team, team->options[PIPE_TIMEOUT].real);
	if (!pool->processes) {
		free(pool);
		return NULL;
	}
	pool->orders = calloc(team->workers, sizeof(*pool->orders));
	pool->answers = calloc(team->workers, sizeof(*pool->answers));
	if (pool->orders && pool->answers)
		return pool;
	pipe_pool_free(pool);
	return NULL;
}

static bool pipe_takes_part(const struct worker_process *process, bool all)
{
	return all || process->tiles.begin < process->tiles.end;
}

/* Send orders to every worker that has tiles, or to `all`. */
static int pipe_send_orders(struct pipe_pool *pool, const struct job *job,
			    bool all)
{
	struct worker_processes *processes = pool->processes;

	pool->call++;
	processes_share(processes, &job->plan);
	for (unsigned worker = 1; worker < processes->team->workers; worker++) {
		struct worker_process *process = &processes->list[worker];
		struct pipe_order *order = &pool->orders[worker];

		process->message = (struct message){.count = 0};
		if (!pipe_takes_part(process, all))
			continue;
		*order = (struct pipe_order){pool->call, *job, process->tiles};
		message_add(&process->message, order, sizeof(*order));
		message_add(&process->message, job->ctx, job->ctx_size);
		message_add_tiles(&process->message, job, process->tiles,
				  false);
	}
	return processes_send(processes);
}

static int pipe_receive_answers(struct pipe_pool *pool, const struct job *job,
				bool all)
{
	struct worker_processes *processes = pool->processes;
	int rc;

	for (unsigned worker = 1; worker < processes->team->workers; worker++) {
		struct worker_process *process = &processes->list[worker];

		process->message = (struct message){.count = 0};
		if (!pipe_takes_part(process, all))
			continue;
		message_add(&process->message, &pool->answers[worker],
			    sizeof(pool->answers[worker]));
		message_add_tiles(&process->message, job, process->tiles, true);
	}
	rc = processes_receive(processes);
	for (unsigned worker = 1; rc == 0 && worker < processes->team->workers;
	     worker++)
		if (pipe_takes_part(&processes->list[worker], all) &&
		    pool->answers[worker] != pool->call)
			rc = team_fail(processes->team, -EPROTO,
				       "worker %u answered another call (did a "
				       "task write to its channel?)",
				       worker);
	return rc;
}

/* Send an order without tiles: each worker answers once it has started. */
static int pipe_check_in(struct pipe_pool *pool)
{
	const struct job nothing = {.plan = {.tiles = 0}};
	int rc = pipe_send_orders(pool, &nothing, true);

	return rc < 0 ? rc : pipe_receive_answers(pool, &nothing, true);
}

static int pipe_open(struct team *team)
{
	struct pipe_pool *pool;
	int rc = worker_fork_prepare(team);

	if (rc < 0)
		return rc;
	pool = pipe_pool_new(team);
	if (!pool)
		return team_fail(team, -ENOMEM, "out of memory");
	team->state = pool;
	for (unsigned worker = 1; rc == 0 && worker < team->workers; worker++)
		rc = pipe_start(pool, worker);
	if (rc == 0) {
		team_bind(team, 0);
		rc = pipe_check_in(pool);
	}
	if (rc < 0)
		pipe_pool_free(pool);
	return rc;
}

static int pipe_dispatch(struct team *team, const struct job *job)
{
	struct range own = plan_share(&job->plan, team->workers, 0);
	struct pipe_pool *pool = team->state;
	int rc;

	if (pool->broken)
		return pool->broken;
	if (job->ctx_size > JOB_CTX_MAX)
		return team_fail(team, -E2BIG,
				 "a context of %zu bytes: %d at most can be "
				 "shipped",
				 job->ctx_size, JOB_CTX_MAX);
	rc = pipe_send_orders(pool, job, false);
	if (rc == 0) {
		job_run(job, own.begin, own.end);
		rc = pipe_receive_answers(pool, job, false);
	}
	pool->broken = rc;
	return rc;
}

/* A worker exits when its channel is closed. */
static int pipe_close(struct team *team)
{
	struct pipe_pool *pool = team->state;
	struct worker_processes *processes = pool->processes;
	int rc = pool->broken;

	for (unsigned worker = 1; worker < team->workers; worker++) {
		channel_close(&processes->list[worker].channel);
		processes->list[worker].tiles = (struct range){0, 0};
	}
	if (rc == 0)
		rc = processes_leave(processes);
	pipe_pool_free(pool);
	return rc;
}

const struct runner runner_pipe_pool = {
	.abi = RUNNER_ABI,
	.name = "pipe-pool",
	.summary = "processes that stay, all data shipped both ways",
	.unit = UNIT_PROCESS,
	.lifetime = LIFETIME_POOLED,
	.data = DATA_SHIPPED,
	.options = pipe_options,
	.open = pipe_open,
	.dispatch = pipe_dispatch,
	.close = pipe_close,
};

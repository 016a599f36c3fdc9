/* SPDX-License-Identifier: MIT */
/*
 * Processes that stay, with memory of their own: what Python's Pool.map does.
 * Everything that a call needs goes to a worker through its channel, and
 * everything that it computes comes back there.
 */
#include "runners/process/peers.h"
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
	[PIPE_TIMEOUT] = PEERS_TIMEOUT_OPTION,
	{.key = NULL},
};

/* What goes to a worker first. Its addresses are good there, too. */
struct order {
	uint64_t call;
	struct job job;
	struct range tiles;
};

struct pipe_pool {
	struct peers *peers;
	struct order *orders; /* by worker, for as long as they are sent */
	uint64_t *answers;    /* by worker: the call that it has done */
	uint64_t call;
	int broken; /* 0, or the error that ended the pool */
};

/* ------------------------------------------------------------ the worker */

/* Only the addresses stay: what was shared there is out of reach. */
static bool leave_shared_memory(const struct team_map *map)
{
	return map->size == 0 ||
	       mmap(map->base, map->size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
		    0) != MAP_FAILED;
}

static void need(int rc)
{
	if (rc < 0)
		_exit(WORKER_NO_CALLER);
}

/* Before an order, the end of the channel is the end of the pool. */
static bool await_order(const struct channel *channel, struct order *order)
{
	struct message message = {.count = 0};
	int rc;

	message_add(&message, order, sizeof(*order));
	rc = message_read(&message, channel);
	if (rc == -EPIPE && message.moved == 0)
		return false;
	need(rc);
	return true;
}

/* The spans are known once the context is. */
static void fetch(const struct channel *channel, struct order *order, char *ctx)
{
	struct message message = {.count = 0};

	if (order->job.ctx_size > 0) {
		message_add(&message, ctx, order->job.ctx_size);
		need(message_read(&message, channel));
		order->job.ctx = ctx;
	}
	message = (struct message){.count = 0};
	message_add_tiles(&message, &order->job, order->tiles, false);
	need(message_read(&message, channel));
}

static void answer(const struct channel *channel, const struct order *order)
{
	struct message message = {.count = 0};

	message_add(&message, &order->call, sizeof(order->call));
	message_add_tiles(&message, &order->job, order->tiles, true);
	need(message_write(&message, channel));
}

static void work(struct team *team, unsigned worker,
		 const struct channel *channel)
{
	alignas(CACHE_LINE) char ctx[JOB_CTX_MAX];
	struct order order = {.call = 0};

	team_bind(team, worker);
	if (!leave_shared_memory(&team->maps[TEAM_DATA]))
		_exit(WORKER_NO_MEMORY);
	while (await_order(channel, &order)) {
		fetch(channel, &order, ctx);
		job_run(&order.job, order.tiles.begin, order.tiles.end);
		answer(channel, &order);
	}
	_exit(CHILD_DONE);
}

/* ------------------------------------------------------------ the caller */

static int start(struct pipe_pool *pool, unsigned worker)
{
	struct team *team = pool->peers->team;
	struct peer *list = pool->peers->list;
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
	pid = child_fork();
	if (pid == 0) {
		/* An end that a sibling held would hide a death. */
		for (unsigned other = 1; other <= worker; other++)
			channel_close(&list[other].channel);
		work(team, worker, &theirs);
	}
	channel_close(&theirs);
	if (pid < 0)
		return team_fail(
			team, pid,
			"cannot fork worker %u of %u: %s (" CHILD_LIMITS ")",
			worker, team->workers, strerror(-pid));
	pool->peers->pids[worker] = pid;
	return 0;
}

static void free_pool(struct pipe_pool *pool)
{
	pool->peers->team->state = NULL;
	peers_free(pool->peers);
	free(pool->orders);
	free(pool->answers);
	free(pool);
}

static struct pipe_pool *new_pool(struct team *team)
{
	struct pipe_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->peers = peers_new(team, team->options[PIPE_TIMEOUT].real);
	if (!pool->peers) {
		free(pool);
		return NULL;
	}
	pool->orders = calloc(team->workers, sizeof(*pool->orders));
	pool->answers = calloc(team->workers, sizeof(*pool->answers));
	if (pool->orders && pool->answers)
		return pool;
	free_pool(pool);
	return NULL;
}

static bool takes_part(const struct peer *peer, bool all)
{
	return all || peer->tiles.begin < peer->tiles.end;
}

/* Send to every worker who has a share, or to `all`. */
static int send_orders(struct pipe_pool *pool, const struct job *job, bool all)
{
	struct peers *peers = pool->peers;

	pool->call++;
	peers_share(peers, &job->plan);
	for (unsigned worker = 1; worker < peers->team->workers; worker++) {
		struct peer *peer = &peers->list[worker];
		struct order *order = &pool->orders[worker];

		peer->message = (struct message){.count = 0};
		if (!takes_part(peer, all))
			continue;
		*order = (struct order){pool->call, *job, peer->tiles};
		message_add(&peer->message, order, sizeof(*order));
		message_add(&peer->message, job->ctx, job->ctx_size);
		message_add_tiles(&peer->message, job, peer->tiles, false);
	}
	return peers_send(peers);
}

static int receive_answers(struct pipe_pool *pool, const struct job *job,
			   bool all)
{
	struct peers *peers = pool->peers;
	int rc;

	for (unsigned worker = 1; worker < peers->team->workers; worker++) {
		struct peer *peer = &peers->list[worker];

		peer->message = (struct message){.count = 0};
		if (!takes_part(peer, all))
			continue;
		message_add(&peer->message, &pool->answers[worker],
			    sizeof(pool->answers[worker]));
		message_add_tiles(&peer->message, job, peer->tiles, true);
	}
	rc = peers_receive(peers);
	for (unsigned worker = 1; rc == 0 && worker < peers->team->workers;
	     worker++)
		if (takes_part(&peers->list[worker], all) &&
		    pool->answers[worker] != pool->call)
			rc = team_fail(peers->team, -EPROTO,
				       "worker %u answered another call (did a "
				       "task write to its channel?)",
				       worker);
	return rc;
}

/* An order of no tiles: who answers has come. */
static int check_in(struct pipe_pool *pool)
{
	const struct job nothing = {.plan = {.tiles = 0}};
	int rc = send_orders(pool, &nothing, true);

	return rc < 0 ? rc : receive_answers(pool, &nothing, true);
}

static int pipe_open(struct team *team)
{
	struct pipe_pool *pool;
	int rc = 0;

	if (child_unsafe())
		return team_fail(team, -EBUSY,
				 "this process runs threads already (of an "
				 "OpenMP region?): forking it is unsafe; open "
				 "the pool first, or in a process of its own");
	child_heed();
	pool = new_pool(team);
	if (!pool)
		return team_fail(team, -ENOMEM, "out of memory");
	team->state = pool;
	for (unsigned worker = 1; rc == 0 && worker < team->workers; worker++)
		rc = start(pool, worker);
	if (rc == 0) {
		team_bind(team, 0);
		rc = check_in(pool);
	}
	if (rc < 0)
		free_pool(pool);
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
	rc = send_orders(pool, job, false);
	if (rc == 0) {
		job_run(job, own.begin, own.end);
		rc = receive_answers(pool, job, false);
	}
	pool->broken = rc;
	return rc;
}

/* Who finds its channel closed leaves. */
static int pipe_close(struct team *team)
{
	struct pipe_pool *pool = team->state;
	struct peers *peers = pool->peers;
	int rc = pool->broken;

	for (unsigned worker = 1; worker < team->workers; worker++) {
		channel_close(&peers->list[worker].channel);
		peers->list[worker].tiles = (struct range){0, 0};
	}
	if (rc == 0)
		rc = peers_leave(peers);
	free_pool(pool);
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

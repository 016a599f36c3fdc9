/* SPDX-License-Identifier: MIT */
#include "runners/process/peers.h"

#include "core/clock.h"
#include "system/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* Between two looks for who died without closing his channel: a task
	 * may have left it open in a process of its own. */
	WATCH_MS = 50,
	/* For the end of a process that has closed its channel. */
	END_MS = 1000,
};

struct peers *peers_new(struct team *team, double timeout)
{
	unsigned workers = team->workers;
	struct peers *peers =
		calloc(1, sizeof(*peers) + workers * sizeof(peers->list[0]));

	if (!peers)
		return NULL;
	peers->team = team;
	peers->timeout = timeout;
	peers->pids = calloc(workers, sizeof(*peers->pids));
	peers->polls = calloc(2 * (size_t)workers, sizeof(*peers->polls));
	for (unsigned worker = 0; worker < workers; worker++)
		peers->list[worker].channel =
			(struct channel){.to = -1, .from = -1, .hold = -1};
	if (peers->pids && peers->polls)
		return peers;
	peers_free(peers);
	return NULL;
}

void peers_kill(struct peers *peers)
{
	for (unsigned worker = 1; worker < peers->team->workers; worker++) {
		child_kill(peers->pids[worker]);
		peers->pids[worker] = 0;
	}
}

static void close_channels(struct peers *peers)
{
	for (unsigned worker = 1; worker < peers->team->workers; worker++)
		channel_close(&peers->list[worker].channel);
}

void peers_free(struct peers *peers)
{
	if (peers->pids)
		peers_kill(peers);
	close_channels(peers);
	if (peers->free_own)
		peers->free_own(peers->own);
	free(peers->pids);
	free(peers->polls);
	free(peers);
}

void peers_share(struct peers *peers, const struct plan *plan)
{
	for (unsigned worker = 1; worker < peers->team->workers; worker++)
		peers->list[worker].tiles =
			plan_share(plan, peers->team->workers, worker);
}

/* ----------------------------------------------------- who is missing */

static int tell(const struct peers *peers, unsigned worker, pid_t pid,
		int error, const char *how)
{
	struct range tiles = peers->list[worker].tiles;

	if (tiles.begin == tiles.end)
		return team_fail(peers->team, error,
				 "worker %u (pid %d) %s while it held no tiles",
				 worker, (int)pid, how);
	return team_fail(peers->team, error,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, how, tiles.begin, tiles.end);
}

/* It has ended, or is about to: it has closed its channel. */
static int lost(struct peers *peers, unsigned worker)
{
	char end[CHILD_END_MAX] = "closed its channel";
	pid_t pid = peers->pids[worker];

	if (child_await_any(&pid, peers->polls, 1, END_MS) == 0)
		child_reap(pid, end);
	else
		child_kill(pid);
	peers->pids[worker] = 0;
	return tell(peers, worker, pid, -EPIPE, end);
}

static int late(const struct peers *peers, unsigned worker)
{
	char how[CHILD_END_MAX];

	snprintf(how, sizeof(how), "made no progress for %g s (stopped?)",
		 peers->timeout);
	return tell(peers, worker, peers->pids[worker], -ETIMEDOUT, how);
}

/* A message to or from a worker who is not there will not come through. */
static bool pending(const struct peers *peers, unsigned worker)
{
	return !message_done(&peers->list[worker].message);
}

static unsigned first_pending(const struct peers *peers)
{
	unsigned worker = 1;

	while (!pending(peers, worker))
		worker++;
	return worker;
}

/* ------------------------------------------------------------ messages */

/* Returns how many are still under way, or -errno; adds what moved. */
static int move_all(struct peers *peers, bool out, size_t *moved)
{
	int left = 0;

	for (unsigned worker = 1; worker < peers->team->workers; worker++) {
		struct peer *peer = &peers->list[worker];
		size_t before = peer->message.moved;
		int rc = 0;

		if (!pending(peers, worker))
			continue;
		rc = out ? message_write(&peer->message, &peer->channel)
			 : message_read(&peer->message, &peer->channel);
		if (rc < 0 && rc != -EAGAIN)
			return lost(peers, worker);
		left += rc == -EAGAIN;
		*moved += peer->message.moved - before;
	}
	return left;
}

/* A pipe that is written to says nothing of its reader's end: the other one
 * does. */
static int fill_polls(struct peers *peers, bool out)
{
	int count = 0;

	for (unsigned worker = 1; worker < peers->team->workers; worker++) {
		const struct channel *channel = &peers->list[worker].channel;

		if (!pending(peers, worker))
			continue;
		peers->polls[count++] =
			(struct pollfd){.fd = out ? channel->to : channel->from,
					.events = out ? POLLOUT : POLLIN};
		if (out && channel->kind == CHANNEL_PIPE)
			peers->polls[count++] =
				(struct pollfd){.fd = channel->from};
	}
	return count;
}

/* Who waits to be written to, but can no longer answer? */
static unsigned hung_up(const struct peers *peers, int count)
{
	for (int i = 0; i < count; i++)
		for (unsigned w = 1; w < peers->team->workers; w++)
			if (peers->polls[i].events == 0 &&
			    peers->polls[i].revents & (POLLHUP | POLLERR) &&
			    peers->polls[i].fd == peers->list[w].channel.from)
				return w;
	return 0;
}

/* Whoever ended may have sent all it had to say before. */
static bool has_more(const struct peer *peer)
{
	struct pollfd room = {.fd = peer->channel.from, .events = POLLIN};

	return poll(&room, 1, 0) > 0;
}

/* Nothing moves now: wait until something does, and see who will not. `since`
 * is when something moved last. */
static int wait_to_move(struct peers *peers, bool out, int64_t since)
{
	int count = fill_polls(peers, out);
	int ready = poll(peers->polls, (nfds_t)count, WATCH_MS);
	unsigned dead = ready > 0 && out ? hung_up(peers, count) : 0;

	if (dead)
		return lost(peers, dead);
	if (ready > 0)
		return 0;
	for (unsigned worker = 1; worker < peers->team->workers; worker++)
		if (pending(peers, worker) &&
		    child_ended(peers->pids[worker]) &&
		    !has_more(&peers->list[worker]))
			return lost(peers, worker);
	if (peers->timeout > 0 &&
	    (double)(now_ns() - since) > peers->timeout * 1e9)
		return late(peers, first_pending(peers));
	return 0;
}

static int move(struct peers *peers, bool out)
{
	int64_t since = now_ns();
	int rc;

	for (;;) {
		size_t moved = 0;
		int left = move_all(peers, out, &moved);

		if (left <= 0)
			return left;
		if (moved > 0)
			since = now_ns();
		rc = wait_to_move(peers, out, since);
		if (rc < 0)
			return rc;
	}
}

int peers_send(struct peers *peers)
{
	return move(peers, true);
}

int peers_receive(struct peers *peers)
{
	return move(peers, false);
}

/* -------------------------------------------------------------- leaving */

static unsigned count_left(const struct peers *peers, unsigned *last)
{
	unsigned left = 0;

	for (unsigned worker = 1; worker < peers->team->workers; worker++)
		if (peers->pids[worker]) {
			*last = worker;
			left++;
		}
	return left;
}

/* The worker who leaves next, or -errno. To wait for a single one needs no
 * descriptor of it. */
static int next_to_leave(struct peers *peers, unsigned left, unsigned last)
{
	int timeout_ms =
		peers->timeout > 0 ? (int)(peers->timeout * 1e3) + 1 : -1;
	int worker = (int)last;

	if (left > 1 || timeout_ms > 0)
		worker = child_await_any(peers->pids, peers->polls,
					 peers->team->workers, timeout_ms);
	return worker < 0 ? late(peers, last) : worker;
}

int peers_leave(struct peers *peers)
{
	unsigned left, last = 0;

	while ((left = count_left(peers, &last)) > 0) {
		int worker = next_to_leave(peers, left, last);
		char end[CHILD_END_MAX];
		pid_t pid;

		if (worker < 0)
			return worker;
		pid = peers->pids[worker];
		peers->pids[worker] = 0;
		if (!child_reap(pid, end))
			return tell(peers, (unsigned)worker, pid, -EPIPE, end);
	}
	return 0;
}

/* ------------------------------------------------- workers of one call */

int peers_open(struct team *team, double timeout, bool forks)
{
	if (forks && child_unsafe())
		return team_fail(team, -EBUSY,
				 "this process runs threads already (of an "
				 "OpenMP region?): forking it is unsafe; fork "
				 "in a process of its own");
	child_heed();
	team->state = peers_new(team, timeout);
	if (!team->state)
		return team_fail(team, -ENOMEM, "out of memory");
	team_bind(team, 0);
	for (unsigned worker = 1; worker < team->workers; worker++)
		team->bound[worker] = team->cpus ? team->cpus[worker] : -1;
	return 0;
}

static int start_all(struct peers *peers, const struct job *job,
		     peers_start *start)
{
	const struct team *team = peers->team;

	peers_share(peers, &job->plan);
	for (unsigned worker = 1; worker < team->workers; worker++) {
		pid_t pid;

		peers->list[worker].message = (struct message){.count = 0};
		pid = start(peers, job, worker);
		if (pid < 0)
			return pid;
		peers->pids[worker] = pid;
		/* The parent moves the child: bound to the parent's own CPU,
		 * it could not run to do so itself before the parent has done
		 * its share. */
		if (team->cpus)
			topology_bind_task(team->topology, pid,
					   team->cpus[worker]);
	}
	return 0;
}

int peers_call(struct team *team, const struct job *job, peers_start *start)
{
	struct range own = plan_share(&job->plan, team->workers, 0);
	struct peers *peers = team->state;
	int rc = start_all(peers, job, start);

	if (rc == 0) {
		job_run(job, own.begin, own.end);
		rc = peers_receive(peers);
	}
	if (rc == 0)
		rc = peers_leave(peers);
	if (rc < 0)
		peers_kill(peers);
	close_channels(peers);
	return rc;
}

int peers_close(struct team *team)
{
	peers_free(team->state);
	team->state = NULL;
	return 0;
}

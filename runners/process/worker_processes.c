/* SPDX-License-Identifier: MIT */
#include "runners/process/worker_processes.h"

#include "core/clock.h"
#include "system/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* How often to look for workers that died with their channel open: a
	 * process that a task started may hold it. */
	WATCH_MS = 50,
	/* How long a process that has closed its channel may take to end. */
	END_MS = 1000,
};

struct worker_processes *processes_new(struct team *team, double timeout)
{
	unsigned workers = team->workers;
	struct worker_processes *processes = calloc(
		1, sizeof(*processes) + workers * sizeof(processes->list[0]));

	if (!processes)
		return NULL;
	processes->team = team;
	processes->timeout = timeout;
	processes->pids = calloc(workers, sizeof(*processes->pids));
	processes->polls =
		calloc(2 * (size_t)workers, sizeof(*processes->polls));
	for (unsigned worker = 0; worker < workers; worker++)
		processes->list[worker].channel = channel_closed;
	if (processes->pids && processes->polls)
		return processes;
	processes_free(processes);
	return NULL;
}

void processes_kill(struct worker_processes *processes)
{
	for (unsigned worker = 1; worker < processes->team->workers; worker++) {
		child_kill(processes->pids[worker]);
		processes->pids[worker] = 0;
	}
}

static void processes_close_channels(struct worker_processes *processes)
{
	for (unsigned worker = 1; worker < processes->team->workers; worker++)
		channel_close(&processes->list[worker].channel);
}

void processes_free(struct worker_processes *processes)
{
	if (processes->pids)
		processes_kill(processes);
	processes_close_channels(processes);
	if (processes->free_own)
		processes->free_own(processes->own);
	free(processes->pids);
	free(processes->polls);
	free(processes);
}

void processes_share(struct worker_processes *processes,
		     const struct plan *plan)
{
	for (unsigned worker = 1; worker < processes->team->workers; worker++)
		processes->list[worker].tiles =
			plan_share(plan, processes->team->workers, worker);
}

/* ------------------------------------------------------------ failures */

static int processes_report(const struct worker_processes *processes,
			    unsigned worker, pid_t pid, int error,
			    const char *how)
{
	struct range tiles = processes->list[worker].tiles;

	if (tiles.begin == tiles.end)
		return team_fail(processes->team, error,
				 "worker %u (pid %d) %s while it held no tiles",
				 worker, (int)pid, how);
	return team_fail(processes->team, error,
			 "worker %u (pid %d) %s while it held tiles [%zu, %zu)",
			 worker, (int)pid, how, tiles.begin, tiles.end);
}

/* It has closed its channel, so it has ended or should end soon. */
static int processes_report_death(struct worker_processes *processes,
				  unsigned worker)
{
	char end[CHILD_END_MAX] = "closed its channel";
	pid_t pid = processes->pids[worker];

	if (child_await_any(&pid, processes->polls, 1, END_MS) == 0)
		child_reap(pid, end);
	else
		child_kill(pid);
	processes->pids[worker] = 0;
	return processes_report(processes, worker, pid, -EPIPE, end);
}

static int processes_report_late(const struct worker_processes *processes,
				 unsigned worker)
{
	char how[CHILD_END_MAX];

	snprintf(how, sizeof(how), "made no progress for %g s (stopped?)",
		 processes->timeout);
	return processes_report(processes, worker, processes->pids[worker],
				-ETIMEDOUT, how);
}

/* Is its message still on the way? */
static bool is_pending(const struct worker_processes *processes,
		       unsigned worker)
{
	return !message_done(&processes->list[worker].message);
}

static unsigned processes_first_pending(
	const struct worker_processes *processes)
{
	unsigned worker = 1;

	while (!is_pending(processes, worker))
		worker++;
	return worker;
}

/* ------------------------------------------------------------ messages */

/* Returns how many messages are still on the way, or -errno. Adds to *moved the
 * bytes that moved. */
static int processes_move_all(struct worker_processes *processes, bool out,
			      size_t *moved)
{
	int left = 0;

	for (unsigned worker = 1; worker < processes->team->workers; worker++) {
		struct worker_process *process = &processes->list[worker];
		size_t before = process->message.moved;
		int rc = 0;

		if (!is_pending(processes, worker))
			continue;
		rc = out ? message_write(&process->message, &process->channel)
			 : message_read(&process->message, &process->channel);
		if (rc < 0 && rc != -EAGAIN)
			return processes_report_death(processes, worker);
		left += rc == -EAGAIN;
		*moved += process->message.moved - before;
	}
	return left;
}

/* The pipe to a worker does not show that the worker has ended, since the
 * caller holds both of its ends: poll the pipe from it, too. */
static int processes_fill_polls(struct worker_processes *processes, bool out)
{
	int count = 0;

	for (unsigned worker = 1; worker < processes->team->workers; worker++) {
		const struct channel *channel =
			&processes->list[worker].channel;

		if (!is_pending(processes, worker))
			continue;
		processes->polls[count++] =
			(struct pollfd){.fd = out ? channel->to : channel->from,
					.events = out ? POLLOUT : POLLIN};
		if (out && channel->kind == CHANNEL_PIPE)
			processes->polls[count++] =
				(struct pollfd){.fd = channel->from};
	}
	return count;
}

/* The worker whose pipe back has been closed while we write to it; 0: none. */
static unsigned processes_find_hung_up(const struct worker_processes *processes,
				       int count)
{
	for (int i = 0; i < count; i++)
		for (unsigned w = 1; w < processes->team->workers; w++)
			if (processes->polls[i].events == 0 &&
			    processes->polls[i].revents & (POLLHUP | POLLERR) &&
			    processes->polls[i].fd ==
				    processes->list[w].channel.from)
				return w;
	return 0;
}

/* A worker that has ended may have sent all of its message before. */
static bool process_has_more(const struct worker_process *process)
{
	struct pollfd polled = {.fd = process->channel.from, .events = POLLIN};

	return poll(&polled, 1, 0) > 0;
}

/* Wait until a message can move. -EPIPE for a worker that will never move its
 * message, -ETIMEDOUT after the timeout. Something last moved at `since`. */
static int processes_wait_to_move(struct worker_processes *processes, bool out,
				  int64_t since)
{
	int count = processes_fill_polls(processes, out);
	int ready = poll(processes->polls, (nfds_t)count, WATCH_MS);
	unsigned dead =
		ready > 0 && out ? processes_find_hung_up(processes, count) : 0;

	if (dead)
		return processes_report_death(processes, dead);
	if (ready > 0)
		return 0;
	for (unsigned worker = 1; worker < processes->team->workers; worker++)
		if (is_pending(processes, worker) &&
		    child_ended(processes->pids[worker]) &&
		    !process_has_more(&processes->list[worker]))
			return processes_report_death(processes, worker);
	if (processes->timeout > 0 &&
	    (double)(now_ns() - since) > processes->timeout * 1e9)
		return processes_report_late(
			processes, processes_first_pending(processes));
	return 0;
}

static int processes_move(struct worker_processes *processes, bool out)
{
	int64_t since = now_ns();
	int rc;

	for (;;) {
		size_t moved = 0;
		int left = processes_move_all(processes, out, &moved);

		if (left <= 0)
			return left;
		if (moved > 0)
			since = now_ns();
		rc = processes_wait_to_move(processes, out, since);
		if (rc < 0)
			return rc;
	}
}

int processes_send(struct worker_processes *processes)
{
	return processes_move(processes, true);
}

int processes_receive(struct worker_processes *processes)
{
	return processes_move(processes, false);
}

/* -------------------------------------------------------------- leaving */

static unsigned processes_count_left(const struct worker_processes *processes,
				     unsigned *last)
{
	unsigned left = 0;

	for (unsigned worker = 1; worker < processes->team->workers; worker++)
		if (processes->pids[worker]) {
			*last = worker;
			left++;
		}
	return left;
}

/* The worker that exits next, or -errno. A single one is returned at once, to
 * be reaped by a blocking wait: that needs no descriptor. */
static int processes_next_to_leave(struct worker_processes *processes,
				   unsigned left, unsigned last)
{
	int timeout_ms = processes->timeout > 0
				 ? (int)(processes->timeout * 1e3) + 1
				 : -1;
	int worker = (int)last;

	if (left > 1 || timeout_ms > 0)
		worker = child_await_any(processes->pids, processes->polls,
					 processes->team->workers, timeout_ms);
	return worker < 0 ? processes_report_late(processes, last) : worker;
}

int processes_leave(struct worker_processes *processes)
{
	unsigned left, last = 0;

	while ((left = processes_count_left(processes, &last)) > 0) {
		int worker = processes_next_to_leave(processes, left, last);
		char end[CHILD_END_MAX];
		pid_t pid;

		if (worker < 0)
			return worker;
		pid = processes->pids[worker];
		processes->pids[worker] = 0;
		if (!child_reap(pid, end))
			return processes_report(processes, (unsigned)worker,
						pid, -EPIPE, end);
	}
	return 0;
}

/* ------------------------------------------------- workers of one call */

int processes_open(struct team *team, double timeout)
{
	team->state = processes_new(team, timeout);
	if (!team->state)
		return team_fail(team, -ENOMEM, "out of memory");
	team_bind(team, 0);
	for (unsigned worker = 1; worker < team->workers; worker++)
		team->bound[worker] = team->cpus ? team->cpus[worker] : -1;
	return 0;
}

static int processes_start_all(struct worker_processes *processes,
			       const struct job *job, processes_start *start)
{
	const struct team *team = processes->team;

	processes_share(processes, &job->plan);
	for (unsigned worker = 1; worker < team->workers; worker++) {
		pid_t pid;

		processes->list[worker].message = (struct message){.count = 0};
		pid = start(processes, job, worker);
		if (pid < 0)
			return pid;
		processes->pids[worker] = pid;
		/* The parent moves the child to its CPU: on the parent's CPU,
		 * the child could not run, and so not move itself, before the
		 * parent has done its own share. */
		if (team->cpus)
			topology_bind_task(team->topology, pid,
					   team->cpus[worker]);
	}
	return 0;
}

int processes_call(struct team *team, const struct job *job,
		   processes_start *start)
{
	struct range own = plan_share(&job->plan, team->workers, 0);
	struct worker_processes *processes = team->state;
	int rc = processes_start_all(processes, job, start);

	if (rc == 0) {
		job_run(job, own.begin, own.end);
		rc = processes_receive(processes);
	}
	if (rc == 0)
		rc = processes_leave(processes);
	if (rc < 0)
		processes_kill(processes);
	processes_close_channels(processes);
	return rc;
}

int processes_close(struct team *team)
{
	processes_free(team->state);
	team->state = NULL;
	return 0;
}

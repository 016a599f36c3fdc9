/* SPDX-License-Identifier: MIT */
#include "system/child.h"

#include "core/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int child_wait(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

void child_describe_exit(int rc, int status, char end[CHILD_END_MAX])
{
	if (rc == -ECHILD)
		snprintf(end, CHILD_END_MAX,
			 "ended in an unknown way (SIGCHLD is ignored, or "
			 "another thread waited)");
	else if (rc < 0)
		snprintf(end, CHILD_END_MAX, "could not be waited for (%s)",
			 strerror(-rc));
	else if (WIFSIGNALED(status))
		snprintf(end, CHILD_END_MAX, "was killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(end, CHILD_END_MAX, "left with status %d",
			 WEXITSTATUS(status));
}

bool child_reap(pid_t pid, char end[CHILD_END_MAX])
{
	int status = 0, rc = child_wait(pid, &status);

	child_describe_exit(rc, status, end);
	return rc == 0 && WIFEXITED(status) &&
	       WEXITSTATUS(status) == CHILD_DONE;
}

bool child_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return errno == ECHILD;
	return info.si_pid == pid;
}

bool child_stopped(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == pid;
}

static int child_find_ended(const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (pids[i] && child_ended(pids[i]))
			return (int)i;
	return -ETIMEDOUT;
}

/* False: some could not be opened, for an old kernel or a limit on descriptors;
 * look every millisecond then. */
static bool child_open_polls(const pid_t *pids, struct pollfd *polls,
			     unsigned count)
{
	bool all = true;

	for (unsigned i = 0; i < count; i++) {
		polls[i] = (struct pollfd){.fd = -1, .events = POLLIN};
		if (pids[i])
			polls[i].fd = (int)syscall(SYS_pidfd_open, pids[i], 0);
		all = all && (pids[i] == 0 || polls[i].fd >= 0);
	}
	return all;
}

static void child_close_polls(const struct pollfd *polls, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (polls[i].fd >= 0)
			close(polls[i].fd);
}

int child_await_any(const pid_t *pids, struct pollfd *polls, unsigned count,
		    int timeout_ms)
{
	int64_t start = now_ns();
	bool all;
	int ended = child_find_ended(pids, count);

	if (ended >= 0)
		return ended;
	all = child_open_polls(pids, polls, count);
	while ((ended = child_find_ended(pids, count)) < 0) {
		int left = timeout_ms;

		if (timeout_ms >= 0)
			left -= (int)((now_ns() - start) / 1000000);
		if (timeout_ms >= 0 && left <= 0)
			break;
		poll(polls, count, all ? left : 1);
	}
	child_close_polls(polls, count);
	return ended;
}

bool child_await(pid_t pid, int64_t timeout_ns)
{
	int64_t ms = timeout_ns / 1000000 + 1;
	struct pollfd polled;

	return child_await_any(&pid, &polled, 1,
			       ms < INT_MAX ? (int)ms : INT_MAX) == 0;
}

void child_kill(pid_t pid)
{
	char end[CHILD_END_MAX];

	if (pid == 0)
		return;
	kill(pid, SIGKILL);
	child_reap(pid, end);
}

/* SPDX-License-Identifier: MIT */
#include "system/child.h"

#include "core/clock.h"
#include "system/retry.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A mutable global: the handler of child_setup()'s signal gets no argument. */
static pid_t setup_parent;

static void child_leave_if_orphaned(int signal_number)
{
	(void)signal_number;
	if (getppid() != setup_parent)
		_exit(127);
}

static void child_request_death_signal(pid_t parent, bool by_main)
{
	struct sigaction leave = {.sa_handler = child_leave_if_orphaned,
				  .sa_flags = SA_RESTART};

	setup_parent = parent;
	if (by_main) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	} else {
		sigaction(SIGRTMAX, &leave, NULL);
		prctl(PR_SET_PDEATHSIG, SIGRTMAX);
	}
	/* The parent may have ended before prctl(). */
	if (getppid() != parent)
		_exit(127);
}

void child_setup(pid_t parent, bool by_main)
{
	sigset_t none;

	child_request_death_signal(parent, by_main);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

bool child_by_main(void)
{
	return gettid() == getpid();
}

void child_reset_sigchld(void)
{
	struct sigaction now;

	if (sigaction(SIGCHLD, NULL, &now) < 0 ||
	    (now.sa_handler != SIG_IGN && !(now.sa_flags & SA_NOCLDWAIT)))
		return;
	now.sa_flags &= ~SA_NOCLDWAIT;
	if (now.sa_handler == SIG_IGN)
		now.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &now, NULL);
}

pid_t child_fork(void)
{
	pid_t parent = getpid();
	bool by_main = child_by_main();
	unsigned tries = 0;
	pid_t pid;

	while ((pid = fork()) < 0 && retry_nap(errno, tries))
		tries++;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		child_setup(parent, by_main);
	return pid;
}

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

bool process_is_threaded(void)
{
	DIR *tasks = opendir("/proc/self/task");
	int count = 0;

	if (!tasks)
		return false;
	for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(tasks);
	return count > 1;
}

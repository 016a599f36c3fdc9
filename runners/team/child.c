/* SPDX-License-Identifier: MIT */
#include "runners/team/child.h"

#include "core/clock.h"
#include "runners/team/patience.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void child_settle(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

pid_t child_fork(void)
{
	pid_t parent = getpid();
	unsigned tries = 0;
	pid_t pid;

	while ((pid = fork()) < 0 && patience_nap(errno, tries))
		tries++;
	if (pid < 0)
		return -errno;
	if (pid == 0)
		child_settle(parent);
	return pid;
}

int child_wait(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

void child_tell(int rc, int status, char end[CHILD_END_MAX])
{
	if (rc == -ECHILD)
		snprintf(end, CHILD_END_MAX,
			 "ended, nobody knows how (SIGCHLD is ignored, or "
			 "somebody else waited)");
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

	child_tell(rc, status, end);
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

/* Not longer than a call of poll() can. */
static void nap(int pidfd, int64_t ns)
{
	struct pollfd end = {.fd = pidfd, .events = POLLIN};
	int64_t ms = ns / 1000000 + 1;

	/* Without pidfd_open(), before Linux 5.3, look again and again. */
	if (pidfd < 0)
		ms = 1;
	poll(&end, 1, ms < 1000000 ? (int)ms : 1000000);
}

bool child_await(pid_t pid, int64_t timeout_ns)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int64_t start = now_ns(), passed = 0;
	bool ended;

	while (!(ended = child_ended(pid)) && passed < timeout_ns) {
		nap(pidfd, timeout_ns - passed);
		passed = now_ns() - start;
	}
	if (pidfd >= 0)
		close(pidfd);
	return ended;
}

bool child_stopped(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) ==
		       0 &&
	       info.si_pid == pid;
}

bool child_unsafe(void)
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

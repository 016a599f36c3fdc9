/* SPDX-License-Identifier: MIT */
#include "system/child_fork.h"

#include "system/retry.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A mutable global: the handler of child_setup()'s signal gets no argument. */
static pid_t setup_parent;

static void fork_leave_if_orphaned(int signal_number)
{
	(void)signal_number;
	if (getppid() != setup_parent)
		_exit(127);
}

void child_die_with(pid_t parent, bool by_main)
{
	struct sigaction leave = {.sa_handler = fork_leave_if_orphaned,
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

	child_die_with(parent, by_main);
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

/* SPDX-License-Identifier: MIT */
#include "lib/pool.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FOREVER_S = 1000000000 };

static_assert(sizeof(((struct process *)0)->text) >= CHILD_END_MAX,
	      "an end fits the text");

static int process_fail(struct process *process, int code, const char *text)
{
	snprintf(process->text, sizeof(process->text), "%s", text);
	return code;
}

/* The child: never returns. */
static void process_run_task(const struct process *process,
			     int (*task)(void *user), void *user)
{
	int status;

	prctl(PR_SET_NAME, process->name);
	/* If a task started this process, it does not run that task. */
	task_sit(NULL);
	status = task(user);
	fflush(NULL);
	_exit(status);
}

int process_start(struct process *process, int (*task)(void *user), void *user,
		  const char *name)
{
	pid_t pid;

	*process = (struct process){.pid = 0};
	snprintf(process->name, sizeof(process->name), "%s",
		 name ? name : "process");
	if (!task)
		return process_fail(process, -EINVAL,
				    "there is no task: it is NULL");
	if (process_is_threaded())
		return process_fail(
			process, -EBUSY,
			"this process runs threads already: forking it is "
			"unsafe; start processes first");
	/* Otherwise the child would also write what stdio has buffered. */
	fflush(NULL);
	pid = child_fork();
	if (pid == 0)
		process_run_task(process, task, user);
	if (pid < 0) {
		snprintf(process->text, sizeof(process->text),
			 "cannot fork: %s (" CHILD_LIMITS ")", strerror(-pid));
		return pid;
	}
	process->pid = pid;
	return 0;
}

int process_join(struct process *process, double timeout, int *status)
{
	int how = 0, rc;

	if (process->pid <= 0)
		return process_fail(process, -EINVAL,
				    "was not started, or is joined already");
	/* NaN waits for ever, too. */
	if (timeout >= 0 && timeout < FOREVER_S &&
	    !child_await(process->pid, (int64_t)(timeout * 1e9)))
		return process_fail(process, -ETIMEDOUT, "has not ended yet");
	rc = child_wait(process->pid, &how);
	child_describe_exit(rc, how, process->text);
	process->pid = 0;
	if (rc == 0 && status)
		*status = WIFSIGNALED(how) ? -WTERMSIG(how) : WEXITSTATUS(how);
	return rc;
}

int process_kill(struct process *process)
{
	if (process->pid <= 0)
		return process_fail(process, -EINVAL,
				    "was not started, or is joined already");
	if (child_ended(process->pid) || kill(process->pid, SIGKILL) == 0)
		return 0;
	return -errno;
}

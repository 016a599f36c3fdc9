/* SPDX-License-Identifier: MIT */
#include "bench/studies/article_python.h"

#include "bench/engine/host_process.h"
#include "runners/process/self.h"
#include "system/child.h"
#include "system/child_fork.h"
#include "system/oom.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The longest map takes a tenth of a second; the start of Python, some tenths.
 */
enum { ANSWER_MS = 60000, NO_PYTHON = 127 };

static void python_exec(const char *path, int fd)
{
	/* Isolated: nothing of the user's environment or home is loaded. */
	char program[] = "python3", isolated[] = "-I", no_cache[] = "-B";
	char script[PATH_MAX];
	char *argv[] = {program, isolated, no_cache, script, NULL};

	snprintf(script, sizeof(script), "%s", path);
	setpgid(0, 0);
	if (dup2(fd, STDIN_FILENO) >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
		execvp(program, argv);
	_exit(NO_PYTHON);
}

/* Reap it, and say how it ended. */
static int python_reap(struct python *python)
{
	char end[CHILD_END_MAX];
	const char *memory;

	kill(-python->pid, SIGKILL);
	child_reap(python->pid, end);
	memory = oom_since("", python->oom_kills);
	python->pid = 0;
	close(python->fd);
	return error_set(&python->error, ERROR_FAILED, "python3 %s%s%s", end,
			 memory ? ": " : "", memory ? memory : "");
}

/* Wait until there is something to read. */
static int python_await_answer(struct python *python, int interrupt_fd)
{
	struct pollfd polled[] = {{.fd = python->fd, .events = POLLIN},
				  {.fd = interrupt_fd, .events = POLLIN}};
	int rc = poll(polled, 2, ANSWER_MS);

	if (rc < 0 && errno == EINTR)
		return python_await_answer(python, interrupt_fd);
	if (rc > 0)
		return polled[1].revents ? ERROR_INTERRUPTED : 0;
	python_reap(python);
	return error_set(&python->error, ERROR_FAILED,
			 "python3 gave no answer within %d s",
			 ANSWER_MS / 1000);
}

/* One line, without its end. */
static int python_receive(struct python *python, int interrupt_fd, char *line)
{
	char *end;

	while (!(end = memchr(python->line, '\n', python->used))) {
		ssize_t got;
		int rc = python_await_answer(python, interrupt_fd);

		if (rc)
			return rc;
		got = read(python->fd, python->line + python->used,
			   sizeof(python->line) - python->used);
		if (got <= 0)
			return python_reap(python);
		python->used += (size_t)got;
	}
	*end = '\0';
	memcpy(line, python->line, (size_t)(end - python->line) + 1);
	python->used -= (size_t)(end - python->line) + 1;
	memmove(python->line, end + 1, python->used);
	return 0;
}

static int python_start(struct python *python, const char *path)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		return error_set(&python->error, ERROR_FAILED,
				 "no socket for python3: %s", strerror(errno));
	}
	python->fd = host_process_lift(ends[0]);
	ends[1] = python->fd < 0 ? -1 : host_process_lift(ends[1]);
	python->pid = ends[1] < 0 ? -errno : child_fork();
	if (python->pid == 0)
		python_exec(path, ends[1]);
	if (python->pid > 0) {
		setpgid(python->pid, python->pid);
		close(ends[1]);
		return 0;
	}
	error_set(&python->error, ERROR_FAILED, "python3 cannot be started: %s",
		  strerror(-python->pid));
	close(python->fd);
	if (ends[1] >= 0)
		close(ends[1]);
	python->pid = 0;
	return ERROR_FAILED;
}

/* "hello VERSION RSS-IN-KIB": is it one of ours? */
static bool python_take_greeting(struct python *python, char *line)
{
	char *rest, *hello = strtok_r(line, " ", &rest);
	char *version = strtok_r(NULL, " ", &rest);
	char *kib = strtok_r(NULL, " ", &rest);

	if (!kib || strcmp(hello, "hello") != 0)
		return false;
	snprintf(python->version, sizeof(python->version), "%s", version);
	python->rss_mib = strtod(kib, NULL) / 1024;
	return true;
}

int python_open(struct python *python, int interrupt_fd)
{
	char path[PATH_MAX], line[PYTHON_LINE_MAX];
	int rc;

	*python = (struct python){.oom_kills = oom_kills("")};
	if (self_find(PYTHON_SCRIPT, path, sizeof(path)) < 0) {
		return error_set(
			&python->error, ERROR_SKIPPED,
			"%s is not where it was built or installed: not in "
			"modules or ../lib/breakeven beside the command",
			PYTHON_SCRIPT);
	}
	rc = python_start(python, path);
	if (rc)
		return rc;
	rc = python_receive(python, interrupt_fd, line);
	if (rc == ERROR_INTERRUPTED ||
	    (rc == 0 && python_take_greeting(python, line)))
		return rc;
	/* Its error says how it ended, unless that is status 127, the shell's
	 * "not found". */
	if (rc && !strstr(python->error.text, "status 127"))
		return rc;
	return error_set(
		&python->error, ERROR_SKIPPED,
		"there is no python3 on the PATH that runs %s: install Python "
		"3.9 or newer",
		PYTHON_SCRIPT);
}

int python_ask(struct python *python, const char *request, int interrupt_fd,
	       double *number)
{
	char line[PYTHON_LINE_MAX];
	int rc;

	if (python->pid == 0)
		return ERROR_FAILED;
	snprintf(line, sizeof(line), "%s\n", request);
	if (send(python->fd, line, strlen(line), MSG_NOSIGNAL) < 0)
		return python_reap(python);
	rc = python_receive(python, interrupt_fd, line);
	if (rc)
		return rc;
	if (strncmp(line, "ok ", 3) == 0) {
		*number = strtod(line + 3, NULL);
		return 0;
	}
	return error_set(&python->error, ERROR_FAILED, "%.200s: %.48s", line,
			 request);
}

void python_close(struct python *python)
{
	if (python->pid)
		python_reap(python);
	python->pid = 0;
}

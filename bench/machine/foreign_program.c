/* SPDX-License-Identifier: MIT */
#include "bench/machine/foreign_program.h"

#include "system/child.h"
#include "system/child_fork.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSION_MAX = 128, ANSWER_MS = 10000 };

/* As execvp() looks for it. */
static bool program_find(const char *name, char path[PATH_MAX])
{
	const char *at = getenv("PATH");
	size_t length;

	for (; at && *at; at += length + (at[length] == ':')) {
		char file[PATH_MAX];

		length = strcspn(at, ":");
		snprintf(file, sizeof(file), "%.*s%s%s", (int)length, at,
			 length ? "/" : "", name);
		if (access(file, X_OK) == 0 && realpath(file, path))
			return true;
	}
	return false;
}

static void program_exec(const char *name, int fd)
{
	char program[VERSION_MAX], option[] = "--version";
	char *argv[] = {program, option, NULL};
	int silent = open("/dev/null", O_RDWR | O_CLOEXEC);

	snprintf(program, sizeof(program), "%s", name);
	dup2(silent, STDIN_FILENO);
	dup2(silent, STDERR_FILENO);
	if (dup2(fd, STDOUT_FILENO) >= 0)
		execvp(program, argv);
	_exit(127);
}

/* One line, without its end; "" where none comes. */
static void program_read_line(int fd, char line[VERSION_MAX])
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	size_t used = 0;
	ssize_t got = 1;

	while (got > 0 && used < VERSION_MAX - 1 && !memchr(line, '\n', used) &&
	       poll(&ready, 1, ANSWER_MS) > 0) {
		got = read(fd, line + used, VERSION_MAX - 1 - used);
		used += got > 0 ? (size_t)got : 0;
	}
	line[used] = '\0';
	line[strcspn(line, "\n")] = '\0';
}

static void program_ask_version(const char *name, char version[VERSION_MAX])
{
	int ends[2];
	pid_t pid;

	version[0] = '\0';
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	pid = child_fork();
	if (pid == 0)
		program_exec(name, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		program_read_line(ends[0], version);
		child_kill(pid);
	}
	close(ends[0]);
}

json_t *foreign_program_json(const char *name)
{
	char path[PATH_MAX], version[VERSION_MAX] = "";
	bool found = program_find(name, path);

	if (found)
		program_ask_version(name, version);
	/* What is no UTF-8 makes no string. */
	return json_pack("{s:s*,s:s*}", "path", found ? path : NULL, "version",
			 version[0] ? version : NULL);
}

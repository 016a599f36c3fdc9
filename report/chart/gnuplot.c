/* SPDX-License-Identifier: MIT */
#include "report/chart/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Its files have no name, so that nothing is left of them, come what may. */
enum { SCRIPT, PICTURES, MESSAGES, FILES };

static int open_files(int fds[FILES])
{
	for (int i = 0; i < FILES; i++)
		fds[i] = -1;
	for (int i = 0; i < FILES; i++) {
		fds[i] = memfd_create("gnuplot", MFD_CLOEXEC);
		if (fds[i] < 0)
			return -errno;
	}
	return 0;
}

static void close_files(const int fds[FILES])
{
	for (int i = 0; i < FILES; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			bytes += written;
			size -= (size_t)written;
		}
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

/* With a NUL behind it. */
static int read_all(int fd, struct gnuplot_output *out)
{
	off_t size = lseek(fd, 0, SEEK_END);

	*out = (struct gnuplot_output){NULL, 0};
	if (size < 0)
		return -errno;
	out->bytes = calloc(1, (size_t)size + 1);
	if (!out->bytes)
		return -ENOMEM;
	while (out->size < (size_t)size) {
		ssize_t got = pread(fd, out->bytes + out->size,
				    (size_t)size - out->size, (off_t)out->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EIO;
		out->size += (size_t)got;
	}
	return 0;
}

/* -d: not what the user has set for himself. */
static int start(const int fds[FILES], pid_t *child)
{
	static char name[] = "gnuplot", plain[] = "-d", from[] = "-";
	char *const argv[] = {name, plain, from, NULL};
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return -rc;
	for (int i = 0; rc == 0 && i < FILES; i++)
		rc = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	if (rc == 0)
		rc = posix_spawnp(child, argv[0], &actions, NULL, argv,
				  environ);
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

static int wait_for(pid_t child, int *status)
{
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

/* The first line that says something. */
static void tell_messages(int fd, int status, char error[GNUPLOT_ERROR_MAX])
{
	struct gnuplot_output text;
	char *line;

	if (read_all(fd, &text) < 0 || text.size == 0) {
		snprintf(error, GNUPLOT_ERROR_MAX,
			 "gnuplot ended with status 0x%x, and no word", status);
	} else {
		line = text.bytes + strspn(text.bytes, " \t\n^");
		snprintf(error, GNUPLOT_ERROR_MAX, "gnuplot says: %.*s",
			 (int)strcspn(line, "\n"), line);
	}
	free(text.bytes);
}

static int draw(const int fds[FILES], char error[GNUPLOT_ERROR_MAX])
{
	int status = 0, rc;
	pid_t child = -1;

	rc = start(fds, &child);
	if (rc == -ENOENT)
		snprintf(error, GNUPLOT_ERROR_MAX,
			 "there is no gnuplot here: install it (Debian's "
			 "gnuplot-nox)");
	else if (rc)
		snprintf(error, GNUPLOT_ERROR_MAX,
			 "gnuplot cannot be started: %s", strerror(-rc));
	if (rc == 0)
		rc = wait_for(child, &status);
	if (rc || status == 0)
		return rc;
	tell_messages(fds[MESSAGES], status, error);
	return -EIO;
}

int gnuplot_run(const char *script, size_t length, const char *mark,
		struct gnuplot_output *out, char error[GNUPLOT_ERROR_MAX])
{
	int fds[FILES], rc = open_files(fds);

	*out = (struct gnuplot_output){NULL, 0};
	error[0] = '\0';
	if (rc == 0)
		rc = write_all(fds[SCRIPT], script, length);
	if (rc == 0)
		rc = draw(fds, error);
	if (rc == 0)
		rc = read_all(fds[PICTURES], out);
	if (rc == 0 && length > 0 &&
	    !memmem(out->bytes, out->size, mark, strlen(mark))) {
		snprintf(error, GNUPLOT_ERROR_MAX,
			 "gnuplot ended well, and has drawn nothing");
		rc = -EIO;
	}
	close_files(fds);
	if (rc && !error[0])
		snprintf(error, GNUPLOT_ERROR_MAX, "no charts: %s",
			 strerror(-rc));
	return rc;
}

void gnuplot_free(struct gnuplot_output *out)
{
	free(out->bytes);
}

bool gnuplot_next(const struct gnuplot_output *out, const char *mark,
		  size_t *at, const char **picture, size_t *size)
{
	size_t length = strlen(mark);
	const char *end = out->bytes + out->size, *begin, *next;

	if (*at >= out->size)
		return false;
	begin = memmem(out->bytes + *at, out->size - *at, mark, length);
	if (!begin)
		return false;
	next = memmem(begin + length, (size_t)(end - begin) - length, mark,
		      length);
	*picture = begin;
	*size = (size_t)((next ? next : end) - begin);
	*at = (size_t)(begin - out->bytes) + *size;
	return true;
}

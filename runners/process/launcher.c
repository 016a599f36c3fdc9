/* SPDX-License-Identifier: MIT */
#include "runners/process/launcher.h"

#include "core/clock.h"
#include "system/child.h"
#include "system/child_fork.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FIRST = 3, /* of the descriptors that are handed over */
	COUNT = 2,
	TICK_MS = 20,
	WORDS_MAX = 4096,
	PARAGRAPH_MAX = 200,
};

void launcher_add(struct launcher *launcher, char *word)
{
	if (launcher->count + 1 < LAUNCHER_WORDS_MAX)
		launcher->words[launcher->count++] = word;
	else
		launcher->count = LAUNCHER_WORDS_MAX;
}

void launcher_add_line(struct launcher *launcher, char *line)
{
	char *rest, *word = strtok_r(line, " \t\n", &rest);

	for (; word; word = strtok_r(NULL, " \t\n", &rest))
		launcher_add(launcher, word);
}

/* ------------------------------------------------------------- handing over */

/* A name that nothing in the file system has: it goes with the socket. */
static socklen_t launcher_address(const char *token,
				  struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1,
		 "breakeven/%s", token);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(address->sun_path + 1));
}

/* A socket that listens, and the token that leads to it: the time, our process,
 * and what nobody guesses. The socket or -errno. */
static int launcher_listen(char token[LAUNCHER_TOKEN_MAX])
{
	struct sockaddr_un address;
	socklen_t size;
	uint64_t random = 0;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (getrandom(&random, sizeof(random), 0) < 0)
		random = (uint64_t)now_ns();
	snprintf(token, LAUNCHER_TOKEN_MAX, "%" PRId64 "/%d/%016" PRIx64,
		 now_ns(), (int)getpid(), random);
	size = launcher_address(token, &address);
	if (bind(fd, (struct sockaddr *)&address, size) == 0 &&
	    listen(fd, 1) == 0)
		return fd;
	size = (socklen_t)errno;
	close(fd);
	return -(int)size;
}

/* Another user may know the name of the socket, but gets nothing. */
static bool launcher_knows(int connection)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) ==
		       0 &&
	       peer.uid == geteuid();
}

/* Room for the descriptors in a message. */
union launcher_control {
	char bytes[CMSG_SPACE(COUNT * sizeof(int))];
	struct cmsghdr aligned;
};

static struct msghdr launcher_message(struct iovec *byte,
				      union launcher_control *control)
{
	return (struct msghdr){.msg_iov = byte,
			       .msg_iovlen = 1,
			       .msg_control = control->bytes,
			       .msg_controllen = sizeof(control->bytes)};
}

static bool launcher_give(int connection)
{
	union launcher_control control = {.bytes = {0}};
	char byte = 0;
	struct iovec content = {&byte, 1};
	struct msghdr message = launcher_message(&content, &control);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	const int fds[COUNT] = {FIRST, FIRST + 1};

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(COUNT * sizeof(int));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	return sendmsg(connection, &message, MSG_NOSIGNAL) == 1;
}

int launcher_take_over(const char *token, int descriptors[2], int64_t *began_ns)
{
	union launcher_control control = {.bytes = {0}};
	char byte;
	struct iovec content = {&byte, 1};
	struct msghdr message = launcher_message(&content, &control);
	struct sockaddr_un address;
	struct cmsghdr *header;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0;
	socklen_t size;
	ssize_t got;

	if (fd < 0)
		return -errno;
	*began_ns = strtoll(token, NULL, 10);
	size = launcher_address(token, &address);
	got = connect(fd, (struct sockaddr *)&address, size);
	if (got == 0)
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	if (got != 1)
		rc = got < 0 ? -errno : -ECONNRESET;
	close(fd);
	if (rc < 0)
		return rc;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_len != CMSG_LEN(COUNT * sizeof(int)))
		return -EBADMSG;
	memcpy(descriptors, CMSG_DATA(header), COUNT * sizeof(int));
	return 0;
}

/* ------------------------------------------------------------- what it says */

/* Is this a rule, a line of dashes alone? */
static bool launcher_is_rule(const char *line, size_t length)
{
	return strspn(line, "-=* \t\r") >= length;
}

/* Open MPI puts messages between rules, the one that names the culprit last,
 * and lines with a number in brackets around them. The last that stands behind
 * a rule, or all of the text. */
static const char *launcher_find_message(const char *text)
{
	const char *found = text;
	bool behind_rule = false;

	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		bool rule = launcher_is_rule(line, length);

		if (behind_rule && !rule && *line != '[')
			found = line;
		/* An empty line changes nothing. */
		if (length)
			behind_rule = rule;
		line += length + (line[length] == '\n');
	}
	return found;
}

/* The first paragraph of the message in `text`, on one line. */
static void launcher_summarise(const char *text, char words[PARAGRAPH_MAX])
{
	size_t used = 0;

	text = launcher_find_message(text);
	words[0] = '\0';
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (launcher_is_rule(text, length)) {
			if (used)
				return;
		} else {
			size_t indent = strspn(text, " \t");

			used += (size_t)snprintf(
				words + used, PARAGRAPH_MAX - used, "%s%.*s",
				used ? " " : "", (int)(length - indent),
				text + indent);
			if (used >= PARAGRAPH_MAX)
				return;
		}
		text += length + (text[length] == '\n');
	}
}

/* What was written to standard error, a file, since it was `from` bytes long;
 * it is taken out of there. */
static void launcher_take_words(off_t from, char words[PARAGRAPH_MAX])
{
	char text[WORDS_MAX];
	off_t end = lseek(STDERR_FILENO, 0, SEEK_END);
	off_t last = end - from < WORDS_MAX ? from : end - WORDS_MAX + 1;
	ssize_t got = pread(STDERR_FILENO, text, sizeof(text) - 1, last);

	text[got > 0 ? got : 0] = '\0';
	launcher_summarise(text, words);
	if (got > 0 && ftruncate(STDERR_FILENO, from) == 0)
		lseek(STDERR_FILENO, from, SEEK_SET);
}

/* ------------------------------------------------------------- running it */

/* Wait for the one that takes over, while the launcher runs. */
static bool launcher_hand_over(int listening, pid_t pid)
{
	struct pollfd waiting = {.fd = listening, .events = POLLIN};
	bool given = false;

	while (!given) {
		int connection;

		if (poll(&waiting, 1, TICK_MS) <= 0 && child_ended(pid))
			return false;
		connection = accept4(listening, NULL, NULL,
				     SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (connection < 0)
			continue;
		given = launcher_knows(connection) && launcher_give(connection);
		close(connection);
	}
	return true;
}

static int launcher_status(pid_t pid)
{
	int status, rc = child_wait(pid, &status);

	if (rc < 0)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* In the child: become the launcher, or tell `failure` why not. In a group of
 * its own: Open MPI's passes on to the ranks that a host is let go. It is asked
 * to end when we do, not killed: it ends its ranks and removes its files. */
static void launcher_become(const struct launcher *launcher, int failure)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (int i = 0; i < COUNT; i++)
		close(FIRST + i);
	execvp(launcher->words[0], launcher->words);
	(void)!write(failure, &errno, sizeof(errno));
	_exit(1);
}

/* As a child that does not outlive us. 0 or -errno. */
static int launcher_execute(const struct launcher *launcher, pid_t *pid)
{
	int failure[2], error = 0;

	if (pipe2(failure, O_CLOEXEC) < 0)
		return -errno;
	*pid = child_fork();
	if (*pid == 0)
		launcher_become(launcher, failure[1]);
	close(failure[1]);
	if (*pid < 0)
		error = -*pid;
	else if (read(failure[0], &error, sizeof(error)) != sizeof(error))
		error = 0;
	close(failure[0]);
	if (error && *pid > 0)
		child_wait(*pid, &(int){0});
	return -error;
}

int launcher_run(struct team *team, struct launcher *launcher)
{
	char token[LAUNCHER_TOKEN_MAX], words[PARAGRAPH_MAX];
	off_t from = lseek(STDERR_FILENO, 0, SEEK_END);
	int listening, rc, status;
	bool given;
	pid_t pid = 0;

	launcher_add(launcher, token);
	if (launcher->count == LAUNCHER_WORDS_MAX)
		return team_fail(team, -E2BIG, "%s: more than %d words",
				 launcher->words[0], LAUNCHER_WORDS_MAX - 1);
	listening = launcher_listen(token);
	if (listening < 0)
		return team_fail(team, listening, "a socket: %s",
				 strerror(-listening));
	rc = launcher_execute(launcher, &pid);
	if (rc < 0) {
		close(listening);
		return team_fail(team, rc == -ENOENT ? -ENOTSUP : rc,
				 "%s cannot be executed: %s",
				 launcher->words[0], strerror(-rc));
	}
	given = launcher_hand_over(listening, pid);
	close(listening);
	status = launcher_status(pid);
	if (given && status == 0)
		return 0;
	launcher_take_words(from < 0 ? 0 : from, words);
	if (!given)
		return team_fail(team, -ECHILD,
				 "%s ended with status %d and started no "
				 "worker%s%s",
				 launcher->words[0], status,
				 words[0] ? ", saying: " : "", words);
	/* The controller quotes the last line of who ends badly. */
	fprintf(stderr, "%s\n", words);
	return status;
}

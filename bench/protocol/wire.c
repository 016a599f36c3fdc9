/* SPDX-License-Identifier: MIT */
#include "bench/protocol/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int wire_send_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == ECONNRESET ? -EPIPE : -errno;
		text += sent;
		length -= (size_t)sent;
	}
	return 0;
}

int wire_send(struct wire *wire, json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);
	int rc = -ENOMEM;

	json_decref(message);
	if (text) {
		size_t length = strlen(text);

		text[length] = '\n'; /* instead of the NUL */
		rc = wire_send_all(wire->fd, text, length + 1);
		free(text);
	}
	return rc;
}

static int64_t wire_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wire_wait_readable(int fd, int64_t deadline, int interrupt_fd)
{
	struct pollfd polls[] = {{.fd = fd, .events = POLLIN},
				 {.fd = interrupt_fd, .events = POLLIN}};
	int64_t left = -1;
	int rc;

	if (deadline >= 0) {
		left = deadline - wire_now_ms();
		if (left < 0)
			left = 0;
	}
	rc = poll(polls, 2, (int)left);
	if (rc < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (polls[1].revents)
		return -EINTR;
	return rc == 0 ? -ETIMEDOUT : 0;
}

static int wire_read_more(struct wire *wire)
{
	ssize_t got;

	if (!wire->line)
		wire->line = malloc(WIRE_LINE_MAX);
	if (!wire->line)
		return -ENOMEM;
	got = recv(wire->fd, wire->line + wire->used,
		   WIRE_LINE_MAX - wire->used, 0);

	if (got < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	if (got == 0)
		return wire->used == WIRE_LINE_MAX ? -EBADMSG : -EPIPE;
	wire->used += (size_t)got;
	return 0;
}

/* Parse the line of `length` bytes and drop it, with its end, from the
 * buffer. */
static int wire_take_line(struct wire *wire, size_t length, json_t **out)
{
	*out = json_loadb(wire->line, length, 0, NULL);
	wire->used -= length + 1;
	memmove(wire->line, wire->line + length + 1, wire->used);
	return *out ? 0 : -EBADMSG;
}

int wire_receive(struct wire *wire, int timeout_ms, int interrupt_fd,
		 json_t **out)
{
	int64_t deadline = timeout_ms < 0 ? -1 : wire_now_ms() + timeout_ms;

	for (;;) {
		char *end = wire->used ? memchr(wire->line, '\n', wire->used)
				       : NULL;
		int rc;

		if (end)
			return wire_take_line(wire, (size_t)(end - wire->line),
					      out);
		rc = wire_wait_readable(wire->fd, deadline, interrupt_fd);
		if (rc == 0)
			rc = wire_read_more(wire);
		if (rc < 0 && rc != -EAGAIN)
			return rc;
	}
}

void wire_close(struct wire *wire)
{
	close(wire->fd);
	free(wire->line);
	*wire = (struct wire){.fd = -1};
}

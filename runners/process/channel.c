/* SPDX-License-Identifier: MIT */
#include "runners/process/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PIPE_SIZE = 64 << 10, /* of a new pipe */
	PIPE_SIZE_MAX = 1 << 20,
	SOCKET_SIZE = 1 << 20, /* net.core.wmem_max may cut it */
};

const struct channel channel_closed = {.to = -1, .from = -1, .hold = -1};

static void channel_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void channel_close(struct channel *end)
{
	if (end->to == end->from)
		end->to = -1;
	channel_close_fd(&end->to);
	channel_close_fd(&end->from);
	channel_close_fd(&end->hold);
}

/* To `size` bytes if the system allows it; else halve until it does. */
static void channel_enlarge(int pipe_end, size_t size)
{
	int capacity = PIPE_SIZE_MAX;

	while (capacity / 2 >= (int)PIPE_SIZE && (size_t)capacity / 2 >= size)
		capacity /= 2;
	while (capacity > PIPE_SIZE &&
	       fcntl(pipe_end, F_SETPIPE_SZ, capacity) < 0)
		capacity /= 2;
}

static int channel_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static int channel_open_socket(struct channel *caller, struct channel *worker)
{
	const int size = SOCKET_SIZE;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	for (int end = 0; end < 2; end++)
		setsockopt(pair[end], SOL_SOCKET, SO_SNDBUF, &size,
			   sizeof(size));
	caller->to = caller->from = pair[0];
	worker->to = worker->from = pair[1];
	return channel_set_nonblocking(pair[0]) < 0 ? -errno : 0;
}

static int channel_open_pipes(struct channel *caller, struct channel *worker)
{
	int there[2], back[2];

	if (pipe2(there, O_CLOEXEC) < 0)
		return -errno;
	caller->to = there[1];
	caller->hold = there[0];
	if (pipe2(back, O_CLOEXEC) < 0)
		return -errno;
	caller->from = back[0];
	worker->to = back[1];
	worker->from = fcntl(caller->hold, F_DUPFD_CLOEXEC, 0);
	if (worker->from < 0 || channel_set_nonblocking(caller->to) < 0 ||
	    channel_set_nonblocking(caller->from) < 0)
		return -errno;
	channel_enlarge(caller->to, PIPE_SIZE_MAX);
	channel_enlarge(caller->from, PIPE_SIZE_MAX);
	return 0;
}

int channel_open(enum channel_kind kind, struct channel *caller,
		 struct channel *worker)
{
	int rc;

	*caller = *worker = channel_closed;
	caller->kind = worker->kind = kind;
	rc = kind == CHANNEL_SOCKET ? channel_open_socket(caller, worker)
				    : channel_open_pipes(caller, worker);
	if (rc == 0)
		return 0;
	channel_close(caller);
	channel_close(worker);
	return rc;
}

int channel_open_back(size_t size, struct channel *caller,
		      struct channel *worker)
{
	int back[2], rc = 0;

	*caller = *worker = channel_closed;
	caller->kind = worker->kind = CHANNEL_PIPE;
	if (pipe2(back, O_CLOEXEC) < 0)
		return -errno;
	caller->from = back[0];
	worker->to = back[1];
	if (channel_set_nonblocking(caller->from) < 0)
		rc = -errno;
	if (rc == 0) {
		channel_enlarge(caller->from, size);
		return 0;
	}
	channel_close(caller);
	channel_close(worker);
	return rc;
}

size_t message_size(const struct message *message)
{
	size_t size = 0;

	for (unsigned p = message->next; p < message->count; p++)
		size += message->pieces[p].iov_len;
	return size;
}

void message_add(struct message *message, const void *base, size_t size)
{
	/* struct iovec has no const: a piece may be read or written. */
	union {
		const void *read_only;
		void *base;
	} piece = {.read_only = base};

	if (size == 0)
		return;
	message->pieces[message->count++] =
		(struct iovec){.iov_base = piece.base, .iov_len = size};
}

void message_add_tiles(struct message *message, const struct job *job,
		       struct range tiles, bool out)
{
	struct span spans[SPANS_MAX];
	struct range items;
	size_t count = 0;

	if (tiles.begin >= tiles.end)
		return;
	items = job_items(job, tiles.begin, tiles.end);
	if (job->spans)
		count = job->spans(job->ctx, items.begin, items.end, spans);
	for (size_t s = 0; s < count; s++)
		if (spans[s].out == out)
			message_add(message, spans[s].base, spans[s].size);
	if (out || job->accumulate)
		message_add(message, job_partial(job, tiles.begin),
			    (tiles.end - tiles.begin) * job->width *
				    sizeof(struct partial));
}

/* Note that `bytes` more have moved. */
static void message_advance(struct message *message, size_t bytes)
{
	message->moved += bytes;
	while (bytes > 0) {
		struct iovec *piece = &message->pieces[message->next];
		size_t part = bytes < piece->iov_len ? bytes : piece->iov_len;

		piece->iov_base = (char *)piece->iov_base + part;
		piece->iov_len -= part;
		bytes -= part;
		message->next += piece->iov_len == 0;
	}
}

static ssize_t message_write_some(struct message *message,
				  const struct channel *channel)
{
	struct msghdr header = {
		.msg_iov = &message->pieces[message->next],
		.msg_iovlen = message->count - message->next,
	};

	if (channel->kind == CHANNEL_SOCKET)
		return sendmsg(channel->to, &header, MSG_NOSIGNAL);
	return writev(channel->to, header.msg_iov, (int)header.msg_iovlen);
}

/* A blocking socket waits for all of it at once: fewer system calls. */
static ssize_t message_read_some(struct message *message,
				 const struct channel *channel)
{
	struct msghdr header = {
		.msg_iov = &message->pieces[message->next],
		.msg_iovlen = message->count - message->next,
	};

	if (channel->kind == CHANNEL_SOCKET)
		return recvmsg(channel->from, &header, MSG_WAITALL);
	return readv(channel->from, header.msg_iov, (int)header.msg_iovlen);
}

int message_write(struct message *message, const struct channel *channel)
{
	while (!message_done(message)) {
		ssize_t wrote = message_write_some(message, channel);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return errno == ECONNRESET ? -EPIPE : -errno;
		message_advance(message, (size_t)wrote);
	}
	return 0;
}

int message_read(struct message *message, const struct channel *channel)
{
	while (!message_done(message)) {
		ssize_t got = message_read_some(message, channel);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == ECONNRESET ? -EPIPE : -errno;
		if (got == 0)
			return -EPIPE;
		message_advance(message, (size_t)got);
	}
	return 0;
}

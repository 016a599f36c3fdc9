/* SPDX-License-Identifier: MIT */
/*
 * Channels between a caller and a worker that share no memory, and the
 * messages that go through: pieces of memory, written from where they lie and
 * read to where they belong, never copied on the way.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_CHANNEL_H
#define BREAKEVEN_RUNNERS_PROCESS_CHANNEL_H

#include "runners/runner.h"

#include <sys/uio.h>

/* What a channel is made of; the order is that of CHANNEL_CHOICES. */
enum channel_kind {
	CHANNEL_SOCKET, /* a socketpair for both ways */
	CHANNEL_PIPE,	/* a pipe for each, as large as may be */
};
#define CHANNEL_CHOICES "socket|pipe"

/* An end of a channel. Descriptors are close-on-exec; -1: there is none. */
struct channel {
	enum channel_kind kind;
	int to, from; /* the other end; the same one for a socket */
	int hold;     /* the worker's end of `to`, which the caller of a pipe
			 keeps open, unread: while it is, no write can raise
			 SIGPIPE, which a pipe, unlike a socket, knows no flag
			 against. A dead worker is seen on `from`. */
};

/*
 * A channel between `caller`, whose end does not block, and `worker`, whose
 * end does. 0 or -errno, with both ends closed.
 */
int channel_open(enum channel_kind kind, struct channel *caller,
		 struct channel *worker);

/* Only the way back: a pipe from worker to caller, large enough for `size`
 * bytes if it may be. */
int channel_open_back(size_t size, struct channel *caller,
		      struct channel *worker);

/* Close an end, whatever is left of it. */
void channel_close(struct channel *end);

enum { MESSAGE_PIECES = 4 + SPANS_MAX };

struct message {
	struct iovec pieces[MESSAGE_PIECES];
	unsigned count, next; /* pieces; the first that is not through */
	size_t moved;	      /* bytes that are through */
};

static inline bool message_done(const struct message *message)
{
	return message->next == message->count;
}

/* Bytes that are still to move. */
size_t message_size(const struct message *message);

/* Add a piece behind the others, unless it is empty. The memory stays the
 * owner's, and is only read where the message is written. */
void message_add(struct message *message, const void *base, size_t size);

/* Add what the tiles [begin, end) of a job read (`out` false) or write: their
 * spans, and their partials where these count. */
void message_add_tiles(struct message *message, const struct job *job,
		       struct range tiles, bool out);

/*
 * Move on through the channel: as far as it goes now, or to the end where the
 * channel blocks. 0 when all is through; -EAGAIN when the rest has to wait;
 * -EPIPE when the other end is closed; another -errno.
 */
int message_write(struct message *message, const struct channel *channel);
int message_read(struct message *message, const struct channel *channel);

#endif

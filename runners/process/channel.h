/* SPDX-License-Identifier: MIT */
/*
 * Channels between a caller and a worker that share no memory, and the messages
 * that go through them: lists of pieces of memory, which are written from where
 * they lie and read to where they belong, without a copy in between.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_CHANNEL_H
#define BREAKEVEN_RUNNERS_PROCESS_CHANNEL_H

#include "runners/runner.h"

#include <sys/uio.h>

/* What a channel is made of; in the order of CHANNEL_CHOICES. */
enum channel_kind {
	CHANNEL_SOCKET, /* a socketpair for both ways */
	CHANNEL_PIPE,	/* a pipe for each way, as large as allowed */
};
#define CHANNEL_CHOICES "socket|pipe"

/* One end of a channel. Descriptors are close-on-exec; -1: none. */
struct channel {
	enum channel_kind kind;
	int to, from; /* the other end; equal for a socket */
	int hold;     /* of a pipe, at the caller: the worker's end of `to`. The
			 caller keeps it open, and does not read it, so that no
			 write raises SIGPIPE: a pipe, unlike a socket, has no
			 flag for that. The end of a worker shows on `from`. */
};

/* No descriptor is open. */
extern const struct channel channel_closed;

/*
 * Open a channel. The end `caller` does not block, the end `worker` does.
 * 0, or -errno with both ends closed.
 */
int channel_open(enum channel_kind kind, struct channel *caller,
		 struct channel *worker);

/* Open only the way back: a pipe from worker to caller, large enough for `size`
 * bytes if that is allowed. */
int channel_open_back(size_t size, struct channel *caller,
		      struct channel *worker);

/* Close all descriptors of an end that are open. */
void channel_close(struct channel *end);

enum { MESSAGE_PIECES = 4 + SPANS_MAX };

struct message {
	struct iovec pieces[MESSAGE_PIECES];
	unsigned count, next; /* pieces; the first one not fully moved */
	size_t moved;	      /* bytes so far */
};

static inline bool message_done(const struct message *message)
{
	return message->next == message->count;
}

/* Bytes that are still to move. */
size_t message_size(const struct message *message);

/* Append a piece, unless it is empty. The memory stays the owner's; a message
 * that is written only reads it. */
void message_add(struct message *message, const void *base, size_t size);

/* Append what `tiles` of a job read (`out` false) or write: their spans, and
 * their partials (read only if the job accumulates). */
void message_add_tiles(struct message *message, const struct job *job,
		       struct range tiles, bool out);

/*
 * Write or read as much as the channel takes now; all of it, if it blocks. 0:
 * done; -EAGAIN: some is left for later; -EPIPE: the other end is closed;
 * another -errno.
 */
int message_write(struct message *message, const struct channel *channel);
int message_read(struct message *message, const struct channel *channel);

#endif

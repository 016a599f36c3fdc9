/* SPDX-License-Identifier: MIT */
/*
 * How the controller and a host talk: one JSON object a line, over a stream
 * socket. A request is answered by one line, {"ok":{...}} or
 * {"error":{"kind":"usage|skipped|failed|invalid","message":"..."}}.
 */
#ifndef BREAKEVEN_BENCH_PROTOCOL_WIRE_H
#define BREAKEVEN_BENCH_PROTOCOL_WIRE_H

#include <jansson.h>
#include <stddef.h>

enum { WIRE_LINE_MAX = 1 << 16 };

struct wire {
	int fd;
	size_t used; /* bytes in line not yet handed out */
	char *line;  /* WIRE_LINE_MAX bytes, once something was received */
};

/* Close it, and free what it holds. */
void wire_close(struct wire *wire);

/* Send one object, whose reference is stolen. 0 or -errno; a peer that is
 * gone gives -EPIPE and no signal. */
int wire_send(struct wire *wire, json_t *message);

/*
 * Receive one object into *out, a new reference. 0, -EPIPE when the peer is
 * gone, -ETIMEDOUT, -ENOMEM, -EBADMSG when it is no JSON, or -EINTR as soon as
 * interrupt_fd (a signalfd; -1: none) becomes readable, which is left unread.
 * timeout_ms < 0 waits for ever.
 */
int wire_receive(struct wire *wire, int timeout_ms, int interrupt_fd,
		 json_t **out);

#endif

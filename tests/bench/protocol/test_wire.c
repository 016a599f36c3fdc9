/* SPDX-License-Identifier: MIT */
/*
 * The wire: one JSON object a line, however the bytes arrive.
 */
#include "bench/protocol/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 10, LATE_MS = 5000 };

/* Ours is a wire, the peer writes bytes. */
struct ends {
	struct wire ours;
	int peer;
};

static struct ends open_ends(void)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	return (struct ends){.ours = {.fd = pair[0]}, .peer = pair[1]};
}

static void peer_writes(const struct ends *ends, const char *text)
{
	assert_int_equal(write(ends->peer, text, strlen(text)), strlen(text));
}

/* The number under "n" of the next object. */
static int receive(struct ends *ends)
{
	json_t *message = NULL;
	int n;

	assert_int_equal(wire_receive(&ends->ours, LATE_MS, -1, &message), 0);
	n = (int)json_integer_value(json_object_get(message, "n"));
	json_decref(message);
	return n;
}

static void an_object_is_one_line(void **state)
{
	struct ends ends = open_ends();
	char line[64] = "";

	(void)state;
	assert_int_equal(wire_send(&ends.ours, json_pack("{s:i}", "n", 3)), 0);
	assert_true(read(ends.peer, line, sizeof(line) - 1) > 0);
	assert_string_equal(line, "{\"n\":3}\n");
	close(ends.peer);
	wire_close(&ends.ours);
}

static void lines_come_apart_and_together(void **state)
{
	struct ends ends = open_ends();
	json_t *none;

	(void)state;
	peer_writes(&ends, "{\"n\":1}\n{\"n\":2}\n{\"n\"");
	assert_int_equal(receive(&ends), 1);
	assert_int_equal(receive(&ends), 2);
	assert_int_equal(wire_receive(&ends.ours, SOON_MS, -1, &none),
			 -ETIMEDOUT);
	peer_writes(&ends, ":3}\n");
	assert_int_equal(receive(&ends), 3);
	close(ends.peer);
	wire_close(&ends.ours);
}

static void noise_is_refused_and_the_next_line_is_read(void **state)
{
	struct ends ends = open_ends();
	json_t *none;

	(void)state;
	peer_writes(&ends, "hello\n{\"n\":4}\n");
	assert_int_equal(wire_receive(&ends.ours, LATE_MS, -1, &none),
			 -EBADMSG);
	assert_int_equal(receive(&ends), 4);
	close(ends.peer);
	wire_close(&ends.ours);
}

static void a_line_without_end_is_refused(void **state)
{
	static char noise[4096];
	struct ends ends = open_ends();
	size_t sent = 0;
	json_t *none;
	int rc = -ETIMEDOUT;

	(void)state;
	memset(noise, 'x', sizeof(noise));
	while (rc == -ETIMEDOUT && sent < 2 * WIRE_LINE_MAX) {
		assert_true(write(ends.peer, noise, sizeof(noise)) > 0);
		sent += sizeof(noise);
		rc = wire_receive(&ends.ours, 0, -1, &none);
	}
	assert_int_equal(rc, -EBADMSG);
	close(ends.peer);
	wire_close(&ends.ours);
}

static void a_peer_that_is_gone_is_no_signal(void **state)
{
	struct ends ends = open_ends();
	json_t *none;

	(void)state;
	close(ends.peer);
	assert_int_equal(wire_receive(&ends.ours, LATE_MS, -1, &none), -EPIPE);
	assert_int_equal(wire_send(&ends.ours, json_object()), -EPIPE);
	wire_close(&ends.ours);
}

static void an_interrupt_comes_first(void **state)
{
	struct ends ends = open_ends(), interrupt = open_ends();
	json_t *none;

	(void)state;
	peer_writes(&interrupt, "!");
	assert_int_equal(
		wire_receive(&ends.ours, LATE_MS, interrupt.ours.fd, &none),
		-EINTR);
	close(ends.peer);
	close(interrupt.peer);
	wire_close(&ends.ours);
	wire_close(&interrupt.ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_one_line),
		cmocka_unit_test(lines_come_apart_and_together),
		cmocka_unit_test(noise_is_refused_and_the_next_line_is_read),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(a_peer_that_is_gone_is_no_signal),
		cmocka_unit_test(an_interrupt_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

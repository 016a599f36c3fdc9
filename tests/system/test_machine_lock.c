/* SPDX-License-Identifier: MIT */
#include "system/machine_lock.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

/* A lock of this test alone. */
static const char *own_name(void)
{
	static char name[64];

	snprintf(name, sizeof(name), "breakeven-test-%d", (int)getpid());
	return name;
}

static int poll_now(int fd)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	return poll(&one, 1, 0);
}

static void one_holds_it_at_a_time(void **state)
{
	int fd = machine_lock_try(own_name());

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(machine_lock_try(own_name()), -EADDRINUSE);
	close(fd);
	fd = machine_lock_try(own_name());
	assert_true(fd >= 0);
	close(fd);
}

static void its_end_is_seen(void **state)
{
	int fd = machine_lock_try(own_name());
	pid_t holder;
	int watch = machine_lock_watch(own_name(), &holder);

	(void)state;
	assert_true(fd >= 0 && watch >= 0);
	assert_int_equal(holder, getpid());
	assert_int_equal(poll_now(watch), 0);
	close(fd);
	assert_int_equal(poll_now(watch), 1);
	close(watch);
}

static void without_a_holder_there_is_nothing_to_watch(void **state)
{
	pid_t holder;

	(void)state;
	assert_int_equal(machine_lock_watch(own_name(), &holder),
			 -ECONNREFUSED);
	assert_int_equal(holder, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_holds_it_at_a_time),
		cmocka_unit_test(its_end_is_seen),
		cmocka_unit_test(without_a_holder_there_is_nothing_to_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

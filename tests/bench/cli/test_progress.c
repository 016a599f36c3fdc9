/* SPDX-License-Identifier: MIT */
/*
 * Where standard error is no terminal, how long all takes is said once, and
 * nothing else.
 */
#include "bench/cli/progress.h"
#include "core/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char said[4096];
static int saved, file;

/* Standard error goes to a file until hear_end(). */
static void hear_begin(void)
{
	FILE *temporary = tmpfile();

	assert_non_null(temporary);
	file = dup(fileno(temporary));
	fclose(temporary);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	assert_true(file >= 0 && saved >= 0);
	dup2(file, STDERR_FILENO);
}

static void hear_end(void)
{
	ssize_t length;

	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	length = pread(file, said, sizeof(said) - 1, 0);
	close(file);
	assert_true(length >= 0);
	said[length] = '\0';
}

/* Work that began `seconds` ago, in so many parts, of which one is done. */
static void take(bool quiet, double seconds, int parts)
{
	struct progress progress;

	hear_begin();
	progress_init(&progress, quiet, 0);
	progress.start -= seconds;
	progress.part_start -= seconds;
	progress_part(&progress, 1.0 / parts);
	progress_show(&progress, "part %d", 1);
	progress_part(&progress, 2.0 / parts);
	progress_clear(&progress);
	hear_end();
}

static void how_long_is_said_once(void **state)
{
	(void)state;
	take(false, 3, 10);
	assert_string_equal(said, "breakeven: notice: this takes about 30 s\n");
}

static void a_near_end_is_not_announced(void **state)
{
	(void)state;
	take(false, 0.1, 10);
	assert_string_equal(said, "");
}

static void quiet_is_quiet(void **state)
{
	(void)state;
	take(true, 3, 10);
	assert_string_equal(said, "");
}

/* Where it begins, and what was done before, tells nothing. */
static void a_beginning_has_no_end(void **state)
{
	struct progress progress;

	(void)state;
	hear_begin();
	progress_init(&progress, false, 0);
	progress.part_start -= 100;
	progress_part(&progress, 0);
	hear_end();
	assert_string_equal(said, "");
	assert_true(progress.end == 0);
	assert_true(progress.part_start <= now_s());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_long_is_said_once),
		cmocka_unit_test(a_near_end_is_not_announced),
		cmocka_unit_test(quiet_is_quiet),
		cmocka_unit_test(a_beginning_has_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

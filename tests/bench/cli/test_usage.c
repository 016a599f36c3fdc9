/* SPDX-License-Identifier: MIT */
/*
 * What all subcommands do alike with their arguments. What is printed goes to
 * a file, and is looked at there.
 */
#include "bench/cli/usage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT = 4096 };

static const struct argp_option options[] = {
	{"count", 'c', "N", 0, "How many", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **count = state->input;

	if (key != 'c')
		return ARGP_ERR_UNKNOWN;
	if (strcmp(arg, "bad") == 0) {
		argp_error(state, "--count takes a number, not '%s'", arg);
		return EINVAL;
	}
	*count = arg;
	return 0;
}

static const struct argp argp = {
	.options = options, .parser = parse, .doc = "Count.\vHow to count."};

/* usage_parse() of one argument, with one stream sent to `text`. */
static int parse_one(const char *argument, FILE *stream, char text[TEXT],
		     const char **count)
{
	char name[] = "breakeven test", arg[64];
	char *argv[] = {name, arg, NULL};
	FILE *file = tmpfile();
	int fd = fileno(stream), before = dup(fd), status;
	size_t got;

	assert_non_null(file);
	assert_true(before >= 0);
	snprintf(arg, sizeof(arg), "%s", argument);
	fflush(stream);
	assert_true(dup2(fileno(file), fd) >= 0);
	status = usage_parse(&argp, 2, argv, count);
	fflush(stream);
	assert_true(dup2(before, fd) >= 0);
	close(before);
	rewind(file);
	got = fread(text, 1, TEXT - 1, file);
	text[got] = '\0';
	fclose(file);
	return status;
}

static void test_good(void **state)
{
	const char *count = NULL;
	char text[TEXT];

	(void)state;
	assert_int_equal(parse_one("--count=5", stderr, text, &count),
			 USAGE_GO);
	assert_string_equal(text, "");
	assert_non_null(count);
}

/* Told in the command's name, and followed by what it takes. */
static void assert_wrong(const char *argument, const char *word)
{
	const char *count = NULL;
	char text[TEXT];
	int status = parse_one(argument, stderr, text, &count);

	assert_int_equal(status, USAGE_WRONG);
	assert_int_equal(usage_status(status), 2);
	assert_int_equal(strncmp(text, "breakeven test: ", 16), 0);
	assert_non_null(strstr(text, word));
	assert_non_null(strstr(text, "--count=N"));
	assert_null(count);
}

static void test_wrong(void **state)
{
	(void)state;
	assert_wrong("--junk", "--junk");
	assert_wrong("-x", "'x'");
	assert_wrong("stray", "'stray'");
	assert_wrong("--count=bad", "'bad'");
	assert_wrong("--count", "--count");
}

static void assert_help(const char *argument)
{
	const char *count = NULL;
	char text[TEXT];
	int status = parse_one(argument, stdout, text, &count);

	assert_int_equal(status, USAGE_DONE);
	assert_int_equal(usage_status(status), 0);
	assert_int_equal(strncmp(text, "Usage: breakeven test ", 22), 0);
	assert_non_null(strstr(text, "--count=N"));
}

static void test_help(void **state)
{
	(void)state;
	assert_help("--help");
	assert_help("--usage");
}

static size_t count_of(const char *text, const char *words)
{
	size_t count = 0;

	for (; (text = strstr(text, words)); text += strlen(words))
		count++;
	return count;
}

static void test_help_says_it_once(void **state)
{
	const char *count = NULL;
	char text[TEXT];

	(void)state;
	parse_one("--help", stdout, text, &count);
	assert_int_equal(count_of(text, "Count."), 1);
	assert_int_equal(count_of(text, "How to count."), 1);
	assert_int_equal(count_of(text, "How many"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_help_says_it_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

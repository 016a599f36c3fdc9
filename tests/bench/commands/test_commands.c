/* SPDX-License-Identifier: MIT */
/*
 * The tables of all commands: what the parser, the help and completion take
 * for granted.
 */
#include "bench/commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Rows of the command at hand. */
static struct cli_option rows[CLI_ROWS_MAX];

static size_t count_named(const char *name)
{
	size_t count = 0;

	for (size_t i = 0; rows[i].type.kind != CLI_END; i++)
		count += rows[i].name && strcmp(rows[i].name, name) == 0;
	return count;
}

static size_t count_letter(char letter)
{
	size_t count = 0;

	for (size_t i = 0; rows[i].type.kind != CLI_END; i++)
		count += rows[i].letter == letter;
	return count;
}

static void check_row(const struct cli_command *command,
		      const struct cli_option *row)
{
	bool alias = row->type.kind == CLI_ALIAS;

	if (row->name && count_named(row->name) != 1)
		fail_msg("%s has --%s twice", command->name, row->name);
	if (row->letter && count_letter(row->letter) != 1)
		fail_msg("%s has -%c twice", command->name, row->letter);
	if (alias && count_named(row->type.takes) != 1)
		fail_msg("%s lacks --%s", command->name, row->type.takes);
	if (row->letter && !row->name && !alias)
		fail_msg("%s: -%c has no name", command->name, row->letter);
	if (row->name && !alias && strcmp(row->name, "pretend") != 0 &&
	    (!row->help || !row->value != !cli_takes_value(row)))
		fail_msg("%s: --%s lacks words", command->name, row->name);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t c = 0; commands[c]; c++) {
		if (!commands[c]->summary)
			continue;
		assert_true(cli_rows(commands[c], rows) < CLI_ROWS_MAX);
		for (size_t i = 0; rows[i].type.kind != CLI_END; i++)
			check_row(commands[c], &rows[i]);
	}
}

static void test_examples(void **state)
{
	(void)state;
	for (size_t c = 0; commands[c]; c++) {
		const struct cli_example *example = commands[c]->examples;
		bool own = !commands[c]->summary;
		char begin[64];

		snprintf(begin, sizeof(begin), "breakeven %s",
			 commands[c]->name);
		for (; example && example->line; example++)
			own |= strncmp(example->line, begin, strlen(begin)) ==
			       0;
		if (!own)
			fail_msg("%s has no example", commands[c]->name);
	}
}

static void test_find(void **state)
{
	(void)state;
	assert_ptr_equal(commands_find("bench"), &command_bench);
	assert_null(commands_find("benc"));
	assert_null(commands_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Commands that measure nothing, on the records of results/reference: each ends
 * with the status that it documents, says what is asked for on standard output
 * and what is wrong on standard error, and nothing on the other one.
 */
#include "bench/commands/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define EPYC REFERENCE "/epyc-2cpu-20261125.jsonl"
#define XEON REFERENCE "/xeon-2cpu-20261123.jsonl"

enum { WORDS_MAX = 16, TEXT_MAX = 1 << 18 };

struct answer {
	int status;
	char out[TEXT_MAX], err[TEXT_MAX];
};

static void read_back(FILE *file, char text[TEXT_MAX])
{
	size_t length;

	rewind(file);
	length = fread(text, 1, TEXT_MAX - 1, file);
	text[length] = '\0';
	fclose(file);
}

/* In a child: the command with its words. */
static void become(const struct cli_command *command, const char *arguments)
{
	char *words = strdup(arguments), *argv[WORDS_MAX] = {NULL}, *rest;
	int argc = 0;

	argv[argc++] = strdup(command->name);
	for (char *word = strtok_r(words, " ", &rest);
	     word && argc < WORDS_MAX - 1; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	exit(command->run(argc, argv));
}

static struct answer *ask(const struct cli_command *command,
			  const char *arguments)
{
	static struct answer answer;
	FILE *out = tmpfile(), *err = tmpfile();
	int status;
	pid_t pid;

	assert_non_null(out);
	assert_non_null(err);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		become(command, arguments);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	read_back(out, answer.out);
	read_back(err, answer.err);
	if (!WIFEXITED(status))
		fail_msg("%s %s died: %s", command->name, arguments,
			 answer.err);
	answer.status = WEXITSTATUS(status);
	return &answer;
}

struct expected {
	const struct cli_command *command;
	const char *arguments;
	int status;
	const char *words; /* on standard output if status is below 2, else on
			      standard error */
};

static void check(const struct expected *due)
{
	const struct answer *answer = ask(due->command, due->arguments);
	const char *said = due->status < 2 ? answer->out : answer->err;
	const char *other = due->status < 2 ? answer->err : answer->out;

	if (answer->status != due->status || !strstr(said, due->words) ||
	    other[0])
		fail_msg("%s %s: status %d, not %d\n%s\n%s", due->command->name,
			 due->arguments, answer->status, due->status,
			 answer->out, answer->err);
}

static void check_all(const struct expected *due, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(&due[i]);
}

#define CHECK_ALL(due) check_all(due, sizeof(due) / sizeof(*(due)))

static void records_are_told(void **state)
{
	static const struct expected due[] = {
		{&command_report, EPYC, 0, "From how many items on"},
		{&command_report, "--brief " EPYC, 0, "square_map"},
		{&command_report, "-f csv " EPYC " " XEON, 0, "kernel,"},
		{&command_report, "-f markdown " XEON, 0, "| "},
		{&command_report, "-f roof-json " EPYC, 0, "{"},
		{&command_report, "-f benchmark " EPYC " " XEON, 2,
		 "one record only"},
		{&command_report, "-f svg " EPYC, 2, "name a folder"},
		{&command_report, "", 2, "a record"},
		{&command_history, REFERENCE, 0, "sum:"},
		{&command_history, "-k sum -r openmp " REFERENCE, 0, "26,800"},
		{&command_history, "-f xml " REFERENCE, 2, "html or json"},
	};

	(void)state;
	CHECK_ALL(due);
}

static void records_are_compared(void **state)
{
	static const struct expected due[] = {
		{&command_compare, EPYC " " XEON, 0, "A and B"},
		{&command_compare, "-f json " EPYC " " XEON, 0, "\"cells\""},
		{&command_compare, "-k sum=dot " EPYC " " EPYC, 0, "dot"},
		{&command_compare,
		 "--fail-on slower=1% " EPYC " " EPYC " -k sum", 0, "Summary"},
		{&command_compare, "-k nope " EPYC " " XEON, 2, "'nope'"},
		{&command_compare, "--fail-on slow=1% " EPYC " " XEON, 2,
		 "slower="},
		{&command_compare, EPYC, 2, "two records"},
		{&command_compare, EPYC " /nowhere.jsonl", 3, "/nowhere.jsonl"},
	};

	(void)state;
	CHECK_ALL(due);
}

static void advice_is_given(void **state)
{
	static const struct expected due[] = {
		{&command_advise, "sum 16 --from " EPYC, 0, "serial"},
		{&command_advise, "sum 4Mi --from " EPYC, 0, "pool"},
		{&command_advise, "sum 4Mi -f json --from " EPYC, 0, "{"},
		{&command_advise, "sum none --from " EPYC, 2, "none"},
		{&command_advise, "sum", 2, "name a kernel and a size"},
	};

	(void)state;
	CHECK_ALL(due);
}

static void what_there_is_is_listed(void **state)
{
	static const struct expected due[] = {
		{&command_list, "--names kernels", 0, "square_map\n"},
		{&command_complete, "ben", 0, "bench"},
		{&command_complete, "bench --bud", 0, "--budget"},
		{&command_complete, "bench -k squ", 0, "square_map"},
		{&command_plan, "--topology pack:2 --workers 2", 2, "topology"},
		{&command_plan, "--workers 2 --items 1000", 0, "1,000 items"},
		{&command_plan, "--workers 0", 2, "--workers"},
		{&command_machine, "-f markdown", 0, "- CPU: "},
		{&command_machine, "--nope", 2, "--nope"},
	};

	(void)state;
	CHECK_ALL(due);
}

/* Whatever the command, a mistake costs two lines, and help is no mistake. */
static void mistakes_are_short_and_help_is_whole(void **state)
{
	(void)state;
	for (size_t c = 0; commands[c]; c++) {
		const struct answer *answer;
		size_t lines = 0;

		if (!commands[c]->summary)
			continue;
		answer = ask(commands[c], "--no-such-option");
		for (const char *at = answer->err; *at; at++)
			lines += *at == '\n';
		if (answer->status != 2 || answer->out[0] || lines > 2)
			fail_msg("%s: %s", commands[c]->name, answer->err);
		answer = ask(commands[c], "--help");
		if (answer->status != 0 || answer->err[0] ||
		    !strstr(answer->out, commands[c]->name))
			fail_msg("%s --help: %s", commands[c]->name,
				 answer->err);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_told),
		cmocka_unit_test(records_are_compared),
		cmocka_unit_test(advice_is_given),
		cmocka_unit_test(what_there_is_is_listed),
		cmocka_unit_test(mistakes_are_short_and_help_is_whole),
	};

	/* A command that starts a host would start this program. */
	if (argc > 1)
		fail_msg("%s %s", argv[0], argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

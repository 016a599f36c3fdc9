/* SPDX-License-Identifier: MIT */
#include "bench/cli/progress.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "bench/host/build_facts.h"
#include "bench/host/environment.h"
#include "bench/machine/sandbox.h"
#include "core/suggest.h"
#include "runners/process/exec_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void usage(FILE *out)
{
	fputs("Usage: breakeven COMMAND [OPTION...]\n\n"
	      "From which size on does a loop pay on threads, OpenMP or "
	      "processes?\n\n",
	      out);
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			fprintf(out, "  %-10s %s\n", commands[i]->name,
				commands[i]->summary);
	fputs("\n`breakeven help COMMAND` tells more; `breakeven --version`, "
	      "what it was built with.\n",
	      out);
}

/* Descriptors 0 to 2 must be open, or a socket of ours would become standard
 * output. What takes the place of a closed one refuses to be written to. */
static void secure_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* A parent may have left these ignored. Children must be waited for, but
 * hosts that stop and go on must not wake the process that measures them; and a
 * closed pipe or a file that may not grow must be an error, not a death. */
static void settle_signals(void)
{
	const struct sigaction quiet = {.sa_handler = SIG_DFL,
					.sa_flags = SA_NOCLDSTOP};

	sigaction(SIGCHLD, &quiet, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

static void tell_environment(enum environment_use use, const char *format)
{
	char names[256], text[384];

	if (environment_names(use, names, sizeof(names)) == 0)
		return;
	snprintf(text, sizeof(text), format, names);
	progress_notice(text);
}

/* What a command starts has its environment. 0, or the exit status. */
static int settle_environment(const struct cli_command *command, char **argv)
{
	int rc;

	if (!command->summary)
		return 0;
	if (command->measures)
		tell_environment(ENVIRONMENT_IGNORED,
				 "ignored, as options alone say what is "
				 "measured: %s");
	rc = environment_isolate(argv);
	if (rc < 0) {
		fprintf(stderr,
			"breakeven: the environment has variables of libraries "
			"(HWLOC_..., OMP_...), and without them this program "
			"cannot be executed: %s: unset them\n",
			strerror(-rc));
		return 1;
	}
	if (command->measures)
		tell_environment(ENVIRONMENT_HEEDED,
				 "set for all that is measured: %s");
	return 0;
}

/* 0, or the exit status. */
static int check_sandbox(const struct cli_command *command)
{
	char text[SANDBOX_TEXT_MAX];
	int rc = command->measures ? sandbox_try(text) : 0;

	if (rc < 0)
		fprintf(stderr, "breakeven %s: %s\n", command->name, text);
	else if (command->measures && text[0])
		progress_notice(text);
	return rc < 0 ? 1 : 0;
}

static int run_command(const struct cli_command *command, int argc, char **argv)
{
	char name[64];
	int status = settle_environment(command, argv);

	if (status == 0)
		status = check_sandbox(command);
	if (status)
		return status;
	snprintf(name, sizeof(name), "breakeven %s", command->name);
	argv[1] = name;
	return command->run(argc - 1, argv + 1);
}

/* Returns the exit status. */
static int refuse_command(const char *name)
{
	struct suggestion near = {.word = name};
	char text[ERROR_TEXT_MAX];
	size_t used;

	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->summary)
			suggestion_offer(&near, commands[i]->name);
	used = (size_t)snprintf(
		text, sizeof(text), "there is no command '%.64s'%s%s%s", name,
		near.name ? ": did you mean '" : "; there are",
		near.name ? near.name : "", near.name ? "'?" : "");
	for (size_t i = 0; !near.name && commands[i]; i++)
		if (commands[i]->summary)
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, "%s %s",
				i ? "," : "", commands[i]->name);
	return cli_wrong("breakeven", text);
}

static int help(void)
{
	usage(stdout);
	return output_finish("breakeven", 0) ? 1 : 0;
}

/* `help`, or `help COMMAND`. Returns the exit status. */
static int help_with(const char *name)
{
	const struct cli_command *command = name ? commands_find(name) : NULL;

	if (!name)
		return help();
	if (!command || !command->summary)
		return refuse_command(name);
	cli_help(command, stdout);
	return output_finish("breakeven", 0) ? 1 : 0;
}

static int run_word(int argc, char **argv)
{
	const char *word = argv[1];
	const struct cli_command *command = commands_find(word);

	if (command)
		return run_command(command, argc, argv);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return help();
	if (strcmp(word, "help") == 0)
		return help_with(argv[2]);
	if (strcmp(word, "--version") != 0)
		return refuse_command(word);
	build_print(stdout);
	return output_finish("breakeven", 0) ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], EXEC_WORKER_COMMAND) == 0)
		return exec_worker_main(argc, argv);
	secure_descriptors();
	settle_signals();
	if (argc > 1)
		return run_word(argc, argv);
	usage(stderr);
	return 2;
}

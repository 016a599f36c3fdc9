/* SPDX-License-Identifier: MIT */
#include "bench/cli/progress.h"
#include "bench/cli/usage.h"
#include "bench/commands/commands.h"
#include "bench/host/build_facts.h"
#include "bench/host/environment.h"
#include "bench/host/host.h"
#include "bench/machine/sandbox.h"
#include "runners/process/exec_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary; /* NULL: not for users */
	bool measures;	     /* so that the environment has a say in it */
} commands[] = {
	{"bench", cmd_bench, "measure, search for break-even, print the tables",
	 true},
	{"grid", cmd_grid, "measure a fixed grid under google-benchmark", true},
	{"dispatch", cmd_dispatch, "what a fork-join costs each runner", true},
	{"trace", cmd_trace, "where the time of a call goes", true},
	{"creation", cmd_creation,
	 "what threads, processes and pools cost to create", true},
	{"article", cmd_article,
	 "an article's claims on processes, in C and in Python", true},
	{"roof", cmd_roof, "memory speed of kernels beside its ceiling", true},
	{"report", cmd_report, "print the tables of earlier runs", false},
	{"compare", cmd_compare, "hold records against one another", false},
	{"advise", cmd_advise, "which backend to use for a kernel at a size",
	 false},
	{"history", cmd_history, "runs so far, and what they concluded", false},
	{"list", cmd_list, "kernels and runners, with their options", false},
	{"machine", cmd_machine, "what this machine is", false},
	{"plan", cmd_plan, "which worker would go where, on any machine",
	 false},
	{"calibrate", cmd_calibrate, "how often bench is right", true},
	{"host", cmd_host, NULL, false},
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static void usage(FILE *out)
{
	fputs("Usage: breakeven COMMAND [OPTION...]\n\n"
	      "From which size on does a loop pay on threads, OpenMP or "
	      "processes?\n\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].summary)
			fprintf(out, "  %-10s %s\n", commands[i].name,
				commands[i].summary);
	fputs("\n`breakeven COMMAND --help` tells more; `breakeven --version`, "
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
 * hosts that stop and go on must not wake who measures them; and a closed pipe
 * or a file that may not grow must be an error, not a death. */
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
static int settle_environment(const struct command *command, char **argv)
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
static int check_sandbox(const struct command *command)
{
	char text[SANDBOX_TEXT_MAX];
	int rc = command->measures ? sandbox_try(text) : 0;

	if (rc < 0)
		fprintf(stderr, "breakeven %s: %s\n", command->name, text);
	else if (command->measures && text[0])
		progress_notice(text);
	return rc < 0 ? 1 : 0;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	char name[64];
	int status = settle_environment(command, argv);

	if (status == 0)
		status = check_sandbox(command);
	if (status)
		return status;
	snprintf(name, sizeof(name), "breakeven %s", argv[1]);
	argv[1] = name;
	return command->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{

	if (argc > 1 && strcmp(argv[1], EXEC_WORKER_COMMAND) == 0)
		return exec_worker_main(argc, argv);
	secure_descriptors();
	settle_signals();
	for (size_t i = 0; argc > 1 && i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return run_command(&commands[i], argc, argv);
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return output_finish("breakeven");
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		build_print(stdout);
		return output_finish("breakeven");
	}
	if (argc > 1)
		fprintf(stderr, "breakeven: there is no command '%s'\n\n",
			argv[1]);
	usage(stderr);
	return 2;
}

/* SPDX-License-Identifier: MIT */
#include "bench/build_facts.h"
#include "bench/commands.h"
#include "bench/host.h"
#include "bench/usage.h"
#include "runners/team/worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary; /* NULL: not for users */
} commands[] = {
	{"bench", cmd_bench,
	 "measure, search for break-even, print the tables"},
	{"grid", cmd_grid, "measure a fixed grid under google-benchmark"},
	{"dispatch", cmd_dispatch, "what a fork-join costs each runner"},
	{"trace", cmd_trace, "where the time of a call goes"},
	{"creation", cmd_creation,
	 "what threads, processes and pools cost to create"},
	{"article", cmd_article,
	 "an article's claims on processes, in C and in Python"},
	{"roof", cmd_roof, "memory speed of kernels beside its ceiling"},
	{"report", cmd_report, "print the tables of earlier runs"},
	{"compare", cmd_compare, "hold records against one another"},
	{"advise", cmd_advise, "which backend to use for a kernel at a size"},
	{"history", cmd_history, "runs so far, and what they concluded"},
	{"list", cmd_list, "kernels and runners, with their options"},
	{"machine", cmd_machine, "what this machine is"},
	{"plan", cmd_plan, "which worker would go where, on any machine"},
	{"calibrate", cmd_calibrate, "how often bench is right"},
	{"host", cmd_host, NULL},
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

int main(int argc, char **argv)
{
	char name[64];

	if (argc > 1 && strcmp(argv[1], WORKER_COMMAND) == 0)
		return worker_main(argc, argv);
	secure_descriptors();
	settle_signals();
	for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "breakeven %s", argv[1]);
		argv[1] = name;
		return commands[i].run(argc - 1, argv + 1);
	}
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

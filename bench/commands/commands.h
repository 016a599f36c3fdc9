/* SPDX-License-Identifier: MIT */
/*
 * The subcommands. argv[0] is what the user knows them by, "breakeven bench".
 * Each returns the exit status: 0; 2 for a usage error; 1 for any other;
 * 130 or 143 when interrupted. `compare` has 1 and 3 of its own.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMANDS_H
#define BREAKEVEN_BENCH_COMMANDS_COMMANDS_H

#include "bench/cli/options.h"

extern const struct cli_command command_advise, command_article, command_bench,
	command_calibrate, command_compare, command_creation, command_dispatch,
	command_grid, command_history, command_list, command_machine,
	command_plan, command_report, command_roof, command_trace;

int cmd_advise(int argc, char **argv);
int cmd_article(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_creation(int argc, char **argv);
int cmd_dispatch(int argc, char **argv);
int cmd_grid(int argc, char **argv);
int cmd_history(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_machine(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_roof(int argc, char **argv);
int cmd_trace(int argc, char **argv);

#endif

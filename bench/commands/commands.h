/* SPDX-License-Identifier: MIT */
/*
 * The subcommands. The exit status of each is 0; 2 for a usage error; 1 for
 * any other; 130 or 143 when interrupted. `bench`, `grid`, `compare`
 * and `report` have a 3 of their own.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMANDS_H
#define BREAKEVEN_BENCH_COMMANDS_COMMANDS_H

#include "bench/cli/options.h"

extern const struct cli_command command_ab, command_advise, command_article,
	command_bench, command_calibrate, command_compare, command_complete,
	command_creation, command_dispatch, command_explain, command_grid,
	command_history, command_lab, command_list, command_machine,
	command_plan, command_predict, command_report, command_roof,
	command_scale, command_survey, command_trace;

/* All of them, in the order of the help; ends with NULL. */
extern const struct cli_command *const commands[];

/* NULL: there is none of that name. */
const struct cli_command *commands_find(const char *name);

#endif

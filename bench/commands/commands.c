/* SPDX-License-Identifier: MIT */
#include "bench/commands/commands.h"

#include "bench/host/host.h"

#include <string.h>

static const struct cli_command command_host = {
	.name = "host",
	.run = cmd_host,
};

/* Those without a summary are not listed. */
/* clang-format off */
const struct cli_command *const commands[] = {
	&command_bench,
	&command_grid,
	&command_ab,
	&command_dispatch,
	&command_trace,
	&command_creation,
	&command_article,
	&command_scale,
	&command_roof,
	&command_report,
	&command_compare,
	&command_advise,
	&command_predict,
	&command_history,
	&command_survey,
	&command_list,
	&command_lab,
	&command_explain,
	&command_machine,
	&command_plan,
	&command_calibrate,
	&command_complete,
	&command_host,
	NULL,
};
/* clang-format on */

const struct cli_command *commands_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
	return NULL;
}

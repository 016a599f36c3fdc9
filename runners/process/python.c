/* SPDX-License-Identifier: MIT */
#include "runners/process/python.h"

#include "system/self.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char script[] = "python_host.py";

const struct option_spec python_options[] = {
	{.key = "chunk",
	 .type = OPTION_COUNT,
	 .fallback = "0",
	 .min = 0,
	 .max = 1e9,
	 .help = "items of a chunk; 0: a quarter of a worker's share, as "
		 "Pool.map has it"},
	{.key = NULL},
};

const char *const python_kernels[] = {"square_map", "sum", NULL};

int python_replace(struct team *team, char *order)
{
	char path[PATH_MAX], program[] = PYTHON_PROGRAM;
	/* No modules from the user's environment or home directory. */
	char isolated[] = "-I", no_cache[] = "-B";
	char *argv[] = {program, isolated, no_cache, path, order, NULL};
	int rc = self_find(script, path, sizeof(path));

	if (rc < 0)
		return team_fail(team, rc,
				 "%s is not where it was built or installed: "
				 "not in modules or ../lib/breakeven beside "
				 "the command",
				 script);
	execvp(program, argv);
	if (errno == ENOENT || errno == EACCES)
		return team_fail(team, -ENOTSUP,
				 "there is no python3 on the PATH: install "
				 "Python 3.9 or newer");
	return team_fail(team, -errno, "python3: %s", strerror(errno));
}

/* SPDX-License-Identifier: MIT */
#include "runners/team/python.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char script[] = "python_host.py";
static const char *const places[] = {"modules", "../lib/breakeven"};

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

/* The script's path; -ENOENT. */
static int find_script(struct team *team, char path[PATH_MAX])
{
	char self[PATH_MAX / 2];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *folder;

	if (length < 0)
		return team_fail(team, -errno, "/proc/self/exe: %s",
				 strerror(errno));
	self[length] = '\0';
	folder = dirname(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(path, PATH_MAX, "%s/%s/%s", folder, places[i], script);
		if (access(path, R_OK) == 0)
			return 0;
	}
	return team_fail(team, -ENOENT,
			 "%s is not where it was built or installed: not in "
			 "modules or ../lib/breakeven beside the command",
			 script);
}

int python_replace(struct team *team, char *order)
{
	char path[PATH_MAX], program[] = "python3";
	/* Not what the user's shell or home would have it load. */
	char isolated[] = "-I", no_cache[] = "-B";
	char *argv[] = {program, isolated, no_cache, path, order, NULL};
	int rc = find_script(team, path);

	if (rc < 0)
		return rc;
	execvp(program, argv);
	if (errno == ENOENT || errno == EACCES)
		return team_fail(team, -ENOTSUP,
				 "there is no python3 on the PATH: install "
				 "Python 3.9 or newer");
	return team_fail(team, -errno, "python3: %s", strerror(errno));
}

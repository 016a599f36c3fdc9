/* SPDX-License-Identifier: MIT */
#include "bench/host/environment.h"

#include "bench/host/registry.h"
#include "runners/process/launcher.h"
#include "system/self.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What we set ourselves. The messages of hwloc's are ours to give, once. Its
 * plug-ins find devices, which nobody asks for, and bring in some twenty
 * libraries: in every host, 7 ms of its 12. */
static const struct {
	const char *name, *value;
} ours[] = {
	{"HWLOC_HIDE_ERRORS", "2"},
	{"HWLOC_PLUGINS_PATH", "/dev/null"},
};

enum { OURS = sizeof(ours) / sizeof(*ours) };

/* google-benchmark, hwloc, OpenMP runtimes, TBB, GLib. Python is always started
 * with -I, and heeds nothing. */
static const char *const ignored[] = {
	HOST_AGAIN, "BENCHMARK_*",  "HWLOC_*",	    "OMP_*",
	"GOMP_*",   "KMP_*",	    "LIBOMP*",	    "OMPT_*",
	"ACC_*",    "TBB_*",	    "INTEL_*",	    "G_SLICE",
	"G_DEBUG",  "G_MESSAGES_*", "LD_SHOW_AUXV", NULL,
};

/* Ours, the dynamic linker, glibc, libstdc++, MPI, which has to be told how to
 * reach other machines. */
static const char *const heeded[] = {
	REGISTRY_ISA, "LD_*",	   "GLIBC_TUNABLES",
	"MALLOC_*",   "GLIBCXX_*", "OMPI_*",
	"MPICH_*",    "MPIR_*",	   LAUNCHER_VARIABLE,
	"HYDRA_*",    "UCX_*",	   "FI_*",
	NULL,
};

static const char *const *const patterns[] = {
	[ENVIRONMENT_IGNORED] = ignored,
	[ENVIRONMENT_HEEDED] = heeded,
};

/* Is this "NAME=value" of a name, or of one that begins as "NAME*" says? */
static bool environment_matches(const char *variable, const char *pattern)
{
	size_t length = strcspn(pattern, "*");

	return strncmp(variable, pattern, length) == 0 &&
	       (pattern[length] == '*' || variable[length] == '=');
}

/* Is this "NAME=value" as we set it? */
static bool environment_is_ours(const char *variable)
{
	for (size_t i = 0; i < OURS; i++)
		if (environment_matches(variable, ours[i].name) &&
		    strcmp(strchr(variable, '=') + 1, ours[i].value) == 0)
			return true;
	return false;
}

static int environment_set_ours(void)
{
	for (size_t i = 0; i < OURS; i++)
		if (setenv(ours[i].name, ours[i].value, 1) < 0)
			return -errno;
	return 0;
}

static bool environment_is_used(const char *variable, enum environment_use use)
{
	const char *const *pattern = patterns[use];

	if (environment_is_ours(variable))
		return false;
	while (*pattern && !environment_matches(variable, *pattern))
		pattern++;
	return *pattern != NULL;
}

size_t environment_names(enum environment_use use, char *names, size_t size)
{
	size_t count = 0, used = 0;

	names[0] = '\0';
	for (char **variable = environ; variable && *variable; variable++) {
		if (!environment_is_used(*variable, use))
			continue;
		if (used < size)
			used += (size_t)snprintf(names + used, size - used,
						 "%s%.*s", count ? ", " : "",
						 (int)strcspn(*variable, "="),
						 *variable);
		count++;
	}
	return count;
}

int environment_isolate(char **argv)
{
	size_t count = 0, kept = 0;
	char **clean;

	while (environ && environ[count])
		count++;
	clean = calloc(count + 1, sizeof(*clean));
	if (!clean)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (!environment_is_used(environ[i], ENVIRONMENT_IGNORED))
			clean[kept++] = environ[i];
	if (kept == count) {
		free(clean);
		return environment_set_ours();
	}
	execve(self_program(), argv, clean);
	free(clean);
	return -errno;
}

json_t *environment_json(void)
{
	json_t *list = json_array();

	for (char **variable = environ; variable && *variable; variable++)
		if (environment_is_used(*variable, ENVIRONMENT_HEEDED))
			json_array_append_new(list, json_string(*variable));
	return list;
}

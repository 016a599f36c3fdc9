/* SPDX-License-Identifier: MIT */
#include "system/self.h"

#include <dlfcn.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#define PROC_SELF "/proc/self/exe"

static const char *self_started_as(void)
{
	union {
		unsigned long number;
		const char *path;
	} start = {.number = getauxval(AT_EXECFN)};

	return start.path ? start.path : PROC_SELF;
}

const char *self_program(void)
{
	return access(PROC_SELF, X_OK) < 0 ? self_started_as() : PROC_SELF;
}

/* Works even if that file was replaced or removed. */
int self_path(char path[PATH_MAX])
{
	ssize_t length = readlink(PROC_SELF, path, PATH_MAX - 1);

	if (length >= 0)
		path[length] = '\0';
	return length >= 0 || realpath(self_started_as(), path) ? 0 : -errno;
}

int self_find(const char *file, char *path, size_t size)
{
	static const char *const places[] = {"modules", "../lib/breakeven"};
	char self[PATH_MAX];
	int rc = self_path(self);
	const char *folder;

	if (rc < 0)
		return rc;
	folder = dirname(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int length = snprintf(path, size, "%s/%s/%s", folder, places[i],
				      file);

		if (length < (int)size && access(path, R_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

void *self_load(const char *file, const char *symbol, const char **why)
{
	char path[PATH_MAX];
	void *module = NULL, *found;

	dlerror(); /* of before */
	if (self_find(file, path, sizeof(path)) == 0)
		module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	found = module ? dlsym(module, symbol) : NULL;
	*why = found ? NULL : dlerror();
	if (!found && !*why)
		*why = "it is not where it was built or installed";
	return found;
}

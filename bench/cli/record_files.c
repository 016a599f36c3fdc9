/* SPDX-License-Identifier: MIT */
#include "bench/cli/record_files.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int record_files_glob(const char *pattern, int flags, glob_t *files)
{
	if (files->gl_pathc)
		flags |= GLOB_APPEND;
	return glob(pattern, flags, NULL, files) == GLOB_NOSPACE ? -ENOMEM : 0;
}

int record_files_match(const char *pattern, glob_t *files)
{
	return record_files_glob(pattern, 0, files);
}

static bool record_files_is_folder(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

int record_files_add(const char *place, glob_t *files)
{
	char *pattern;
	int rc;

	if (!record_files_is_folder(place))
		return record_files_glob(place, GLOB_NOMAGIC | GLOB_NOCHECK,
					 files);
	if (asprintf(&pattern, "%s/*.jsonl", place) < 0)
		return -ENOMEM;
	rc = record_files_match(pattern, files);
	free(pattern);
	return rc;
}

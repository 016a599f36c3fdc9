/* SPDX-License-Identifier: MIT */
/*
 * The records that a user names: files, and folders of them.
 */
#ifndef BREAKEVEN_BENCH_CLI_RECORD_FILES_H
#define BREAKEVEN_BENCH_CLI_RECORD_FILES_H

#include <glob.h>

/*
 * Add a file, or all records of a folder, to *files, which begins as {0} and
 * globfree() frees. Whether a file is there is told when it is read. 0 or
 * -ENOMEM.
 */
int record_files_add(const char *place, glob_t *files);

/* Add what a pattern matches, which may be nothing. Likewise. */
int record_files_match(const char *pattern, glob_t *files);

#endif

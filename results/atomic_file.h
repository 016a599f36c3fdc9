/* SPDX-License-Identifier: MIT */
/*
 * Files that are there whole or not at all.
 */
#ifndef BREAKEVEN_RESULTS_ATOMIC_FILE_H
#define BREAKEVEN_RESULTS_ATOMIC_FILE_H

#include <stdio.h>

struct atomic_file {
	FILE *file;	  /* to write to */
	const char *path; /* what it shall be called; NULL: standard output */
	char *draft;	  /* what it is called until then; NULL: the same */
};

/*
 * Begin to write `path`, which lives as long as `out`; NULL is standard output.
 * A regular file gets its name at the end, in the place of what had it before;
 * anything else (a pipe, /dev/null) is written to at once. 0, or -errno.
 */
int atomic_file_begin(struct atomic_file *out, const char *path);

/* End it: the file is there, whole. 0, or -errno, and then there is none. */
int atomic_file_commit(struct atomic_file *out);

/* Give it up: of a regular file nothing is left. */
void atomic_file_discard(struct atomic_file *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Files that are written completely or not at all.
 */
#ifndef BREAKEVEN_RESULTS_ATOMIC_FILE_H
#define BREAKEVEN_RESULTS_ATOMIC_FILE_H

#include <stdio.h>

struct atomic_file {
	FILE *file;	  /* to write to */
	const char *path; /* its final name; NULL: standard output */
	char *draft;	  /* its name until then; NULL: `path` */
};

/*
 * Begin to write `path`, which must stay valid as long as `out`; NULL is
 * standard output. A regular file gets its name at the end, and replaces the
 * file of that name; anything else (a pipe, /dev/null) is written directly. 0
 * or -errno.
 */
int atomic_file_begin(struct atomic_file *out, const char *path);

/* End it: the complete file is there. After -errno there is no new file. */
int atomic_file_commit(struct atomic_file *out);

/* Give it up, and remove the draft. */
void atomic_file_discard(struct atomic_file *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Where a run puts what it found when the user does not say; and files that are
 * there whole or not at all.
 */
#ifndef BREAKEVEN_BENCH_OUTFILE_H
#define BREAKEVEN_BENCH_OUTFILE_H

#include <stdio.h>

/*
 * A name that is free, `what` (as "creation-", or "") and `suffix` (as ".json")
 * around the machine's and the time: in results/runs where there is a folder
 * results, else in the current one, with breakeven- in front. To be freed;
 * NULL: out of memory.
 */
char *outfile_new(const char *what, const char *suffix);

struct outfile {
	FILE *file;	  /* to write to */
	const char *path; /* what it shall be called; NULL: standard output */
	char *draft;	  /* what it is called until then; NULL: the same */
};

/*
 * Begin to write `path`, which lives as long as `out`; NULL is standard output.
 * A regular file gets its name at the end, in the place of what had it before;
 * anything else (a pipe, /dev/null) is written to at once. 0, or -errno.
 */
int outfile_begin(struct outfile *out, const char *path);

/* End it: the file is there, whole. 0, or -errno, and then there is none. */
int outfile_end(struct outfile *out);

/* Give it up: of a regular file nothing is left. */
void outfile_drop(struct outfile *out);

#endif

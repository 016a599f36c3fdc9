/* SPDX-License-Identifier: MIT */
/*
 * Launchers: programs such as mpiexec that start the workers of a team, here or
 * on other machines. The host that executes one stays as its parent, so that
 * the controller finds all that runs here below one process, and hands its
 * descriptors over to the first worker.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_LAUNCHER_H
#define BREAKEVEN_RUNNERS_PROCESS_LAUNCHER_H

#include "runners/runner.h"

/* The variable that names a launcher, in place of the library's own. */
#define LAUNCHER_VARIABLE "BREAKEVEN_MPIEXEC"

enum { LAUNCHER_WORDS_MAX = 64, LAUNCHER_TOKEN_MAX = 96 };

/* The command line of a launcher. */
struct launcher {
	char *words[LAUNCHER_WORDS_MAX]; /* ends with NULL */
	size_t count;
};

/* Add a word, which is not copied. More than fit are dropped, as the caller
 * sees by count == LAUNCHER_WORDS_MAX. */
void launcher_add(struct launcher *launcher, char *word);

/* Add the words of `line`, which is cut at its blanks. */
void launcher_add_line(struct launcher *launcher, char *line);

/*
 * Execute the launcher with one more word, a token; give descriptors 3 and 4 to
 * the process that calls launcher_take_over() with it; wait until the launcher
 * ends. Returns its exit status (128 and its number for a signal). If no
 * process has taken over until then, -errno: -ENOTSUP where there is no such
 * program; team->error quotes what it said.
 */
int launcher_run(struct team *team, struct launcher *launcher);

/* In a process that was started so: get the two, under other numbers.
 * *began_ns: when the launcher was executed, by CLOCK_MONOTONIC. 0 or
 * -errno. */
int launcher_take_over(const char *token, int descriptors[2],
		       int64_t *began_ns);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The running program: where it is, to execute it once more, and where the
 * files are that it needs when it runs.
 */
#ifndef BREAKEVEN_RUNNERS_PROCESS_SELF_H
#define BREAKEVEN_RUNNERS_PROCESS_SELF_H

#include <stddef.h>

/* What to execute: /proc/self/exe or, without a /proc, the path by which the
 * program was started. For ever valid, in a child just forked, too. */
const char *self_program(void);

/* Where `file` is: in modules/ beside the command in a build tree, in
 * ../lib/breakeven when installed. 0, or -errno when it is in neither. */
int self_find(const char *file, char *path, size_t size);

#endif

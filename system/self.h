/* SPDX-License-Identifier: MIT */
/*
 * The running program: its path, to execute it once more, and the files that it
 * needs at run time.
 */
#ifndef BREAKEVEN_SYSTEM_SELF_H
#define BREAKEVEN_SYSTEM_SELF_H

#include <limits.h>
#include <stddef.h>

/* The path to execute: /proc/self/exe, or without /proc the path by which the
 * program was started. A static string; safe in a child after fork(). */
const char *self_program(void);

/* Write the path of the program's file, for those whose /proc/self is
 * another's. 0 or -errno. */
int self_path(char path[PATH_MAX]);

/* Write to `path` where `file` is: in modules/ beside the command in a build
 * tree, or in ../lib/breakeven if installed. 0; -ENOENT: in neither; -errno. */
int self_find(const char *file, char *path, size_t size);

/* What the module `file`, which lies there, calls `symbol`; it stays loaded.
 * NULL: *why says why, until something else is loaded. */
void *self_load(const char *file, const char *symbol, const char **why);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Files of ours that the command needs when it runs.
 */
#ifndef BREAKEVEN_BENCH_BESIDE_H
#define BREAKEVEN_BENCH_BESIDE_H

#include <stddef.h>

/* Where `file` is: in modules/ beside the command in a build tree, in
 * ../lib/breakeven when installed. 0, or -errno when it is in neither. */
int beside_find(const char *file, char *path, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the kernel tells in small files below /proc and /sys.
 */
#ifndef BREAKEVEN_SYSTEM_SYSFILE_H
#define BREAKEVEN_SYSTEM_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first line of a file, without its end. False, and text empty, where
 * there is no such file or nothing in it. */
bool sysfile_line(const char *path, char *text, size_t size);

/* The number behind `key` in the first line that begins with it, as "Pss:" or
 * "", which is every file's first line; `fallback` if there is no such line, or
 * no number in it ("max"). */
uint64_t sysfile_number(const char *path, const char *key, uint64_t fallback);

/* Write `text` to a file that is there; if that is refused, nothing happens. */
void sysfile_write(const char *path, const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Small files of the kernel below /proc and /sys.
 */
#ifndef BREAKEVEN_SYSTEM_SYSFILE_H
#define BREAKEVEN_SYSTEM_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first line of a file, without its newline. False, with `text` empty:
 * there is no such file, or it is empty. */
bool sysfile_line(const char *path, char *text, size_t size);

/* The number after `key` in the first line that begins with `key`: "Pss:", or
 * "" for the first line of the file. `fallback`: there is no such line, or no
 * number in it ("max"). */
uint64_t sysfile_number(const char *path, const char *key, uint64_t fallback);

/* Write `text` to an existing file. Ignores errors. */
void sysfile_write(const char *path, const char *text);

#endif

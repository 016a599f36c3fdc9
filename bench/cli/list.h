/* SPDX-License-Identifier: MIT */
/*
 * Lists and ranges, as users type them.
 */
#ifndef BREAKEVEN_BENCH_CLI_LIST_H
#define BREAKEVEN_BENCH_CLI_LIST_H

#include <stddef.h>
#include <stdint.h>

/* "1,2,4": whole numbers within [min, max], max_out at most; one that stands
 * twice counts once. 0, or -EINVAL. */
int list_counts(const char *text, unsigned long min, unsigned long max,
		unsigned *out, size_t max_out, size_t *count);

/* "LO..HI", or "N" for both; k, M, G are powers of ten, Ki, Mi, Gi of two.
 * 1 <= LO <= HI <= 2^48. 0, or -EINVAL. */
int list_sizes(const char *text, uint64_t *lo, uint64_t *hi);

/* "a,b,c" to a new array of new strings, which list_free() frees. -EINVAL when
 * one is empty, -ENOMEM; then there is nothing to free. */
int list_split(const char *text, char ***items, size_t *count);
void list_free(char **items, size_t count);

#endif

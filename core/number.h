/* SPDX-License-Identifier: MIT */
/*
 * Numbers of items as people read them.
 */
#ifndef BREAKEVEN_CORE_NUMBER_H
#define BREAKEVEN_CORE_NUMBER_H

#include <stdint.h>

/* A short text, returned by value. */
struct text {
	char s[48];
};

/* "512", "4 Ki", "16 Mi"; "5,000" if n is no whole number of Ki. */
struct text text_size(uint64_t n);

/* "16,384", rounded to a whole number. */
struct text text_count(double count);

#endif

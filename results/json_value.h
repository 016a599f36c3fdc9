/* SPDX-License-Identifier: MIT */
/*
 * Numbers and documents of JSON, as all reports write them.
 */
#ifndef BREAKEVEN_RESULTS_JSON_VALUE_H
#define BREAKEVEN_RESULTS_JSON_VALUE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* null if the value is not finite. */
json_t *json_number(double value);

/* An array of so many; null for what is not finite. A new reference. */
json_t *json_numbers(const double *values, size_t count);

/* The member `key` of an object: a number, NAN if there is none; a string, NULL
 * if there is none. */
double json_number_in(const json_t *object, const char *key);
const char *json_string_in(const json_t *object, const char *key);

/* The end of an interval; infinite, as `unknown` is, if there is none. */
double json_end_in(const json_t *object, const char *key, double unknown);

/* A whole number from `min` to INT64_MAX. 0, or -EINVAL: there is none. */
int json_count_in(const json_t *object, const char *key, uint64_t min,
		  uint64_t *count);

/* Write `root` with so many digits, and a newline. Takes ownership of `root`.
 * 0, -EIO, or -ENOMEM if `root` is NULL. */
int json_put(FILE *out, json_t *root, int digits);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Numbers and documents of JSON, as all reports write them.
 */
#ifndef BREAKEVEN_RESULTS_JSON_VALUE_H
#define BREAKEVEN_RESULTS_JSON_VALUE_H

#include <jansson.h>
#include <stdio.h>

/* null if the value is not finite. */
json_t *json_number(double value);

/* Write `root` with so many digits, and a newline. Takes ownership of `root`.
 * 0, -EIO, or -ENOMEM if `root` is NULL. */
int json_put(FILE *out, json_t *root, int digits);

#endif

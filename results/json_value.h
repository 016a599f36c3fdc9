/* SPDX-License-Identifier: MIT */
/*
 * Numbers and documents of JSON, as all reports write them.
 */
#ifndef BREAKEVEN_RESULTS_JSON_VALUE_H
#define BREAKEVEN_RESULTS_JSON_VALUE_H

#include <jansson.h>
#include <stdio.h>

/* null where the value is not finite. */
json_t *json_number(double value);

/* Write `root`, whose reference is stolen, with so many digits, and a new line.
 * 0, -EIO, or -ENOMEM for a root of NULL. */
int json_put(FILE *out, json_t *root, int digits);

#endif

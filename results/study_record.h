/* SPDX-License-Identifier: MIT */
/*
 * The record of a study, which is what `dispatch`, `trace`, `creation`,
 * `article` and `calibrate` measure: its result is one JSON object, and stands
 * in the record as rows, a line each.
 *
 * Of the object {"runs":5,"rows":[{"what":"fork","us":140}]}:
 *
 *	{"row":{"table":"","runs":5,"rows":[]}}
 *	{"row":{"table":"rows","what":"fork","us":140}}
 */
#ifndef BREAKEVEN_RESULTS_STUDY_RECORD_H
#define BREAKEVEN_RESULTS_STUDY_RECORD_H

#include "results/record.h"

/* Append all rows of the object, which is borrowed. 0, or as record_put_row().
 */
int study_record_put(struct record *record, json_t *object);

/* Append one more row of a table of it, which is borrowed. Likewise. */
int study_record_add(struct record *record, const char *table, json_t *row);

/* The object that the rows come from; a new reference, NULL: out of memory.
 * Empty if the record was cut off before its first row. */
json_t *study_record_object(const struct record *record);

#endif

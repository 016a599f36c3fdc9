/* SPDX-License-Identifier: MIT */
/*
 * What commands that measure something of their own share: the record that they
 * leave, and the output that is made from it.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_STUDY_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_STUDY_RUN_H

#include "bench/cli/options.h"
#include "system/topology.h"

#include <jansson.h>
#include <stdbool.h>

/* An option: where the record goes. Its name, and its letter or 0. */
#define STUDY_ROW_RECORD(name, letter, type, field)                            \
	{                                                                      \
		name, letter, OPT_OUTPUT, offsetof(type, field), "FILE.jsonl", \
			"The record (default: a new one in results/runs, or "  \
			"here)"                                                \
	}

struct study_run;

/* Measure on this machine, and end with study_run_tell(). Returns the exit
 * status. */
typedef int study_measure(void *data, const struct topology *topology,
			  struct study_run *run);

/*
 * Measure, with a record in `out`, or in a new file if that is NULL, which is
 * begun before. Returns the exit status of `measure`, or 1 with the reason
 * told: `out` cannot be written. A new file that cannot be made is no error,
 * but is told. A record of nothing does not stay.
 */
int study_run(const char *command, int argc, char *const *argv, const char *out,
	      study_measure *measure, void *data);

/*
 * Put the result on record, and write it to standard output: `format` is an
 * enum doc_form or CLI_JSON. What the file does not take is told, and printed
 * all the same. Takes ownership of `object`; NULL: out of memory. Returns the
 * exit status.
 */
int study_run_tell(struct study_run *run, json_t *object, bool complete,
		   int format);

/* ------------------------------------------------------------- in parts */

/*
 * As study_run(), with the record `path` of an earlier run of this command, at
 * whose end it goes on.
 */
int study_resume(const char *command, const char *path, study_measure *measure,
		 void *data);

/* What is on record so far; a new reference, NULL: out of memory. */
json_t *study_run_object(const struct study_run *run);

/*
 * Put a result on record as far as it is known, then row by row what is added
 * to a table of it. Both own what they take. What the file does not take is
 * told once, and nothing is put any more.
 */
void study_run_put(struct study_run *run, json_t *object);
void study_run_add(struct study_run *run, const char *table, json_t *row);

/* The end of such a record, and where it is, for a terminal. Returns the exit
 * status: 0, or 1 if it lacks something. */
int study_run_close(struct study_run *run, bool complete);

/* Where the record is; NULL: in memory alone. */
const char *study_run_path(const struct study_run *run);

#endif

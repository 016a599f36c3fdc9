/* SPDX-License-Identifier: MIT */
/*
 * What commands that measure something of their own share: the record that they
 * leave, and the output that is made from it.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_STUDY_RUN_H
#define BREAKEVEN_BENCH_COMMANDS_STUDY_RUN_H

#include "bench/cli/options.h"
#include "results/record.h"
#include "system/topology.h"

#include <stdbool.h>

/* An option: where the record goes. Its name, and its letter or 0. */
#define STUDY_ROW_RECORD(name, letter, type, field)                            \
	{                                                                      \
		name, letter, OPT_OUTPUT, offsetof(type, field), "FILE.jsonl", \
			"The record (default: a new one in results/runs, or "  \
			"here)"                                                \
	}

struct study_run {
	const char *name; /* of the command */
	char program[32]; /* "breakeven " and that, for messages */
	struct record *record;
	char *path; /* of the record; NULL: it is in memory alone */
};

/*
 * Begin the record, in `out`, or in a new file if that is NULL, before anything
 * is measured. 0, or the exit status, with the reason told: `out` cannot be
 * written. A new file that cannot be made is no error, but is told.
 * study_run_end() is due in any case.
 */
int study_run_begin(struct study_run *run, const char *name, int argc,
		    char *const *argv, const struct topology *topology,
		    const char *out);

/*
 * Put the result on record, and write it to standard output: `format` is an
 * enum doc_form or CLI_JSON. What the file does not take is told, and printed
 * all the same. Takes ownership of `object`; NULL: out of memory.
 * Returns the exit status.
 */
int study_run_tell(struct study_run *run, json_t *object, bool complete,
		   int format);

/* A record of nothing does not stay. */
void study_run_end(struct study_run *run);

#endif

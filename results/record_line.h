/* SPDX-License-Identifier: MIT */
/*
 * The lines of a record, between JSON and memory. Lines that are written and
 * lines that are read go the same way, so memory always holds what a reader
 * would see.
 */
#ifndef BREAKEVEN_RESULTS_RECORD_LINE_H
#define BREAKEVEN_RESULTS_RECORD_LINE_H

#include "results/record.h"

enum record_line_kind {
	RECORD_LINE_HEADER,
	RECORD_LINE_BLOCK,
	RECORD_LINE_NOTE,
	RECORD_LINE_ROW,
	RECORD_LINE_VERDICT,
	RECORD_LINE_END
};

struct record_header {
	json_t *json;
	const char *study;
	size_t nrunners, nkernels;
	struct record_runner *runners;
	const char **kernels;
};

struct record_end {
	bool complete;
	json_t *splits;
};

/* A parsed line that is not part of a record yet. */
struct record_line {
	enum record_line_kind kind;
	union {
		struct record_header header;
		struct block block;
		struct note note;
		json_t *row;
		struct record_end end;
	};
};

/* The names of roles in records, indexed by enum role. */
extern const char *const role_names[];

/*
 * Parse `json` as the next line of `record`, and make room for it there.
 * 0, and *line, which ends with record_line_commit() or record_line_discard().
 * -EINVAL for an invalid line, -ENOTSUP for a newer schema, both
 * with `error` saying what is wrong and what to do; -ENOMEM.
 */
int record_line_parse(struct record *record, json_t *json,
		      struct record_line *line, char error[ERROR_TEXT_MAX]);

/* Make the line part of the record, which owns its memory from then on. Cannot
 * fail. */
void record_line_commit(struct record *record, struct record_line *line);
void record_line_discard(struct record_line *line);

/* The number at byte `offset` of struct reading, in reading `at` of the block.
 */
double *record_line_reading(const struct block *block, size_t at,
			    size_t offset);

/* Free the memory of a committed block. */
void record_line_free_block(struct block *block);

#endif

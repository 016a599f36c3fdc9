/* SPDX-License-Identifier: MIT */
/*
 * The lines of a record, between JSON and memory. What is put and what is read
 * goes the same way, so memory always holds what a reader would see.
 */
#ifndef BREAKEVEN_RESULTS_LINE_H
#define BREAKEVEN_RESULTS_LINE_H

#include "results/record.h"

enum line_kind { LINE_HEADER, LINE_BLOCK, LINE_NOTE, LINE_VERDICT, LINE_END };

struct header_line {
	json_t *json;
	size_t nrunners, nkernels;
	struct record_runner *runners;
	const char **kernels;
};

struct end_line {
	bool complete;
	json_t *splits;
};

/* A line that was understood, but is not part of a record yet. */
struct line {
	enum line_kind kind;
	union {
		struct header_line header;
		struct block block;
		struct note note;
		struct end_line end;
	};
};

/* How roles are written, indexed by enum role. */
extern const char *const role_names[];

/*
 * Understand `json` as the next line of `record`, and make room for it there.
 * 0, and *line, which ends with line_commit() or line_drop(). -EINVAL for a
 * line that makes no sense, -ENOTSUP for a newer schema, both with `error`
 * saying what is wrong and what to do; -ENOMEM.
 */
int line_parse(struct record *record, json_t *json, struct line *line,
	       char error[RECORD_ERROR_MAX]);

/* Make the line part of the record. Cannot fail. */
void line_commit(struct record *record, struct line *line);
void line_drop(struct line *line);

/* The number at `offset` of a reading of the block. */
double *line_reading(const struct block *block, size_t at, size_t offset);

/* Free what a committed block or header holds. */
void line_free_block(struct block *block);

#endif

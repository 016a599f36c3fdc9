/* SPDX-License-Identifier: MIT */
/*
 * What a document consists of, for those that write it.
 */
#ifndef BREAKEVEN_REPORT_DOC_DOC_BLOCKS_H
#define BREAKEVEN_REPORT_DOC_DOC_BLOCKS_H

#include "core/number.h"
#include "report/doc/doc.h"

enum doc_kind {
	DOC_HEADING,
	DOC_PARAGRAPH,
	DOC_BOX, /* doc_note() */
	DOC_ITEM,
	DOC_CODE,
	DOC_TABLE,
	DOC_FOLD,
	DOC_UNFOLD,
	DOC_CONTENTS,
	DOC_RAW, /* doc_html() */
};

/* Texts are offsets into the document's, where 0 is an empty one. */
struct doc_block {
	enum doc_kind kind;
	unsigned level; /* of a heading */
	enum doc_tone tone;
	size_t text; /* a table's caption */
	size_t term;
	char anchor[32];	 /* "": none */
	size_t column, ncolumns; /* of a table: its part of doc->columns */
	size_t cell, nrows;	 /* its part of doc->cells: row by row */
};

struct doc_column {
	size_t head, note;
	enum doc_align align;
};

struct doc_cell {
	size_t text, range;
	double number;		  /* NaN: there is none */
	struct interval interval; /* of a ratio: number is its logarithm */
	bool is_ratio;
	char mark; /* NUL: there is none */
	const char *meaning;
};

struct doc {
	FILE *stream;
	char *text;
	size_t size;
	size_t nblocks, ncolumns, ncells;
	struct doc_block *blocks;
	struct doc_column *columns;
	struct doc_cell *cells;
	int rc; /* the first error */
};

const char *doc_text(const struct doc *doc, size_t at);

/* Row 0 is the first below the heads, column 0 that of the labels. */
const struct doc_column *doc_column_at(const struct doc *doc,
				       const struct doc_block *table,
				       size_t column);
const struct doc_cell *doc_cell_at(const struct doc *doc,
				   const struct doc_block *table, size_t row,
				   size_t column);

/* What a cell says, and its interval; `narrow`: with fewer digits. */
const char *doc_cell_value(const struct doc *doc, const struct doc_cell *cell,
			   bool narrow, struct text *space);
const char *doc_cell_range(const struct doc *doc, const struct doc_cell *cell,
			   bool narrow, struct text *space);

/* Is there nothing to write of the block? */
bool doc_is_empty(const struct doc *doc, const struct doc_block *block);

/* Is there anything to write of it where there is only text: neither folds nor
 * links, nor HTML? */
bool doc_is_text(const struct doc *doc, const struct doc_block *block);

/* The piece of text before the next `code`, and the code: *text moves behind
 * it. false: there is no more. */
struct doc_span {
	const char *text;
	size_t length;
	bool code;
};
bool doc_next_span(const char **text, struct doc_span *span);

void doc_write_terminal(const struct doc *doc, FILE *out,
			const struct report_style *style);
void doc_write_markdown(const struct doc *doc, FILE *out,
			const struct report_style *style);
void doc_write_html(const struct doc *doc, FILE *out,
		    const struct report_style *style);

#endif

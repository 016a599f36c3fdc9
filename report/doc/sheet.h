/* SPDX-License-Identifier: MIT */
/*
 * A table in a terminal: as roomy as its width allows, and in several parts
 * below one another where it does not fit at all.
 */
#ifndef BREAKEVEN_REPORT_DOC_SHEET_H
#define BREAKEVEN_REPORT_DOC_SHEET_H

#include "analysis/findings.h"
#include "report/doc/style.h"
#include "report/doc/text.h"

enum { HEAD_LINES = 12 };

struct head {
	size_t count;
	struct text lines[HEAD_LINES];
};

/* A value with what may follow it. */
struct field {
	struct text value;
	struct text range; /* "" where there is none */
	char mark;	   /* NUL where there is none */
};

/* What a table says of a cell, NULL if there is none: its speed-up. `tight`:
 * in few characters, without the interval where it lies below 0.1 anyway. */
struct field field_speed(const struct cell *cell, bool tight);

struct sheet {
	size_t nrows, ncolumns;
	bool right;	     /* values and heads stand at the right */
	const char *corner;  /* head of the labels; "items" of sheet_init() */
	struct text *labels; /* by row */
	struct head *heads;  /* by column */
	struct field *roomy; /* [row][column] */
	struct field *tight; /* the same with less; NULL: there is no less */
};

/* Room for so many rows and columns; 0 or -ENOMEM. sheet_free() frees it in
 * either case. */
int sheet_init(struct sheet *sheet, size_t nrows, size_t ncolumns, bool tight);
void sheet_free(struct sheet *sheet);

/* A head of a spec: broken before each option. */
void head_add(struct head *head, const char *spec);

/* Returns whether the tight fields had to be taken. */
bool sheet_print(FILE *out, const struct sheet *sheet,
		 const struct report_style *style);

#endif

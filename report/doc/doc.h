/* SPDX-License-Identifier: MIT */
/*
 * A document: headings, paragraphs, lists and tables, built once and written
 * for a terminal, as Markdown or as HTML.
 *
 * The functions that begin a text return the stream that it is written to,
 * which is valid until the next call for this document. Text is UTF-8; control
 * characters become blanks, and `backquotes` enclose code. A block without text
 * is not written. Errors are kept until doc_write(), which returns them.
 */
#ifndef BREAKEVEN_REPORT_DOC_DOC_H
#define BREAKEVEN_REPORT_DOC_DOC_H

#include "report/doc/style.h"
#include "stats/stats.h"

#include <stdio.h>

struct doc;

/* NULL: out of memory. */
struct doc *doc_new(void);
void doc_free(struct doc *doc);

/* ------------------------------------------------------------- text */

/* Level 1 is the title, 2 a section, 3 what stands in a section. */
FILE *doc_heading(struct doc *doc, unsigned level);
/* Links lead to the heading just begun by this name; call it before the
 * heading's text. */
void doc_anchor(struct doc *doc, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

FILE *doc_paragraph(struct doc *doc);

/* A paragraph that stands out; a warning is called one. */
enum doc_tone { DOC_NOTE, DOC_GOOD, DOC_BAD, DOC_WARNING };
FILE *doc_note(struct doc *doc, enum doc_tone tone);

/* An item of a list: neighbours make one list. */
FILE *doc_item(struct doc *doc);

/* An item that begins with a term, whose text is written first. Terms of one
 * list are aligned. */
FILE *doc_term(struct doc *doc);
FILE *doc_meaning(struct doc *doc);

/* A line of a listing, as it stands, and written if it is empty, too:
 * neighbours make one. */
FILE *doc_code(struct doc *doc);

/* ------------------------------------------------------------- tables */

enum doc_align {
	DOC_LEFT,
	DOC_RIGHT,
	DOC_WRAP, /* left; in a terminal the last column may take more lines */
};

/* Begin a table with its caption; then its columns: that of
 * the rows' labels first; then row by row a label and the cells. */
FILE *doc_table(struct doc *doc);
FILE *doc_column(struct doc *doc, enum doc_align align); /* its head */
FILE *doc_column_note(struct doc *doc); /* what stands below the head */
FILE *doc_row(struct doc *doc);		/* the label */
FILE *doc_cell(struct doc *doc);	/* left empty: an empty cell */

/* What is known of the cell, or the label, just begun: its number, for
 * programs; an interval behind it; a mark: '+' is good, '-' and '!' are bad. */
void doc_number(struct doc *doc, double number);
FILE *doc_range(struct doc *doc);
void doc_mark(struct doc *doc, char mark, const char *meaning);

/* A cell with a ratio and its interval, both as logarithms: the terminal gives
 * it as many digits as there is room for. */
void doc_ratio(struct doc *doc, double log_ratio, struct interval interval);

/* A cell with a time in ns; NaN: an empty one. */
void doc_time(struct doc *doc, double ns);

/* ------------------------------------------------------------- the rest */

/* What follows is opened on request where a format can do that. */
FILE *doc_fold(struct doc *doc); /* its summary */
void doc_unfold(struct doc *doc);

/* Links to all sections that have an anchor, where a format can do that. */
void doc_contents(struct doc *doc);

/* HTML as it stands, which other formats leave out. Its own tags must be closed
 * before the next heading. */
FILE *doc_html(struct doc *doc);

/* ------------------------------------------------------------- writing */

/* Write the document in style->form, and flush. Documents of one report are
 * written one after the other, by style->index. 0, -ENOMEM, or -errno of the
 * stream. A document can be written once. */
int doc_write(struct doc *doc, FILE *out, const struct report_style *style);

/* Build a document and write it: doc_new(), build(), doc_write(), doc_free().
 * `build` returns 0 or -errno, which is returned. */
typedef int doc_build(struct doc *doc, const void *data);
int doc_print(doc_build *build, const void *data, FILE *out,
	      const struct report_style *style);

#endif

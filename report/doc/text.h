/* SPDX-License-Identifier: MIT */
/*
 * How numbers and sentences look, in every format for people.
 */
#ifndef BREAKEVEN_REPORT_DOC_TEXT_H
#define BREAKEVEN_REPORT_DOC_TEXT_H

#include "core/number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* "0.52 ns", "6.21 ns", "123 µs", "45.6 ms". */
struct text text_time(double ns);

/*
 * A ratio in about four characters: "0.12", "1.83", "12.3", "123"; below 0.1
 * with two digits that count, "0.0012", or, `narrow`, "0.01" all the same.
 */
struct text text_ratio(double ratio, bool narrow);

/* "[1.79,1.88]", from logarithms. Of bounds that are infinite or NaN nothing is
 * known, which is said: "[unknown]", "[at most 1.88]", "[at least 1.79]". */
struct text text_interval(double log_lo, double log_hi, bool narrow);

/* The same of numbers as they are, with so many digits after the point. */
struct text text_range(double lo, double hi, int digits);

/* Columns that the text takes, if every character takes one. */
size_t text_width(const char *text);

/* Write text that came from elsewhere: no control characters, and nothing but
 * ASCII unless `utf8`. */
void text_clean(FILE *out, const char *text, bool utf8);

/* The same in place, and without blanks at the end. Signs of ours that ASCII
 * lacks become what is written for them there: "x" for a multiplication sign.
 */
void text_plain(char *text, bool utf8);

/* A text in the making. NULL as file: out of memory. */
struct draft_text {
	FILE *file;
	char *text;
	size_t size;
};
FILE *text_begin(struct draft_text *draft);
/* The text, to be freed by the caller; NULL: out of memory, now or when it
 * began. */
char *text_end(struct draft_text *draft);

/*
 * Write `text` in lines of at most `columns`, the second and later ones
 * indented. Lines end neither after a number nor before or inside of brackets.
 */
void text_paragraph(FILE *out, const char *text, unsigned columns,
		    unsigned indent);

/* The same where the line has so many characters already. */
void text_wrap(FILE *out, const char *text, size_t used, unsigned columns,
	       unsigned indent);

/* End the draft, and write it so. 0 or -ENOMEM. */
int text_end_paragraph(FILE *out, struct draft_text *draft, unsigned columns,
		       unsigned indent);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What all formats for people say of two records. Each writes a sentence
 * without its end to `out`; those that return a bool write nothing where it is
 * false. `letter` names the record that A is compared with: 'B', or a later
 * one.
 */
#ifndef BREAKEVEN_REPORT_PAGES_COMPARE_WORDS_H
#define BREAKEVEN_REPORT_PAGES_COMPARE_WORDS_H

#include "analysis/compare/compare.h"
#include "report/doc/compare_facts.h"

/* What the marks of cells mean, which are words_marks. */
extern const char compare_words_legend[];

/* Which record, of what, and whether it is trusted; B where `b` is set. */
void compare_words_side(FILE *out, const struct comparison *comparison, bool b,
			char letter);

/* What one should know before anything else, by index. */
enum { COMPARE_WARNINGS = 6 };
bool compare_words_warning(FILE *out, const struct comparison *comparison,
			   size_t index, char letter);

/* How to read the tables. */
void compare_words_what(FILE *out, const struct comparison *comparison,
			char letter);

/* What the machine did between the two; false: nothing is known of that. */
bool compare_words_machine(FILE *out, const struct comparison *comparison,
			   char letter);

void compare_words_kernel(FILE *out, const struct compared_pair *pair);
void compare_words_runner(FILE *out, const struct compared_pair *pair);

/* Where a runner begins to pay in both; not of serial. */
bool compare_words_start(FILE *out, const struct compared_pair *pair,
			 char letter);

/* How many cells are faster, ...; what changed, pair by pair. */
void compare_words_counts(FILE *out, const struct comparison *comparison,
			  char letter);
bool compare_words_changed(FILE *out, const struct comparison *comparison,
			   const struct compared_pair *pair);

/* What only one of them has, one after the other. */
bool compare_words_absent(FILE *out, const struct comparison *comparison,
			  size_t index, char letter);
bool compare_words_sizes(FILE *out, const struct comparison *comparison,
			 char letter);

/* How it stands with a limit; false: there is none of that kind. And what is
 * beyond it, one after the other. */
bool compare_words_limit(FILE *out, const struct comparison *comparison,
			 const struct compare_limits *limits,
			 enum limit_kind kind);
bool compare_words_caught(FILE *out, const struct comparison *comparison,
			  const struct compare_limits *limits,
			  enum limit_kind kind, size_t index, char letter);

#endif

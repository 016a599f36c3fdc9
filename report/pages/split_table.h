/* SPDX-License-Identifier: MIT */
/*
 * Where a call's time goes, in words and as a table.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SPLIT_TABLE_H
#define BREAKEVEN_REPORT_PAGES_SPLIT_TABLE_H

#include "analysis/split.h"
#include "report/doc/style.h"
#include "report/doc/text.h"

/* What the stamps cost: "+2.1 %", "<0.9 %" where it may be nothing, "?" where
 * the readings say that they save time, which they cannot. */
struct text split_stamps(const struct split_row *row);

/* 0, -EIO or -ENOMEM. What is written is flushed by the caller. */
int split_table(const struct split *split, FILE *out,
		const struct report_style *style);
/* What was split, and what the parts are, in a paragraph's sentences. */
void split_words(FILE *out, const struct split *split,
		 const struct report_style *style);
extern const char split_legend[];

/* Where others had done it all before a worker came; false, and nothing: all
 * workers ran a tile. */
bool split_words_idle(FILE *out, const struct split_row *row,
		      const struct report_style *style);

#endif

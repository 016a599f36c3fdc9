/* SPDX-License-Identifier: MIT */
/*
 * A table in a terminal: as roomy as its width allows, and in several parts
 * below one another where it does not fit at all.
 */
#ifndef BREAKEVEN_REPORT_DOC_TEXT_TABLE_H
#define BREAKEVEN_REPORT_DOC_TEXT_TABLE_H

#include "report/doc/doc_blocks.h"

/* Write its heads and rows. Returns whether intervals had to be left out. */
bool text_table_write(const struct doc *doc, const struct doc_block *table,
		      FILE *out, const struct report_style *style);

#endif

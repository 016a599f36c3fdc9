/* SPDX-License-Identifier: MIT */
/*
 * What a page leaves out, and why.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SKIPPED_ITEMS_H
#define BREAKEVEN_REPORT_PAGES_SKIPPED_ITEMS_H

#include "analysis/findings.h"
#include "analysis/studies/skipped.h"
#include "report/doc/doc.h"

/* An item for each. */
void skipped_put(struct doc *doc, const struct skipped_list *list);

/* The same for a record, below a heading of this level. */
void skipped_put_notes(struct doc *doc, unsigned level,
		       const struct record *record,
		       const struct findings *findings);

#endif

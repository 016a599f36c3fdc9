/* SPDX-License-Identifier: MIT */
/*
 * What a page leaves out, and why.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SKIPPED_ITEMS_H
#define BREAKEVEN_REPORT_PAGES_SKIPPED_ITEMS_H

#include "analysis/skipped.h"
#include "report/doc/doc.h"

/* An item for each. */
void skipped_put(struct doc *doc, const struct skipped_list *list);

#endif

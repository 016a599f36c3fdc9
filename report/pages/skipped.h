/* SPDX-License-Identifier: MIT */
/*
 * What a page leaves out, and why.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SKIPPED_H
#define BREAKEVEN_REPORT_PAGES_SKIPPED_H

#include "analysis/left_out.h"
#include "report/doc/doc.h"

/* An item for each. */
void skipped_put(struct doc *doc, const struct left_out_list *list);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A cell that says from how many items on a runner pays.
 */
#ifndef BREAKEVEN_REPORT_PAGES_START_CELL_H
#define BREAKEVEN_REPORT_PAGES_START_CELL_H

#include "analysis/findings.h"
#include "report/doc/doc.h"

/* Put it behind those of its row; an empty one if the crossing is NULL. */
void start_put_cell(struct doc *doc, const struct crossing *crossing);

#endif

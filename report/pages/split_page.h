/* SPDX-License-Identifier: MIT */
/*
 * Where a call's time goes: the page of `breakeven trace`, and what a run's
 * page takes from it.
 */
#ifndef BREAKEVEN_REPORT_PAGES_SPLIT_PAGE_H
#define BREAKEVEN_REPORT_PAGES_SPLIT_PAGE_H

#include "analysis/studies/split.h"
#include "report/doc/doc.h"
#include "report/doc/text.h"

/* What the stamps cost: "+2.1 %", "<0.9 %" where it may be nothing, "?" where
 * the readings say that they save time, which they cannot. */
struct text split_stamps(const struct split_row *row);

/* All of it. 0, -ENOMEM, or -errno of the stream. */
int split_table(const struct split *split, FILE *out,
		const struct report_style *style);

/* What was split; the parts, runner by runner, and what they mean; runners of
 * which some workers had nothing to do, and what was left out. */
void split_put_opening(struct doc *doc, const struct split *split);
void split_put_table(struct doc *doc, const struct split *split);
void split_put_closing(struct doc *doc, const struct split *split);

#endif

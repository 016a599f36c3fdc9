/* SPDX-License-Identifier: MIT */
#ifndef BREAKEVEN_REPORT_PAGES_PAGE_RULES_H
#define BREAKEVEN_REPORT_PAGES_PAGE_RULES_H

/* The twelve rules and where a page keeps each; ends with NULL. */
extern const char *const page_rules[];

#endif

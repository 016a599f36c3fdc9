/* SPDX-License-Identifier: MIT */
/*
 * What every page is made with.
 */
#ifndef BREAKEVEN_REPORT_PAGES_HTML_ASSETS_H
#define BREAKEVEN_REPORT_PAGES_HTML_ASSETS_H

/* The files page.css and page.js; the build makes strings of them. */
extern const char page_css[], page_js[];

/* The twelve rules and where a page keeps each, as HTML; ends with NULL. */
extern const char *const page_rules[];

#endif

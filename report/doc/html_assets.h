/* SPDX-License-Identifier: MIT */
/*
 * What every page is made with.
 */
#ifndef BREAKEVEN_REPORT_DOC_HTML_ASSETS_H
#define BREAKEVEN_REPORT_DOC_HTML_ASSETS_H

/* The files page.css and page.js; the build makes strings of them. */
extern const char page_css[], page_js[];

#endif

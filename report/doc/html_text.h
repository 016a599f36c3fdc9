/* SPDX-License-Identifier: MIT */
/*
 * Text in HTML.
 */
#ifndef BREAKEVEN_REPORT_DOC_HTML_TEXT_H
#define BREAKEVEN_REPORT_DOC_HTML_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* With all that HTML would take for its own escaped, in attributes, too. */
void html_put(FILE *out, const char *text);
void html_put_part(FILE *out, const char *text, size_t length);

/* The same, with `code` as an element. */
void html_put_text(FILE *out, const char *text);

#endif

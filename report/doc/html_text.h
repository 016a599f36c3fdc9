/* SPDX-License-Identifier: MIT */
/*
 * Text in a page. What comes from a record may be anything: it is text there,
 * whatever it looks like.
 */
#ifndef BREAKEVEN_REPORT_DOC_HTML_TEXT_H
#define BREAKEVEN_REPORT_DOC_HTML_TEXT_H

#include "report/doc/text.h"

/* Write `text`, with all that means something in HTML, or that is no printable
 * UTF-8, made harmless; good in an attribute's double quotes, too. */
void html_put(FILE *out, const char *text);

/* End the draft, and write it so between <tag> and </tag>. 0 or -ENOMEM. */
int html_put_draft(FILE *out, struct draft_text *draft, const char *tag);

/* "<data value="1.8312">1.83</data>": as it is told, and as it is. Without a
 * value where it is not finite. */
void html_put_value(FILE *out, const char *told, double value);

#endif

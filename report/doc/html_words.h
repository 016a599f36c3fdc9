/* SPDX-License-Identifier: MIT */
/*
 * The words of the glossary on a page: each is a link where it comes first, and
 * the page ends with what they mean.
 */
#ifndef BREAKEVEN_REPORT_DOC_HTML_WORDS_H
#define BREAKEVEN_REPORT_DOC_HTML_WORDS_H

#include "report/doc/glossary.h"

#include <stdio.h>

struct html_words {
	struct glossary glossary;
	bool used[GLOSSARY_ENTRIES_MAX]; /* on this page */
	unsigned page;			 /* its number, in the names of links */
};

void html_words_begin(struct html_words *words, unsigned page);

/* html_put_text() with links at what comes first. */
void html_words_put(struct html_words *words, FILE *out, const char *text);

/* What the words that were used mean; nothing if there were none. */
void html_words_end(const struct html_words *words, FILE *out);

#endif

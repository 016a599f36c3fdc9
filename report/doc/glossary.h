/* SPDX-License-Identifier: MIT */
/*
 * The words of docs/glossary.md, which the build makes a string of.
 */
#ifndef BREAKEVEN_REPORT_DOC_GLOSSARY_H
#define BREAKEVEN_REPORT_DOC_GLOSSARY_H

#include <stdbool.h>
#include <stddef.h>

enum { GLOSSARY_ENTRIES_MAX = 256, GLOSSARY_TERMS_MAX = 768 };

/* A part of a text, which is not terminated. */
struct glossary_part {
	const char *at;
	size_t length;
};

struct glossary_entry {
	struct glossary_part name;
	struct glossary_part also; /* "second serial, A/A"; or empty */
	struct glossary_part text; /* a paragraph, with `code` */
};

/* A name, or another one that the entry has. */
struct glossary_term {
	struct glossary_part name;
	size_t entry;
	bool asked; /* a plain word, too: only found if it is asked for */
};

struct glossary {
	size_t nentries, nterms;
	struct glossary_entry entries[GLOSSARY_ENTRIES_MAX];
	struct glossary_term terms[GLOSSARY_TERMS_MAX];
};

/* Read docs/glossary.md as it was built in. Its parts stay valid. */
void glossary_read(struct glossary *glossary);

/* The same of a text in its form, of which all parts are. */
void glossary_parse(struct glossary *glossary, const char *text);

/* The entry of a term, in large or small letters, singular or plural; or
 * NULL. */
const struct glossary_entry *glossary_find(const struct glossary *glossary,
					   const char *term);

/* The entry of the longest term that `text` begins with, as a whole word or
 * several, but no plain word, or NULL; `length` is how much of the text it is.
 */
const struct glossary_entry *glossary_match(const struct glossary *glossary,
					    struct glossary_part text,
					    size_t *length);

/* Up to the end of the first sentence. */
struct glossary_part glossary_first_sentence(struct glossary_part text);

#endif

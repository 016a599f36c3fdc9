/* SPDX-License-Identifier: MIT */
#include "report/doc/glossary.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

extern const char glossary_md[];

static const char NAME[] = "\n## ";

/* ------------------------------------------------------------- reading */

static bool part_is_empty(struct glossary_part part)
{
	return part.length == 0;
}

static void glossary_add_term(struct glossary *glossary,
			      struct glossary_part name, bool asked)
{
	if (!part_is_empty(name) && glossary->nterms < GLOSSARY_TERMS_MAX)
		glossary->terms[glossary->nterms++] =
			(struct glossary_term){name, glossary->nentries, asked};
}

/* "forked, forking" */
static void glossary_add_list(struct glossary *glossary,
			      struct glossary_part list, bool asked)
{
	while (!part_is_empty(list)) {
		const char *comma = memchr(list.at, ',', list.length);
		size_t length = comma ? (size_t)(comma - list.at) : list.length;

		glossary_add_term(glossary,
				  (struct glossary_part){list.at, length},
				  asked);
		length += strspn(list.at + length, ", ");
		if (length > list.length)
			length = list.length;
		list.at += length;
		list.length -= length;
	}
}

/* A line, or a paragraph, up to `end`; *at moves to what follows. */
static struct glossary_part glossary_take(const char **at, const char *end)
{
	const char *next = strstr(*at, end);
	struct glossary_part part = {*at,
				     next ? (size_t)(next - *at) : strlen(*at)};

	*at += part.length;
	*at += strspn(*at, "\n");
	while (part.length && part.at[part.length - 1] == '\n')
		part.length--;
	return part;
}

/* The list of a line "LABEL a, b." at *at, behind which *at moves; or an empty
 * one. */
static struct glossary_part glossary_take_list(const char **at,
					       const char *label)
{
	struct glossary_part list;

	if (strncmp(*at, label, strlen(label)) != 0)
		return (struct glossary_part){*at, 0};
	*at += strlen(label);
	list = glossary_take(at, ".\n");
	*at += strspn(*at, ".\n");
	return list;
}

void glossary_parse(struct glossary *glossary, const char *text)
{
	const char *next = strstr(text, NAME);

	glossary->nentries = glossary->nterms = 0;
	while (next && glossary->nentries < GLOSSARY_ENTRIES_MAX) {
		struct glossary_entry *entry =
			&glossary->entries[glossary->nentries];
		const char *at = next + strlen(NAME);

		entry->name = glossary_take(&at, "\n");
		glossary_add_term(glossary, entry->name, false);
		entry->also = glossary_take_list(&at, "Also: ");
		glossary_add_list(glossary, entry->also, false);
		glossary_add_list(glossary,
				  glossary_take_list(&at, "Asked as: "), true);
		next = strstr(at, NAME);
		entry->text = glossary_take(&at, NAME);
		glossary->nentries++;
	}
}

void glossary_read(struct glossary *glossary)
{
	glossary_parse(glossary, glossary_md);
}

/* ------------------------------------------------------------- finding */

static bool glossary_is_word(char c)
{
	/* Bytes of letters beyond ASCII, too. */
	return isalnum((unsigned char)c) || c == '_' || c == '-' ||
	       (unsigned char)c >= 0x80;
}

/* How much of the text a term is, with the s of its plural; 0: it does not
 * begin with the term. */
static size_t glossary_measure(struct glossary_part term,
			       struct glossary_part text)
{
	size_t length = term.length;

	if (length > text.length || strncasecmp(term.at, text.at, length) != 0)
		return 0;
	if (length < text.length && text.at[length] == 's')
		length++;
	return length < text.length && glossary_is_word(text.at[length])
		       ? 0
		       : length;
}

/* The longest term that `text` begins with; of those that are only asked for,
 * too, if `asked`. */
static const struct glossary_entry *glossary_longest(
	const struct glossary *glossary, struct glossary_part text, bool asked,
	size_t *length)
{
	const struct glossary_entry *found = NULL;

	*length = 0;
	for (size_t i = 0; i < glossary->nterms; i++) {
		const struct glossary_term *term = &glossary->terms[i];
		size_t own = glossary_measure(term->name, text);

		if (own <= *length || (term->asked && !asked))
			continue;
		*length = own;
		found = &glossary->entries[term->entry];
	}
	return found;
}

const struct glossary_entry *glossary_match(const struct glossary *glossary,
					    struct glossary_part text,
					    size_t *length)
{
	return glossary_longest(glossary, text, false, length);
}

const struct glossary_entry *glossary_find(const struct glossary *glossary,
					   const char *term)
{
	const struct glossary_part text = {term, strlen(term)};
	size_t length;
	const struct glossary_entry *found =
		glossary_longest(glossary, text, true, &length);

	return length == text.length ? found : NULL;
}

struct glossary_part glossary_first_sentence(struct glossary_part text)
{
	for (size_t i = 0; i + 1 < text.length; i++)
		if (text.at[i] == '.' && isspace((unsigned char)text.at[i + 1]))
			return (struct glossary_part){text.at, i + 1};
	return text;
}

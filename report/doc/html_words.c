/* SPDX-License-Identifier: MIT */
#include "report/doc/html_words.h"

#include "report/doc/doc_blocks.h"
#include "report/doc/html_text.h"

#include <ctype.h>
#include <string.h>

void html_words_begin(struct html_words *words, unsigned page)
{
	glossary_read(&words->glossary);
	memset(words->used, 0, sizeof(words->used));
	words->page = page;
}

static size_t words_number(const struct html_words *words,
			   const struct glossary_entry *entry)
{
	return (size_t)(entry - words->glossary.entries);
}

/* The first term of the text that no link has yet: how far it is away, and how
 * long; false: there is none. No term is looked for within a runner's spec, as
 * in "openmp:wait=active", nor within a longer term. */
static bool words_find_next(const struct html_words *words,
			    struct glossary_part text, size_t *before,
			    size_t *length, size_t *number)
{
	bool begins = true;

	for (size_t i = 0; i < text.length; i++) {
		const struct glossary_part rest = {text.at + i,
						   text.length - i};
		const struct glossary_entry *entry =
			begins ? glossary_match(&words->glossary, rest, length)
			       : NULL;

		*before = i;
		*number = entry ? words_number(words, entry) : 0;
		if (entry && !words->used[*number])
			return true;
		if (entry)
			i += *length - 1;
		begins = strchr(" (\"", text.at[i]) != NULL;
	}
	return false;
}

/* The name of the place on the page that says what it means. */
static void words_put_place(const struct html_words *words, FILE *out,
			    size_t number)
{
	const struct glossary_part name = words->glossary.entries[number].name;

	fprintf(out, "r%u-word-", words->page);
	for (size_t i = 0; i < name.length; i++)
		fputc(isalnum((unsigned char)name.at[i])
			      ? tolower((unsigned char)name.at[i])
			      : '-',
		      out);
}

static void words_put_plain(struct html_words *words, FILE *out,
			    struct glossary_part rest)
{
	size_t before, matched, number;

	while (words_find_next(words, rest, &before, &matched, &number)) {
		html_put_part(out, rest.at, before);
		fputs("<a class=\"word\" href=\"#", out);
		words_put_place(words, out, number);
		fputs("\">", out);
		html_put_part(out, rest.at + before, matched);
		fputs("</a>", out);
		words->used[number] = true;
		rest.at += before + matched;
		rest.length -= before + matched;
	}
	html_put_part(out, rest.at, rest.length);
}

void html_words_put(struct html_words *words, FILE *out, const char *text)
{
	struct doc_span span;

	while (doc_next_span(&text, &span)) {
		fputs(span.code ? "<code>" : "", out);
		if (span.code)
			html_put_part(out, span.text, span.length);
		else
			words_put_plain(
				words, out,
				(struct glossary_part){span.text, span.length});
		fputs(span.code ? "</code>" : "", out);
	}
}

/* A text with `code`, which is not terminated. */
static void words_put_meaning(FILE *out, struct glossary_part text)
{
	bool code = false;

	while (text.length) {
		const char *mark = memchr(text.at, '`', text.length);
		size_t length = mark ? (size_t)(mark - text.at) : text.length;

		html_put_part(out, text.at, length);
		if (mark) {
			code = !code;
			fputs(code ? "<code>" : "</code>", out);
			length++;
		}
		text.at += length;
		text.length -= length;
	}
}

static void words_put_entry(const struct html_words *words, FILE *out,
			    size_t number)
{
	const struct glossary_entry *entry = &words->glossary.entries[number];

	fputs("<dt id=\"", out);
	words_put_place(words, out, number);
	fputs("\">", out);
	html_put_part(out, entry->name.at, entry->name.length);
	fputs("</dt><dd>", out);
	words_put_meaning(out, entry->text);
	fputs("</dd>\n", out);
}

void html_words_end(const struct html_words *words, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < words->glossary.nentries; i++) {
		if (!words->used[i])
			continue;
		fputs(any ? ""
			  : "<details class=\"words\"><summary>Words of this "
			    "page</summary><dl>\n",
		      out);
		words_put_entry(words, out, i);
		any = true;
	}
	fputs(any ? "</dl></details>\n" : "", out);
}

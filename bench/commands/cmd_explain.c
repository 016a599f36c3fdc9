/* SPDX-License-Identifier: MIT */
#include "bench/cli/options.h"
#include "bench/cli/terminal.h"
#include "bench/commands/commands.h"
#include "core/suggest.h"
#include "report/doc/doc.h"
#include "report/doc/glossary.h"

#include <stdlib.h>
#include <string.h>

#define EXPLAIN "breakeven explain"

enum { TERM_MAX = 64 };

struct explain_options {
	struct cli_files words; /* of one term */
};

static const struct cli_option explain_options[] = {
	{NULL, 0, OPT_FILES(0), offsetof(struct explain_options, words),
	 "[TERM]", NULL},
	CLI_ROW_END,
};

static const struct cli_example explain_examples[] = {
	{"breakeven explain", "All terms, with a sentence on each."},
	{"breakeven explain false sharing", "What that is."},
	{NULL, NULL},
};

static void put_part(FILE *out, struct glossary_part part)
{
	fwrite(part.at, 1, part.length, out);
}

static int build_list(struct doc *doc, const void *data)
{
	const struct glossary *glossary = data;

	fputs("Words", doc_heading(doc, 1));
	for (size_t i = 0; i < glossary->nentries; i++) {
		const struct glossary_entry *entry = &glossary->entries[i];

		put_part(doc_term(doc), entry->name);
		put_part(doc_meaning(doc),
			 glossary_first_sentence(entry->text));
	}
	fputs("`breakeven explain TERM` tells all of one.", doc_paragraph(doc));
	return 0;
}

static int build_entry(struct doc *doc, const void *data)
{
	const struct glossary_entry *entry = data;
	FILE *out;

	put_part(doc_heading(doc, 1), entry->name);
	put_part(doc_paragraph(doc), entry->text);
	if (entry->also.length) {
		out = doc_paragraph(doc);
		fputs("Also: ", out);
		put_part(out, entry->also);
		fputs(".", out);
	}
	return 0;
}

/* "false sharing" of two words; false: that is longer than any term. */
static bool join_words(const struct cli_files *words, char term[TERM_MAX])
{
	size_t length = 0;

	for (int i = 0; i < words->count && length < TERM_MAX; i++)
		length += (size_t)snprintf(term + length, TERM_MAX - length,
					   i ? " %s" : "%s", words->at[i]);
	return length < TERM_MAX;
}

static int explain_wrong(const struct glossary *glossary, const char *term)
{
	struct suggestion near = {.word = term};
	char name[TERM_MAX], best[TERM_MAX] = "", error[3 * TERM_MAX];

	for (size_t i = 0; i < glossary->nterms; i++) {
		struct glossary_part part = glossary->terms[i].name;

		snprintf(name, sizeof(name), "%.*s", (int)part.length, part.at);
		suggestion_offer(&near, name);
		if (near.name == name)
			near.name = memcpy(best, name, sizeof(best));
	}
	if (near.name)
		snprintf(error, sizeof(error),
			 "no entry for '%s': did you mean '%s'?", term, best);
	else
		snprintf(error, sizeof(error),
			 "no entry for '%s': `breakeven explain` lists all",
			 term);
	return cli_wrong(EXPLAIN, error);
}

static int explain(const struct explain_options *options,
		   const struct glossary *glossary)
{
	const struct glossary_entry *entry = NULL;
	struct report_style style;
	char term[TERM_MAX];
	int rc;

	if (options->words.count && !join_words(&options->words, term))
		return cli_wrong(EXPLAIN,
				 "no term is that long: `breakeven explain` "
				 "lists all");
	if (options->words.count) {
		entry = glossary_find(glossary, term);
		if (!entry)
			return explain_wrong(glossary, term);
	}
	terminal_style(&style);
	rc = entry ? doc_print(build_entry, entry, stdout, &style)
		   : doc_print(build_list, glossary, stdout, &style);
	return output_finish(EXPLAIN, rc) ? 1 : 0;
}

static int cmd_explain(int argc, char **argv)
{
	struct explain_options options = {.words = {0, NULL}};
	int status = cli_parse(&command_explain, argc, argv, &options);
	struct glossary *glossary;

	if (status != CLI_GO)
		return status;
	glossary = malloc(sizeof(*glossary));
	if (!glossary) {
		fputs(EXPLAIN ": out of memory\n", stderr);
		return 1;
	}
	glossary_read(glossary);
	status = explain(&options, glossary);
	free(glossary);
	return status;
}

const struct cli_command command_explain = {
	.name = "explain",
	.summary = "what a word of the output means",
	.doc = "Print what a term means, or all terms with a sentence on each. "
	       "Exit status: 0; 2 when there is no such term.",
	.options = explain_options,
	.examples = explain_examples,
	.run = cmd_explain,
};

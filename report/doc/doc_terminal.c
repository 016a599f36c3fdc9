/* SPDX-License-Identifier: MIT */
#include "report/doc/doc_blocks.h"
#include "report/doc/text.h"
#include "report/doc/text_table.h"

enum { TERM_MAX = 30, LIST_INDENT = 2, HANG = 4 };

/* What is being written. */
struct doc_terminal {
	const struct doc *doc;
	FILE *out;
	const struct report_style *style;
	bool bare; /* intervals were left out of a table */
};

/* ------------------------------------------------------------- lists */

/* How wide the terms of the list are that block i belongs to. */
static size_t terms_width(const struct doc *doc, size_t i)
{
	size_t widest = 0;

	while (i > 0 && doc->blocks[i - 1].kind == DOC_ITEM)
		i--;
	for (; i < doc->nblocks && doc->blocks[i].kind == DOC_ITEM; i++) {
		size_t width =
			text_width(doc_text(doc, doc->blocks[i].term)) + 1;

		if (width > widest && width <= TERM_MAX)
			widest = width;
	}
	return widest;
}

static void write_term(struct doc_terminal *terminal, size_t i,
		       const char *term)
{
	const char *text =
		doc_text(terminal->doc, terminal->doc->blocks[i].text);
	size_t width = terms_width(terminal->doc, i);
	size_t own = text_width(term) + 1;
	unsigned indent = (unsigned)(LIST_INDENT + width + 1);

	fprintf(terminal->out, "%*s%s:%*s", LIST_INDENT, "", term,
		(int)(own < width ? width - own : 0) + 1, "");
	if (own < width)
		own = width;
	text_wrap(terminal->out, text, LIST_INDENT + own + 1,
		  terminal->style->columns, indent);
}

static void write_item(struct doc_terminal *terminal, size_t i)
{
	const struct doc_block *block = &terminal->doc->blocks[i];
	const char *term = doc_text(terminal->doc, block->term);

	if (*term) {
		write_term(terminal, i, term);
		return;
	}
	fprintf(terminal->out, "%*s", LIST_INDENT, "");
	text_wrap(terminal->out, doc_text(terminal->doc, block->text),
		  LIST_INDENT, terminal->style->columns, HANG);
}

/* ------------------------------------------------------------- blocks */

static void write_heading(struct doc_terminal *terminal,
			  const struct doc_block *block)
{
	const char *text = doc_text(terminal->doc, block->text);
	bool bold = terminal->style->colour && block->level < 3;

	fputs(bold ? "\033[1m" : "", terminal->out);
	text_wrap(terminal->out, text, 0, terminal->style->columns, HANG);
	fputs(bold ? "\033[0m" : "", terminal->out);
}

static void write_box(struct doc_terminal *terminal,
		      const struct doc_block *block)
{
	static const char warning[] = "Warning: ";
	bool warns = block->tone == DOC_WARNING;

	fputs(warns ? warning : "", terminal->out);
	text_wrap(terminal->out, doc_text(terminal->doc, block->text),
		  warns ? sizeof(warning) - 1 : 0, terminal->style->columns,
		  HANG);
}

static void write_listing(struct doc_terminal *terminal, const char *line)
{
	fprintf(terminal->out, "%*s%s\n", *line ? HANG : 0, "", line);
}

static void write_table(struct doc_terminal *terminal,
			const struct doc_block *block)
{
	const char *caption = doc_text(terminal->doc, block->text);

	if (*caption)
		text_wrap(terminal->out, caption, 0, terminal->style->columns,
			  HANG);
	terminal->bare |= text_table_write(terminal->doc, block, terminal->out,
					   terminal->style);
}

static void write_block(struct doc_terminal *terminal, size_t i)
{
	const struct doc_block *block = &terminal->doc->blocks[i];

	switch (block->kind) {
	case DOC_HEADING:
		write_heading(terminal, block);
		break;
	case DOC_ITEM:
		write_item(terminal, i);
		break;
	case DOC_BOX:
		write_box(terminal, block);
		break;
	case DOC_CODE:
		write_listing(terminal, doc_text(terminal->doc, block->text));
		break;
	case DOC_TABLE:
		write_table(terminal, block);
		break;
	default:
		text_wrap(terminal->out, doc_text(terminal->doc, block->text),
			  0, terminal->style->columns, HANG);
		break;
	}
}

/* Tables, lists, listings and what heads them stand apart; sentences, and items
 * or lines of one list, follow one another. */
static bool needs_gap(const struct doc_block *before,
		      const struct doc_block *block)
{
	if (!before || before->kind == DOC_HEADING)
		return false;
	if (block->kind == DOC_HEADING || block->kind == DOC_TABLE)
		return true;
	if (before->kind == DOC_CODE || block->kind == DOC_CODE)
		return before->kind != block->kind;
	return before->kind == DOC_TABLE ||
	       (before->kind == DOC_ITEM && block->kind != DOC_ITEM);
}

void doc_write_terminal(const struct doc *doc, FILE *out,
			const struct report_style *style)
{
	struct doc_terminal terminal = {doc, out, style, false};
	const struct doc_block *before = NULL;

	for (size_t i = 0; i < doc->nblocks; i++) {
		const struct doc_block *block = &doc->blocks[i];

		if (!doc_is_text(doc, block))
			continue;
		if (needs_gap(before, block) || (!before && style->index > 0))
			fputc('\n', out);
		write_block(&terminal, i);
		before = block;
	}
	if (terminal.bare && style->detail != STYLE_BRIEF)
		text_paragraph(out,
			       "Intervals are left out where there is no room "
			       "for them: widen the terminal, or ask for "
			       "--all.",
			       style->columns, HANG);
}

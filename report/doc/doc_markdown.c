/* SPDX-License-Identifier: MIT */
#include "report/doc/doc_blocks.h"

#include <string.h>

/* What Markdown would take for its own. */
static void put_escaped(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (strchr("\\`*_|<>#~", text[i]))
			fputc('\\', out);
		fputc(text[i], out);
	}
}

static void put_text(FILE *out, const char *text)
{
	struct doc_span span;

	while (doc_next_span(&text, &span)) {
		bool code = span.code && !memchr(span.text, '|', span.length);

		fputs(span.code ? "`" : "", out);
		if (code)
			fwrite(span.text, 1, span.length, out);
		else
			put_escaped(out, span.text, span.length);
		fputs(span.code ? "`" : "", out);
	}
}

/* ------------------------------------------------------------- tables */

static void put_head(const struct doc *doc, const struct doc_column *column,
		     FILE *out)
{
	const char *note = doc_text(doc, column->note);

	fputs("| ", out);
	put_text(out, doc_text(doc, column->head));
	if (*note)
		fputs(", ", out);
	put_text(out, note);
	fputc(' ', out);
}

static void put_cell(const struct doc *doc, const struct doc_cell *cell,
		     FILE *out)
{
	struct text space;

	fputs("| ", out);
	put_text(out, doc_cell_value(doc, cell, false, &space));
	if (*doc_cell_range(doc, cell, false, &space)) {
		fputc(' ', out);
		put_text(out, doc_cell_range(doc, cell, false, &space));
	}
	if (cell->mark)
		fprintf(out, " %c", cell->mark);
	fputc(' ', out);
}

static void write_table(const struct doc *doc, const struct doc_block *table,
			FILE *out)
{
	if (*doc_text(doc, table->text)) {
		put_text(out, doc_text(doc, table->text));
		fputs(":\n\n", out);
	}
	for (size_t c = 0; c < table->ncolumns; c++)
		put_head(doc, doc_column_at(doc, table, c), out);
	fputs("|\n", out);
	for (size_t c = 0; c < table->ncolumns; c++)
		fputs(doc_column_at(doc, table, c)->align == DOC_RIGHT
			      ? "| ---: "
			      : "| :--- ",
		      out);
	fputs("|\n", out);
	for (size_t row = 0; row < table->nrows; row++) {
		for (size_t c = 0; c < table->ncolumns; c++)
			put_cell(doc, doc_cell_at(doc, table, row, c), out);
		fputs("|\n", out);
	}
}

/* ------------------------------------------------------------- blocks */

/* Do both belong to one list, or to one listing? */
static bool is_one(const struct doc_block *before,
		   const struct doc_block *block)
{
	return before->kind == block->kind &&
	       (block->kind == DOC_ITEM || block->kind == DOC_CODE);
}

static void write_block(const struct doc *doc, const struct doc_block *block,
			FILE *out)
{
	static const char *const headings[] = {"", "# ", "## ", "### "};
	const char *term = doc_text(doc, block->term), *text;

	switch (block->kind) {
	case DOC_TABLE:
		write_table(doc, block, out);
		return;
	case DOC_HEADING:
		fputs(headings[block->level], out);
		break;
	case DOC_ITEM:
		fputs("- ", out);
		put_text(out, term);
		fputs(*term ? ": " : "", out);
		break;
	case DOC_CODE:
		text = doc_text(doc, block->text);
		fprintf(out, "%s%s\n", *text ? "    " : "", text);
		return;
	case DOC_BOX:
		fputs(block->tone == DOC_WARNING ? "> **Warning:** " : "> ",
		      out);
		break;
	default:
		break;
	}
	put_text(out, doc_text(doc, block->text));
	fputc('\n', out);
}

void doc_write_markdown(const struct doc *doc, FILE *out,
			const struct report_style *style)
{
	const struct doc_block *before = NULL;

	for (size_t i = 0; i < doc->nblocks; i++) {
		const struct doc_block *block = &doc->blocks[i];

		if (!doc_is_text(doc, block))
			continue;
		if (before ? !is_one(before, block) : style->index > 0)
			fputc('\n', out);
		write_block(doc, block, out);
		before = block;
	}
}

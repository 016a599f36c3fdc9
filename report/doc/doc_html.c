/* SPDX-License-Identifier: MIT */
/*
 * A page: one file that needs nothing else, neither the network nor, to be read
 * or printed, its script.
 */
#include "report/doc/doc_blocks.h"
#include "report/doc/html_assets.h"
#include "report/doc/html_text.h"
#include "report/doc/html_words.h"

#include <math.h>
#include <string.h>

/* What is being written, and what is open in it. */
struct doc_page {
	const struct doc *doc;
	FILE *out;
	unsigned index; /* of the document in its report */
	bool section;
	enum doc_kind list; /* DOC_ITEM, DOC_CODE; else none is open */
	struct html_words *words;
};

/* ------------------------------------------------------------- pieces */

/* What is read as a sentence. */
static void put_prose(const struct doc_page *page, const char *text)
{
	html_words_put(page->words, page->out, text);
}

static void put_element(const struct doc_page *page, const char *tag,
			const char *text)
{
	fprintf(page->out, "<%s>", tag);
	put_prose(page, text);
	fprintf(page->out, "</%s>\n", tag);
}

/* Neighbours of one kind make one list, or one listing. */
static void open_list(struct doc_page *page, enum doc_kind kind)
{
	static const char *const begin[] = {
		[DOC_ITEM] = "<ul>\n", [DOC_CODE] = "<pre><code>"};
	static const char *const end[] = {
		[DOC_ITEM] = "</ul>\n", [DOC_CODE] = "</code></pre>\n"};

	if (kind != DOC_ITEM && kind != DOC_CODE)
		kind = DOC_HEADING;
	if (kind == page->list)
		return;
	if (page->list != DOC_HEADING)
		fputs(end[page->list], page->out);
	if (kind != DOC_HEADING)
		fputs(begin[kind], page->out);
	page->list = kind;
}

static void close_section(struct doc_page *page)
{
	fputs(page->section ? "</section>\n" : "", page->out);
	page->section = false;
}

static void put_anchor(const struct doc_page *page,
		       const struct doc_block *block)
{
	if (block->anchor[0])
		fprintf(page->out, " id=\"r%u-%s\"", page->index,
			block->anchor);
}

static void write_heading(struct doc_page *page, const struct doc_block *block)
{
	if (block->level <= 2)
		close_section(page);
	if (block->level == 2) {
		fputs("<section", page->out);
		put_anchor(page, block);
		fputs(">\n", page->out);
		page->section = true;
	}
	fprintf(page->out, "<h%u", block->level);
	if (block->level != 2)
		put_anchor(page, block);
	fputc('>', page->out);
	html_put_text(page->out, doc_text(page->doc, block->text));
	fprintf(page->out, "</h%u>\n", block->level);
}

static void write_item(struct doc_page *page, const struct doc_block *block)
{
	const char *term = doc_text(page->doc, block->term);

	fputs("<li>", page->out);
	put_prose(page, term);
	fputs(*term ? ": " : "", page->out);
	put_prose(page, doc_text(page->doc, block->text));
	fputs("</li>\n", page->out);
}

static void write_contents(const struct doc_page *page)
{
	const struct doc *doc = page->doc;

	fputs("<nav aria-label=\"Sections\"><ul>\n", page->out);
	for (size_t i = 0; i < doc->nblocks; i++) {
		const struct doc_block *block = &doc->blocks[i];

		if (block->kind != DOC_HEADING || block->level != 2 ||
		    !block->anchor[0])
			continue;
		fprintf(page->out, "<li><a href=\"#r%u-%s\">", page->index,
			block->anchor);
		html_put_text(page->out, doc_text(doc, block->text));
		fputs("</a></li>\n", page->out);
	}
	fputs("</ul></nav>\n", page->out);
}

/* ------------------------------------------------------------- tables */

static const char *column_class(const struct doc_column *column)
{
	return column->align == DOC_WRAP ? " class=\"text\"" : "";
}

static void put_head(const struct doc_page *page,
		     const struct doc_column *column, bool label)
{
	const char *note = doc_text(page->doc, column->note);

	fprintf(page->out, "<th scope=\"col\"%s>",
		label ? " class=\"text\"" : column_class(column));
	put_prose(page, doc_text(page->doc, column->head));
	if (*note) {
		fputs("<br><small>", page->out);
		html_put_text(page->out, note);
		fputs("</small>", page->out);
	}
	fputs("</th>", page->out);
}

static void put_content(const struct doc_page *page,
			const struct doc_cell *cell)
{
	struct text space;
	const char *value = doc_cell_value(page->doc, cell, false, &space);
	double number = cell->is_ratio ? exp(cell->number) : cell->number;

	if (isfinite(number))
		fprintf(page->out, "<data value=\"%.9g\">", number);
	html_put_text(page->out, value);
	fputs(isfinite(number) ? "</data>" : "", page->out);
	value = doc_cell_range(page->doc, cell, false, &space);
	if (*value) {
		fputs(" <small>", page->out);
		html_put_text(page->out, value);
		fputs("</small>", page->out);
	}
	if (!cell->mark)
		return;
	fputs(" <abbr title=\"", page->out);
	html_put(page->out, cell->meaning ? cell->meaning : "");
	fprintf(page->out, "\">%c</abbr>", cell->mark);
}

static void put_cell(const struct doc_page *page,
		     const struct doc_column *column,
		     const struct doc_cell *cell)
{
	const char *class = column->align == DOC_WRAP ? "text" : "";

	if (cell->mark == '+')
		class = "plus";
	if (cell->mark == '-' || cell->mark == '!')
		class = "minus";
	fprintf(page->out, *class ? "<td class=\"%s\">" : "<td>", class);
	put_content(page, cell);
	fputs("</td>", page->out);
}

static void write_row(const struct doc_page *page,
		      const struct doc_block *table, size_t row)
{
	fputs("<tr><th scope=\"row\">", page->out);
	put_content(page, doc_cell_at(page->doc, table, row, 0));
	fputs("</th>", page->out);
	for (size_t c = 1; c < table->ncolumns; c++)
		put_cell(page, doc_column_at(page->doc, table, c),
			 doc_cell_at(page->doc, table, row, c));
	fputs("</tr>\n", page->out);
}

static void write_table(const struct doc_page *page,
			const struct doc_block *table)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table>\n", page->out);
	put_element(page, "caption", doc_text(page->doc, table->text));
	fputs("<thead><tr>", page->out);
	for (size_t c = 0; c < table->ncolumns; c++)
		put_head(page, doc_column_at(page->doc, table, c), c == 0);
	fputs("</tr></thead>\n<tbody>\n", page->out);
	for (size_t row = 0; row < table->nrows; row++)
		write_row(page, table, row);
	fputs("</tbody></table></div>\n", page->out);
}

/* ------------------------------------------------------------- blocks */

static void write_block(struct doc_page *page, const struct doc_block *block)
{
	static const char *const tones[] = {[DOC_NOTE] = "note",
					    [DOC_GOOD] = "trust",
					    [DOC_BAD] = "trust no",
					    [DOC_WARNING] = "trust no"};
	const char *text = doc_text(page->doc, block->text);

	open_list(page, block->kind);
	switch (block->kind) {
	case DOC_HEADING:
		write_heading(page, block);
		break;
	case DOC_PARAGRAPH:
		put_element(page, "p", text);
		break;
	case DOC_BOX:
		fprintf(page->out, "<p class=\"%s\">%s", tones[block->tone],
			block->tone == DOC_WARNING
				? "<strong>Warning:</strong> "
				: "");
		put_prose(page, text);
		fputs("</p>\n", page->out);
		break;
	case DOC_ITEM:
		write_item(page, block);
		break;
	case DOC_CODE:
		html_put(page->out, text);
		fputc('\n', page->out);
		break;
	case DOC_TABLE:
		write_table(page, block);
		break;
	case DOC_FOLD:
		fputs("<details><summary>", page->out);
		html_put_text(page->out, text);
		fputs("</summary>\n", page->out);
		break;
	case DOC_UNFOLD:
		fputs("</details>\n", page->out);
		break;
	case DOC_CONTENTS:
		write_contents(page);
		break;
	case DOC_RAW:
		fputs(text, page->out);
		break;
	}
}

/* ------------------------------------------------------------- page */

static const char *title_of(const struct doc *doc)
{
	for (size_t i = 0; i < doc->nblocks; i++)
		if (doc->blocks[i].kind == DOC_HEADING)
			return doc_text(doc, doc->blocks[i].text);
	return "a report";
}

static void put_page_head(const struct doc_page *page)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
	      "charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"breakeven\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>breakeven: ",
	      page->out);
	html_put(page->out, title_of(page->doc));
	fputs("</title>\n<style>\n", page->out);
	fputs(page_css, page->out);
	fputs("</style>\n</head>\n<body>\n", page->out);
}

/* Machines and builds need not be the same. */
static void put_several(const struct doc_page *page, unsigned count)
{
	fprintf(page->out,
		"<p class=\"note\">This page shows %u records, each by itself: "
		"machine and build may differ. <code>breakeven compare</code> "
		"compares records. Here are the records",
		count);
	for (unsigned i = 0; i < count; i++)
		fprintf(page->out, "%s <a href=\"#r%u\">%u</a>", i ? "," : "",
			i, i + 1);
	fputs(".</p>\n", page->out);
}

static void put_page_foot(const struct doc_page *page)
{
	fputs("<div id=\"tip\" role=\"status\" hidden></div>\n<script>\n",
	      page->out);
	fputs(page_js, page->out);
	fputs("</script>\n</body>\n</html>\n", page->out);
}

void doc_write_html(const struct doc *doc, FILE *out,
		    const struct report_style *style)
{
	struct html_words words;
	struct doc_page page = {
		.doc = doc, .out = out, .index = style->index, .words = &words};

	html_words_begin(&words, style->index);
	if (report_begins(style))
		put_page_head(&page);
	if (report_begins(style) && style->count > 1)
		put_several(&page, style->count);
	fprintf(out, "<article id=\"r%u\">\n", style->index);
	for (size_t i = 0; i < doc->nblocks; i++)
		if (!doc_is_empty(doc, &doc->blocks[i]))
			write_block(&page, &doc->blocks[i]);
	open_list(&page, DOC_HEADING);
	close_section(&page);
	html_words_end(&words, out);
	fputs("</article>\n", out);
	if (report_ends(style))
		put_page_foot(&page);
}

/* SPDX-License-Identifier: MIT */
#include "report/doc/text_table.h"

#include "report/doc/text.h"

#include <string.h>

enum { HEAD_LINES = 12, WRAP_MIN = 24, LABEL = 28, SHORT_LABEL = 20 };

/* How much air there is; the roomiest that fits is taken. */
struct layout {
	bool narrow;	 /* fewer digits */
	bool bare;	 /* no intervals */
	unsigned before; /* blanks before a mark */
	unsigned lead;	 /* blanks after the labels */
	unsigned gap;	 /* blanks between columns */
	unsigned label;	 /* a longer label has a line of its own */
};

static const struct layout layouts[] = {
	{false, false, 1, 2, 3, LABEL},
	{false, false, 1, 2, 2, LABEL},
	{true, false, 1, 2, 2, LABEL},
	{true, false, 0, 1, 2, LABEL},
	{true, false, 0, 1, 2, SHORT_LABEL},
	{true, false, 0, 1, 1, SHORT_LABEL},
	{true, true, 1, 2, 2, SHORT_LABEL},
	{true, true, 0, 1, 1, SHORT_LABEL},
};

enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

/* What is being written, and in which layout. */
struct text_table {
	const struct doc *doc;
	const struct doc_block *block;
	const struct layout *layout;
	FILE *out;
	unsigned columns; /* of the terminal */
	bool colour;
};

/* Widths within one column. */
struct column_width {
	size_t value, range; /* of cells that have both */
	size_t content;	     /* of any cell, without its mark */
	size_t all;
};

/* A line that is being written, which ends without blanks. */
struct table_line {
	FILE *out;
	size_t pending;
};

/* A head in lines: broken before each option of a spec. */
struct head_lines {
	size_t count;
	const char *texts[HEAD_LINES];
	size_t lengths[HEAD_LINES];
};

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* ------------------------------------------------------------- measuring */

static void add_line(struct head_lines *head, const char *text, size_t length)
{
	if (length == 0 || head->count == HEAD_LINES)
		return;
	head->texts[head->count] = text;
	head->lengths[head->count++] = length;
}

static struct head_lines split_head(const struct text_table *table, size_t c)
{
	const struct doc_column *column =
		doc_column_at(table->doc, table->block, c);
	const char *head = doc_text(table->doc, column->head);
	const char *note = doc_text(table->doc, column->note);
	struct head_lines lines = {.count = 0};

	while (*head) {
		size_t length = 1 + strcspn(head + 1, ":");

		add_line(&lines, head, length);
		head += length;
	}
	add_line(&lines, note, strlen(note));
	return lines;
}

/* Columns that the first `length` bytes take. */
static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static const char *value_at(const struct text_table *table, size_t row,
			    size_t c, struct text *space)
{
	return doc_cell_value(table->doc,
			      doc_cell_at(table->doc, table->block, row, c),
			      table->layout->narrow, space);
}

static const char *range_at(const struct text_table *table, size_t row,
			    size_t c, struct text *space)
{
	if (table->layout->bare)
		return "";
	return doc_cell_range(table->doc,
			      doc_cell_at(table->doc, table->block, row, c),
			      table->layout->narrow, space);
}

static void widen(const struct text_table *table, size_t row, size_t c,
		  struct column_width *width, bool *marked)
{
	struct text space;
	size_t value = text_width(value_at(table, row, c, &space));
	size_t range = text_width(range_at(table, row, c, &space));

	if (c == 0 && value > table->layout->label)
		return;
	*marked |= doc_cell_at(table->doc, table->block, row, c)->mark != '\0';
	width->content = larger(width->content, value);
	if (range == 0)
		return;
	width->value = larger(width->value, value);
	width->range = larger(width->range, range);
}

static struct column_width measure_column(const struct text_table *table,
					  size_t c)
{
	struct head_lines head = split_head(table, c);
	struct column_width width = {.content = 0};
	bool marked = false;

	for (size_t row = 0; row < table->block->nrows; row++)
		widen(table, row, c, &width, &marked);
	if (width.range)
		width.content =
			larger(width.content, width.value + 1 + width.range);
	width.all = width.content + (marked ? table->layout->before + 1 : 0);
	for (size_t i = 0; i < head.count; i++)
		width.all = larger(width.all,
				   width_of(head.texts[i], head.lengths[i]));
	return width;
}

static bool wraps(const struct text_table *table, size_t c)
{
	return doc_column_at(table->doc, table->block, c)->align == DOC_WRAP &&
	       c + 1 == table->block->ncolumns;
}

/* Do the labels and columns [first, last) fit? */
static bool columns_fit(const struct text_table *table, size_t first,
			size_t last)
{
	size_t width = measure_column(table, 0).all + table->layout->lead;

	for (size_t c = first; c < last; c++)
		width += (wraps(table, c) ? WRAP_MIN
					  : measure_column(table, c).all) +
			 (c > first ? table->layout->gap : 0);
	return width <= table->columns;
}

static size_t part_end(const struct text_table *table, size_t first,
		       size_t part)
{
	size_t last = first + part;

	return last < table->block->ncolumns ? last : table->block->ncolumns;
}

static bool parts_fit(const struct text_table *table, size_t part)
{
	for (size_t c = 1; c < table->block->ncolumns; c += part)
		if (!columns_fit(table, c, part_end(table, c, part)))
			return false;
	return true;
}

/* The fewest parts, equally wide, and then the most air; returns columns in a
 * part. Intervals are left out before a table is parted, unless `whole`. */
static size_t choose_layout(struct text_table *table, bool whole)
{
	size_t columns = table->block->ncolumns - 1;

	table->layout = layouts;
	for (size_t parts = 1; parts <= columns; parts++) {
		size_t part = (columns + parts - 1) / parts;

		for (size_t i = 0; i < LAYOUTS; i++) {
			table->layout = &layouts[i];
			if (!(whole && layouts[i].bare) &&
			    parts_fit(table, part))
				return part;
		}
	}
	return 1;
}

/* ------------------------------------------------------------- writing */

static void put(struct table_line *line, const char *text, size_t length)
{
	if (length == 0)
		return;
	fprintf(line->out, "%*s%.*s", (int)line->pending, "", (int)length,
		text);
	line->pending = 0;
}

static void put_padded(struct table_line *line, const char *text, size_t length,
		       size_t width, bool right)
{
	size_t own = width_of(text, length);
	size_t blank = width > own ? width - own : 0;

	line->pending += right ? blank : 0;
	put(line, text, length);
	line->pending += right ? 0 : blank;
}

static const char *colour_of(char mark)
{
	switch (mark) {
	case '+':
		return "\033[32m";
	case '-':
	case '!':
		return "\033[31m";
	default:
		return "";
	}
}

/* Value and interval; returns what is left of the column. */
static void put_content(const struct text_table *table, struct table_line *line,
			size_t row, size_t c, const struct column_width *width)
{
	struct text space, range_space;
	const char *value = value_at(table, row, c, &space);
	const char *range = range_at(table, row, c, &range_space);

	if (!*range) {
		put_padded(line, value, strlen(value), width->content,
			   doc_column_at(table->doc, table->block, c)->align ==
				   DOC_RIGHT);
		return;
	}
	put_padded(line, value, strlen(value), width->value, true);
	line->pending++;
	put_padded(line, range, strlen(range),
		   width->content - width->value - 1, false);
}

static void put_cell(const struct text_table *table, struct table_line *line,
		     size_t row, size_t c)
{
	const struct doc_cell *cell =
		doc_cell_at(table->doc, table->block, row, c);
	struct column_width width = measure_column(table, c);
	bool right =
		doc_column_at(table->doc, table->block, c)->align == DOC_RIGHT;
	const char *paint = table->colour ? colour_of(cell->mark) : "";
	size_t used =
		width.content + (cell->mark ? table->layout->before + 1 : 0);
	size_t blank = width.all - used;

	line->pending += right ? blank : 0;
	put(line, paint, strlen(paint));
	put_content(table, line, row, c, &width);
	line->pending += cell->mark ? table->layout->before : 0;
	put(line, &cell->mark, cell->mark != '\0');
	put(line, "\033[0m", *paint ? 4 : 0);
	line->pending += right ? 0 : blank;
}

static void put_head(const struct text_table *table, struct table_line *line,
		     size_t c, size_t at, size_t deepest)
{
	struct head_lines head = split_head(table, c);
	size_t skip = deepest - head.count;
	bool right =
		doc_column_at(table->doc, table->block, c)->align == DOC_RIGHT;

	put_padded(line, at < skip ? "" : head.texts[at - skip],
		   at < skip ? 0 : head.lengths[at - skip],
		   measure_column(table, c).all, right);
}

static void write_heads(const struct text_table *table, size_t first,
			size_t last)
{
	size_t deepest = split_head(table, 0).count;

	for (size_t c = first; c < last; c++)
		deepest = larger(deepest, split_head(table, c).count);
	for (size_t i = 0; i < deepest; i++) {
		struct table_line line = {.out = table->out};

		put_head(table, &line, 0, i, deepest);
		line.pending += table->layout->lead;
		for (size_t c = first; c < last; c++) {
			line.pending += c > first ? table->layout->gap : 0;
			put_head(table, &line, c, i, deepest);
		}
		fputc('\n', table->out);
	}
}

/* The last column, in as many lines as it takes. */
static void write_wrapped(const struct text_table *table,
			  struct table_line *line, size_t row, size_t c,
			  size_t column)
{
	struct text space;

	put(line, "", 0);
	fprintf(table->out, "%*s", (int)line->pending, "");
	text_wrap(table->out, value_at(table, row, c, &space), column,
		  table->columns, (unsigned)column);
}

static void put_label(const struct text_table *table, struct table_line *line,
		      size_t row)
{
	struct text space;
	const char *label = value_at(table, row, 0, &space);

	if (text_width(label) > table->layout->label) {
		fprintf(table->out, "%s\n", label);
		line->pending = measure_column(table, 0).all;
	} else {
		put_cell(table, line, row, 0);
	}
	line->pending += table->layout->lead;
}

static void write_row(const struct text_table *table, size_t first, size_t last,
		      size_t row)
{
	struct table_line line = {.out = table->out};
	size_t column = measure_column(table, 0).all + table->layout->lead;

	put_label(table, &line, row);
	for (size_t c = first; c < last; c++) {
		size_t gap = c > first ? table->layout->gap : 0;

		line.pending += gap;
		column += gap;
		if (wraps(table, c)) {
			write_wrapped(table, &line, row, c, column);
			return;
		}
		put_cell(table, &line, row, c);
		column += measure_column(table, c).all;
	}
	fputc('\n', table->out);
}

bool text_table_write(const struct doc *doc, const struct doc_block *block,
		      FILE *out, const struct report_style *style)
{
	struct text_table table = {
		.doc = doc,
		.block = block,
		.out = out,
		.columns = style->columns,
		.colour = style->colour,
	};
	size_t part = choose_layout(&table, style->detail == STYLE_ALL);

	for (size_t c = 1; c < block->ncolumns; c += part) {
		size_t last = part_end(&table, c, part);

		if (c > 1)
			fputc('\n', out);
		write_heads(&table, c, last);
		for (size_t row = 0; row < block->nrows; row++)
			write_row(&table, c, last, row);
	}
	return table.layout->bare;
}

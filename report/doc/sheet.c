/* SPDX-License-Identifier: MIT */
#include "report/doc/sheet.h"

#include "report/doc/words.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much air there is; the roomiest that fits is taken. */
struct layout {
	bool tight;	 /* the shorter fields */
	unsigned before; /* blanks before a mark */
	unsigned lead;	 /* blanks after the labels */
	unsigned gap;	 /* blanks between columns */
};

static const struct layout layouts[] = {
	{false, 1, 2, 3}, {false, 1, 2, 2}, {true, 1, 2, 2},
	{true, 0, 1, 2},  {true, 0, 1, 1},
};

enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

/* Slower than this, the interval gives way to space. */
#define SLOW 0.0995

/* Widths within one column. */
struct measure {
	size_t value, range; /* of fields that have both */
	size_t content;	     /* of any field, without its mark */
	size_t all;
};

/* A line in the making, which ends without blanks. */
struct sheet_line {
	FILE *out;
	size_t pending;
};

/* ------------------------------------------------------------- memory */

int sheet_init(struct sheet *sheet, size_t nrows, size_t ncolumns, bool tight)
{
	size_t fields = nrows * ncolumns + 1;

	*sheet = (struct sheet){
		.nrows = nrows, .ncolumns = ncolumns, .corner = "items"};
	sheet->labels = calloc(nrows + 1, sizeof(*sheet->labels));
	sheet->heads = calloc(ncolumns + 1, sizeof(*sheet->heads));
	sheet->roomy = calloc(fields, sizeof(*sheet->roomy));
	if (tight)
		sheet->tight = calloc(fields, sizeof(*sheet->tight));
	return sheet->labels && sheet->heads && sheet->roomy &&
			       (!tight || sheet->tight)
		       ? 0
		       : -ENOMEM;
}

void sheet_free(struct sheet *sheet)
{
	free(sheet->labels);
	free(sheet->heads);
	free(sheet->roomy);
	free(sheet->tight);
}

static struct text text_plain(const char *plain)
{
	struct text text;

	snprintf(text.s, sizeof(text.s), "%s", plain);
	return text;
}

struct field field_speed(const struct cell *cell, bool tight)
{
	struct field field = {.mark = '\0'};

	if (!cell)
		return field;
	field.mark = words_marks[cell->verdict];
	if (cell->verdict >= CELL_INVALID) {
		field.value = text_plain(cell_verdict_names[cell->verdict]);
		return field;
	}
	if (cell->rounds == 0) {
		field.value = text_plain("too short");
		return field;
	}
	if (tight && exp(cell->interval.hi) < SLOW) {
		field.value = text_ratio(exp(cell->log_ratio), false);
		return field;
	}
	field.value = text_ratio(exp(cell->log_ratio), tight);
	field.range =
		text_interval(cell->interval.lo, cell->interval.hi, tight);
	return field;
}

void head_add(struct head *head, const char *spec)
{
	while (*spec && head->count < HEAD_LINES) {
		size_t length = 1 + strcspn(spec + 1, ":");

		snprintf(head->lines[head->count++].s, sizeof(struct text),
			 "%.*s", (int)length, spec);
		spec += length;
	}
}

/* ------------------------------------------------------------- measuring */

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static const struct field *field_at(const struct sheet *sheet,
				    const struct layout *layout, size_t row,
				    size_t column)
{
	const struct field *fields =
		layout->tight && sheet->tight ? sheet->tight : sheet->roomy;

	return &fields[row * sheet->ncolumns + column];
}

static struct measure measure(const struct sheet *sheet,
			      const struct layout *layout, size_t column)
{
	const struct head *head = &sheet->heads[column];
	struct measure m = {.content = 0};
	bool marked = false;

	for (size_t row = 0; row < sheet->nrows; row++) {
		const struct field *f = field_at(sheet, layout, row, column);

		marked |= f->mark != '\0';
		m.content = larger(m.content, text_width(f->value.s));
		if (!f->range.s[0])
			continue;
		m.value = larger(m.value, text_width(f->value.s));
		m.range = larger(m.range, text_width(f->range.s));
	}
	if (m.range)
		m.content = larger(m.content, m.value + 1 + m.range);
	m.all = m.content + (marked ? layout->before + 1 : 0);
	for (size_t i = 0; i < head->count; i++)
		m.all = larger(m.all, text_width(head->lines[i].s));
	return m;
}

static size_t label_width(const struct sheet *sheet)
{
	size_t width = strlen(sheet->corner);

	for (size_t row = 0; row < sheet->nrows; row++)
		width = larger(width, text_width(sheet->labels[row].s));
	return width;
}

/* Do columns [first, last) fit? */
static bool fits(const struct sheet *sheet, const struct layout *layout,
		 size_t first, size_t last, unsigned columns)
{
	size_t width = label_width(sheet) + layout->lead;

	for (size_t c = first; c < last; c++)
		width += measure(sheet, layout, c).all +
			 (c > first ? layout->gap : 0);
	return width <= columns;
}

static size_t part_end(const struct sheet *sheet, size_t first, size_t part)
{
	size_t last = first + part;

	return last < sheet->ncolumns ? last : sheet->ncolumns;
}

static bool parts_fit(const struct sheet *sheet, const struct layout *layout,
		      size_t part, unsigned columns)
{
	for (size_t c = 0; c < sheet->ncolumns; c += part)
		if (!fits(sheet, layout, c, part_end(sheet, c, part), columns))
			return false;
	return true;
}

/* The fewest parts, equally wide, and then the most air. */
static const struct layout *choose(const struct sheet *sheet, unsigned columns,
				   size_t *part)
{
	for (size_t parts = 1; parts <= sheet->ncolumns; parts++) {
		*part = (sheet->ncolumns + parts - 1) / parts;
		for (size_t i = 0; i < LAYOUTS; i++)
			if (parts_fit(sheet, &layouts[i], *part, columns))
				return &layouts[i];
	}
	*part = 1;
	return &layouts[LAYOUTS - 1];
}

/* ------------------------------------------------------------- printing */

static void put(struct sheet_line *line, const char *text)
{
	if (!*text)
		return;
	fprintf(line->out, "%*s%s", (int)line->pending, "", text);
	line->pending = 0;
}

static void put_padded(struct sheet_line *line, const char *text, size_t width,
		       bool right)
{
	size_t own = text_width(text);
	size_t blank = width > own ? width - own : 0;

	line->pending += right ? blank : 0;
	put(line, text);
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

static void put_field(struct sheet_line *line, const struct field *field,
		      const struct measure *m, const struct layout *layout,
		      bool right, bool colour)
{
	const char *paint = colour ? colour_of(field->mark) : "";
	char mark[] = {field->mark, '\0'};
	size_t used = field->mark ? layout->before + 1 : 0;

	put(line, paint);
	if (field->range.s[0]) {
		put_padded(line, field->value.s, m->value, true);
		line->pending++;
		put_padded(line, field->range.s, m->content - m->value - 1,
			   false);
	} else {
		put_padded(line, field->value.s, right ? m->all : m->content,
			   right);
	}
	line->pending += field->mark ? layout->before : 0;
	put(line, mark);
	put(line, *paint ? "\033[0m" : "");
	if (!right && m->all > m->content + used)
		line->pending += m->all - m->content - used;
}

static void print_heads(FILE *out, const struct sheet *sheet,
			const struct layout *layout, size_t first, size_t last)
{
	size_t deepest = 1;

	for (size_t c = first; c < last; c++)
		deepest = larger(deepest, sheet->heads[c].count);
	for (size_t i = 0; i < deepest; i++) {
		struct sheet_line line = {.out = out};

		put_padded(&line, i + 1 == deepest ? sheet->corner : "",
			   label_width(sheet), true);
		line.pending += layout->lead;
		for (size_t c = first; c < last; c++) {
			const struct head *head = &sheet->heads[c];
			size_t skip = deepest - head->count;

			line.pending += c > first ? layout->gap : 0;
			put_padded(&line,
				   i < skip ? "" : head->lines[i - skip].s,
				   measure(sheet, layout, c).all, sheet->right);
		}
		fputc('\n', out);
	}
}

static void print_row(FILE *out, const struct sheet *sheet,
		      const struct layout *layout, size_t first, size_t last,
		      size_t row, bool colour)
{
	struct sheet_line line = {.out = out};

	put_padded(&line, sheet->labels[row].s, label_width(sheet), true);
	line.pending += layout->lead;
	for (size_t c = first; c < last; c++) {
		struct measure m = measure(sheet, layout, c);

		line.pending += c > first ? layout->gap : 0;
		put_field(&line, field_at(sheet, layout, row, c), &m, layout,
			  sheet->right, colour);
	}
	fputc('\n', out);
}

bool sheet_print(FILE *out, const struct sheet *sheet,
		 const struct report_style *style)
{
	size_t part;
	const struct layout *layout = choose(sheet, style->columns, &part);

	for (size_t c = 0; c < sheet->ncolumns; c += part) {
		size_t last = part_end(sheet, c, part);

		if (c > 0)
			fputc('\n', out);
		print_heads(out, sheet, layout, c, last);
		for (size_t row = 0; row < sheet->nrows; row++)
			print_row(out, sheet, layout, c, last, row,
				  style->colour);
	}
	return layout->tight;
}

/* SPDX-License-Identifier: MIT */
#include "report/doc/doc.h"

#include "report/doc/doc_blocks.h"
#include "report/doc/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Slower than this, a narrow cell has no interval: it would say nothing more
 * than the ratio does. */
#define SLOW 0.0995

struct doc *doc_new(void)
{
	struct doc *doc = calloc(1, sizeof(*doc));

	if (!doc)
		return NULL;
	doc->stream = open_memstream(&doc->text, &doc->size);
	if (!doc->stream) {
		free(doc);
		return NULL;
	}
	fputc('\0', doc->stream);
	return doc;
}

void doc_free(struct doc *doc)
{
	if (!doc)
		return;
	if (doc->stream)
		fclose(doc->stream);
	free(doc->text);
	free(doc->blocks);
	free(doc->columns);
	free(doc->cells);
	free(doc);
}

/* ------------------------------------------------------------- building */

/* End the last text; returns where the next one begins. */
static size_t begin_text(struct doc *doc)
{
	fputc('\0', doc->stream);
	return (size_t)ftell(doc->stream);
}

/* Room for one more in a list that grows by doubling; NULL: out of memory,
 * which the document remembers. */
static void *grow(struct doc *doc, void *list, size_t count, size_t size)
{
	void *grown = list;

	if ((count & (count - 1)) == 0)
		grown = reallocarray(list, count ? 2 * count : 1, size);
	if (!grown)
		doc->rc = -ENOMEM;
	return grown;
}

static struct doc_cell *add_cell(struct doc *doc)
{
	struct doc_cell *cells =
		grow(doc, doc->cells, doc->ncells, sizeof(*cells));

	if (!cells)
		return NULL;
	doc->cells = cells;
	cells[doc->ncells] =
		(struct doc_cell){.text = begin_text(doc), .number = NAN};
	return &cells[doc->ncells++];
}

/* Cells that were not written are empty. */
static void complete_row(struct doc *doc)
{
	const struct doc_block *table;

	if (doc->rc || doc->nblocks == 0)
		return;
	table = &doc->blocks[doc->nblocks - 1];
	while (doc->ncells - table->cell < table->nrows * table->ncolumns &&
	       add_cell(doc))
		;
}

/* NULL: out of memory. What is written then is lost with the document. */
static struct doc_block *add_block(struct doc *doc, enum doc_kind kind)
{
	struct doc_block *blocks;

	complete_row(doc);
	blocks = grow(doc, doc->blocks, doc->nblocks, sizeof(*blocks));
	if (!blocks)
		return NULL;
	doc->blocks = blocks;
	blocks[doc->nblocks] = (struct doc_block){
		.kind = kind,
		.text = begin_text(doc),
		.column = doc->ncolumns,
		.cell = doc->ncells,
	};
	return &blocks[doc->nblocks++];
}

static struct doc_block *last_block(struct doc *doc)
{
	return doc->rc ? NULL : &doc->blocks[doc->nblocks - 1];
}

static struct doc_cell *last_cell(struct doc *doc)
{
	return doc->rc ? NULL : &doc->cells[doc->ncells - 1];
}

FILE *doc_heading(struct doc *doc, unsigned level)
{
	struct doc_block *block = add_block(doc, DOC_HEADING);

	if (block)
		block->level = level;
	return doc->stream;
}

void doc_anchor(struct doc *doc, const char *format, ...)
{
	struct doc_block *block = last_block(doc);
	va_list list;

	if (!block)
		return;
	va_start(list, format);
	vsnprintf(block->anchor, sizeof(block->anchor), format, list);
	va_end(list);
}

FILE *doc_paragraph(struct doc *doc)
{
	add_block(doc, DOC_PARAGRAPH);
	return doc->stream;
}

FILE *doc_note(struct doc *doc, enum doc_tone tone)
{
	struct doc_block *block = add_block(doc, DOC_BOX);

	if (block)
		block->tone = tone;
	return doc->stream;
}

FILE *doc_item(struct doc *doc)
{
	add_block(doc, DOC_ITEM);
	return doc->stream;
}

FILE *doc_term(struct doc *doc)
{
	struct doc_block *block = add_block(doc, DOC_ITEM);

	if (block) {
		block->term = block->text;
		block->text = 0;
	}
	return doc->stream;
}

FILE *doc_meaning(struct doc *doc)
{
	struct doc_block *block = last_block(doc);

	if (block)
		block->text = begin_text(doc);
	return doc->stream;
}

FILE *doc_code(struct doc *doc)
{
	add_block(doc, DOC_CODE);
	return doc->stream;
}

FILE *doc_fold(struct doc *doc)
{
	add_block(doc, DOC_FOLD);
	return doc->stream;
}

void doc_unfold(struct doc *doc)
{
	add_block(doc, DOC_UNFOLD);
}

void doc_contents(struct doc *doc)
{
	add_block(doc, DOC_CONTENTS);
}

FILE *doc_html(struct doc *doc)
{
	add_block(doc, DOC_RAW);
	return doc->stream;
}

/* ------------------------------------------------------------- tables */

FILE *doc_table(struct doc *doc)
{
	add_block(doc, DOC_TABLE);
	return doc->stream;
}

FILE *doc_column(struct doc *doc, enum doc_align align)
{
	struct doc_column *columns =
		grow(doc, doc->columns, doc->ncolumns, sizeof(*columns));

	if (!columns)
		return doc->stream;
	doc->columns = columns;
	columns[doc->ncolumns++] =
		(struct doc_column){.head = begin_text(doc), .align = align};
	if (last_block(doc))
		last_block(doc)->ncolumns++;
	return doc->stream;
}

FILE *doc_column_note(struct doc *doc)
{
	if (!doc->rc)
		doc->columns[doc->ncolumns - 1].note = begin_text(doc);
	return doc->stream;
}

FILE *doc_row(struct doc *doc)
{
	complete_row(doc);
	if (last_block(doc))
		last_block(doc)->nrows++;
	add_cell(doc);
	return doc->stream;
}

FILE *doc_cell(struct doc *doc)
{
	add_cell(doc);
	return doc->stream;
}

void doc_number(struct doc *doc, double number)
{
	if (last_cell(doc))
		last_cell(doc)->number = number;
}

FILE *doc_range(struct doc *doc)
{
	if (last_cell(doc))
		last_cell(doc)->range = begin_text(doc);
	return doc->stream;
}

void doc_mark(struct doc *doc, char mark, const char *meaning)
{
	struct doc_cell *cell = last_cell(doc);

	if (!cell)
		return;
	cell->mark = mark;
	cell->meaning = meaning;
}

void doc_ratio(struct doc *doc, double log_ratio, struct interval interval)
{
	struct doc_cell *cell = last_cell(doc);

	if (!cell)
		return;
	cell->is_ratio = true;
	cell->number = log_ratio;
	cell->interval = interval;
}

void doc_time(struct doc *doc, double ns)
{
	FILE *out = doc_cell(doc);

	if (!isfinite(ns))
		return;
	fputs(text_time(ns).s, out);
	doc_number(doc, ns);
}

/* ------------------------------------------------------------- reading */

const char *doc_text(const struct doc *doc, size_t at)
{
	return doc->text + at;
}

const struct doc_column *doc_column_at(const struct doc *doc,
				       const struct doc_block *table,
				       size_t column)
{
	return &doc->columns[table->column + column];
}

const struct doc_cell *doc_cell_at(const struct doc *doc,
				   const struct doc_block *table, size_t row,
				   size_t column)
{
	return &doc->cells[table->cell + row * table->ncolumns + column];
}

const char *doc_cell_value(const struct doc *doc, const struct doc_cell *cell,
			   bool narrow, struct text *space)
{
	if (!cell->is_ratio)
		return doc_text(doc, cell->text);
	if (narrow && exp(cell->interval.hi) < SLOW)
		narrow = false;
	*space = text_ratio(exp(cell->number), narrow);
	return space->s;
}

const char *doc_cell_range(const struct doc *doc, const struct doc_cell *cell,
			   bool narrow, struct text *space)
{
	if (!cell->is_ratio)
		return doc_text(doc, cell->range);
	if (narrow && exp(cell->interval.hi) < SLOW)
		return "";
	*space = text_interval(cell->interval.lo, cell->interval.hi, narrow);
	return space->s;
}

bool doc_is_empty(const struct doc *doc, const struct doc_block *block)
{
	switch (block->kind) {
	case DOC_TABLE:
		return block->nrows == 0;
	case DOC_FOLD:
	case DOC_UNFOLD:
	case DOC_CONTENTS:
	case DOC_CODE:
		return false;
	default:
		return !*doc_text(doc, block->text);
	}
}

bool doc_is_text(const struct doc *doc, const struct doc_block *block)
{
	switch (block->kind) {
	case DOC_FOLD:
	case DOC_UNFOLD:
	case DOC_CONTENTS:
	case DOC_RAW:
		return false;
	default:
		return !doc_is_empty(doc, block);
	}
}

bool doc_next_span(const char **text, struct doc_span *span)
{
	const char *tick = strchr(*text, '`');
	const char *end = tick ? strchr(tick + 1, '`') : NULL;

	if (!**text)
		return false;
	*span = (struct doc_span){.text = *text};
	if (!end) {
		span->length = strlen(*text);
	} else if (tick > *text) {
		span->length = (size_t)(tick - *text);
	} else {
		*span = (struct doc_span){tick + 1, (size_t)(end - tick) - 1,
					  true};
		*text = end + 1;
		return true;
	}
	*text += span->length;
	return true;
}

/* ------------------------------------------------------------- writing */

static void clean(struct doc *doc, size_t at, bool utf8)
{
	text_plain(doc->text + at, utf8);
}

/* Texts come from records, too, and so from elsewhere. */
static void clean_all(struct doc *doc, bool utf8)
{
	for (size_t i = 0; i < doc->nblocks; i++) {
		if (doc->blocks[i].kind != DOC_RAW)
			clean(doc, doc->blocks[i].text, utf8);
		clean(doc, doc->blocks[i].term, utf8);
	}
	for (size_t i = 0; i < doc->ncolumns; i++) {
		clean(doc, doc->columns[i].head, utf8);
		clean(doc, doc->columns[i].note, utf8);
	}
	for (size_t i = 0; i < doc->ncells; i++) {
		clean(doc, doc->cells[i].text, utf8);
		clean(doc, doc->cells[i].range, utf8);
	}
}

static int finish(struct doc *doc)
{
	FILE *stream = doc->stream;
	bool bad;

	complete_row(doc);
	fputc('\0', stream);
	bad = ferror(stream);
	doc->stream = NULL;
	if (fclose(stream) || bad)
		doc->rc = -ENOMEM;
	return doc->rc;
}

int doc_write(struct doc *doc, FILE *out, const struct report_style *style)
{
	void (*const writers[])(const struct doc *, FILE *,
				const struct report_style *) = {
		[DOC_TERMINAL] = doc_write_terminal,
		[DOC_MARKDOWN] = doc_write_markdown,
		[DOC_HTML] = doc_write_html,
	};
	int rc = finish(doc);

	if (rc)
		return rc;
	clean_all(doc, style->utf8 || style->form == DOC_HTML);
	writers[style->form](doc, out, style);
	return report_flush(out);
}

int doc_print(doc_build *build, const void *data, FILE *out,
	      const struct report_style *style)
{
	struct doc *doc = doc_new();
	int rc = doc ? build(doc, data) : -ENOMEM;

	if (rc == 0)
		rc = doc_write(doc, out, style);
	doc_free(doc);
	return rc;
}

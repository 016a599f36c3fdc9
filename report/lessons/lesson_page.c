/* SPDX-License-Identifier: MIT */
#include "report/lessons/lesson_page.h"

#include "report/doc/text.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------- Markdown */

/* What of the text is being written. */
struct lesson_writer {
	struct doc *doc;
	const struct lesson_result *result;
	FILE *out; /* of the paragraph or item that is open; NULL: none is */
	bool listing;
};

static void write_listing(struct lesson_writer *writer, const char *line,
			  size_t length)
{
	FILE *out = doc_code(writer->doc);

	for (; length && *line == '\t'; line++, length--)
		fputs("    ", out);
	lesson_result_put(out, writer->result, line, length);
}

static void write_line(struct lesson_writer *writer, const char *line,
		       size_t length)
{
	bool item = length > 2 && memcmp(line, "- ", 2) == 0;

	if (length >= 3 && memcmp(line, "```", 3) == 0) {
		writer->listing = !writer->listing;
		writer->out = NULL;
	} else if (writer->listing) {
		write_listing(writer, line, length);
	} else if (length == 0) {
		writer->out = NULL;
	} else {
		if (item)
			writer->out = doc_item(writer->doc);
		else if (!writer->out)
			writer->out = doc_paragraph(writer->doc);
		else
			fputc(' ', writer->out);
		lesson_result_put(writer->out, writer->result,
				  line + (item ? 2 : 0),
				  length - (item ? 2 : 0));
	}
}

/* Paragraphs, items and listings, with what is known in its place. */
static void put_text(struct doc *doc, const struct lesson_result *result,
		     const char *text)
{
	struct lesson_writer writer = {.doc = doc, .result = result};

	while (*text) {
		size_t length = strcspn(text, "\n");

		write_line(&writer, text, length);
		text += length;
		text += *text == '\n';
	}
}

static void put_part(struct doc *doc, const struct lesson_result *result,
		     const char *name)
{
	const char *text = lesson_part(result->lesson, name);

	if (!*text)
		return;
	fputs(name, doc_heading(doc, 3));
	put_text(doc, result, text);
}

/* ------------------------------------------------------------- before */

static void put_choices(struct doc *doc, const struct lesson *lesson)
{
	for (size_t i = 0; !lesson->unit && i < lesson->noutcomes; i++)
		fprintf(doc_item(doc), "%zu. %s", i + 1,
			lesson->outcomes[i].name);
}

void lesson_put_before(struct doc *doc, const struct lesson_result *result,
		       unsigned level)
{
	const struct lesson *lesson = result->lesson;

	FILE *out = doc_heading(doc, level);

	doc_anchor(doc, "%.20s", lesson->name);
	fputs(lesson->title, out);
	put_text(doc, result, lesson_part(lesson, ""));
	put_part(doc, result, "Question");
	put_choices(doc, lesson);
}

/* ------------------------------------------------------------- after */

static void put_measured(FILE *out, const struct lab_answer *answer)
{
	const struct lab_value *asked = lab_asked_value(answer);

	if (answer->prediction[0])
		fprintf(out, "You said %s. ", answer->prediction);
	fputs("Measured: ", out);
	if (!answer->unit && answer->outcome)
		fprintf(out, "%s, ", answer->outcome);
	lesson_value_put(out, asked);
	if (answer->unit && !isinf(asked->value))
		fprintf(out, " %s", answer->unit);
	fputc('.', out);
}

/* How sure the brackets are, where that is not the usual. */
static void put_confidence(FILE *out, const struct lab_value *asked)
{
	if (asked->confidence > 0 && asked->confidence < 95)
		fprintf(out,
			" The brackets are right in %g of 100 cases: there was "
			"time for few repetitions.",
			round(10 * asked->confidence) / 10);
}

static void put_answer(struct doc *doc, const struct lab_answer *answer)
{
	const struct lab_value *asked = lab_asked_value(answer);
	FILE *out = doc_note(doc, DOC_NOTE);

	if (!asked) {
		fprintf(out, "Not measured: %s", answer->why);
	} else if (isnan(asked->value)) {
		fputs("What was measured does not tell the answer.", out);
	} else {
		put_measured(out, answer);
		put_confidence(out, asked);
	}
}

static void put_conclusion(struct doc *doc, const struct lesson_result *result)
{
	const struct lab_answer *answer = &result->answer;

	if (answer->outcome) {
		put_text(doc, result,
			 lesson_part(result->lesson, answer->outcome));
		return;
	}
	if (answer->state == LAB_UNCLEAR)
		fprintf(doc_paragraph(doc),
			"It cannot be told here what follows: %s", answer->why);
	put_text(doc, result, lesson_part(result->lesson, "Cannot tell"));
}

void lesson_put_after(struct doc *doc, const struct lesson_result *result,
		      bool teacher)
{
	fputs("Answer", doc_heading(doc, 3));
	put_answer(doc, &result->answer);
	put_conclusion(doc, result);
	put_part(doc, result, "Try");
	put_part(doc, result, "At home");
	if (teacher)
		put_part(doc, result, "Teacher");
}

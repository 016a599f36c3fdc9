/* SPDX-License-Identifier: MIT */
#include "report/lessons/lesson.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is being read. */
struct lesson_reader {
	struct lesson *lesson;
	struct error *error;
	unsigned line;
	bool listing; /* between ``` */
};

static int lesson_wrong(struct lesson_reader *reader, const char *what)
{
	return error_set(reader->error, ERROR_USAGE, "%s.md:%u: %s",
			 reader->lesson->name, reader->line, what);
}

/* ------------------------------------------------------------- sections */

/* Its text begins `at` so many characters of the file. */
static int lesson_begin_part(struct lesson_reader *reader, const char *name,
			     size_t at)
{
	struct lesson *lesson = reader->lesson;

	if (lesson->nparts == LESSON_PARTS_MAX)
		return lesson_wrong(reader, "too many sections");
	lesson->parts[lesson->nparts++] =
		(struct lesson_part){name, lesson->text + at, reader->line};
	return 0;
}

/* Cut the text into sections, whose headings become the ends of those before.
 */
static int lesson_cut(struct lesson_reader *reader)
{
	char *text = reader->lesson->text, *line = text, *next;
	size_t size = strlen(text);
	int rc = 0;

	for (; rc == 0 && line; line = next) {
		size_t after;

		next = strchr(line, '\n');
		after = next ? (size_t)(next - text) + 1 : size;
		if (next)
			*next++ = '\0';
		reader->line++;
		if (strncmp(line, "```", 3) == 0)
			reader->listing = !reader->listing;
		if (!reader->listing && strncmp(line, "# ", 2) == 0) {
			reader->lesson->title = line + 2;
			rc = lesson_begin_part(reader, "", after);
		} else if (!reader->listing && strncmp(line, "## ", 3) == 0) {
			line[0] = '\0';
			rc = lesson_begin_part(reader, line + 3, after);
		} else if (next) {
			next[-1] = '\n';
		}
	}
	if (rc == 0 && !reader->lesson->title)
		rc = lesson_wrong(reader, "a lesson begins with '# ' and its "
					  "claim");
	return rc;
}

static const struct lesson_part *lesson_find(const struct lesson *lesson,
					     const char *name)
{
	for (size_t i = 0; i < lesson->nparts; i++)
		if (strcmp(lesson->parts[i].name, name) == 0)
			return &lesson->parts[i];
	return NULL;
}

const char *lesson_part(const struct lesson *lesson, const char *name)
{
	const struct lesson_part *part = lesson_find(lesson, name);

	return part ? part->text : "";
}

/* ------------------------------------------------------------- measure */

static int lesson_put_let(struct lesson_reader *reader, struct lesson_let *lets,
			  size_t *count, size_t most, struct lesson_let let)
{
	if (*count == most)
		return lesson_wrong(reader, "too many of those");
	if (!*let.name)
		return lesson_wrong(reader, "it lacks a name");
	lets[(*count)++] = let;
	return 0;
}

/* What follows the number; "?" if it is none. */
static const char *lesson_read_number(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end == text ? "?" : end;
}

/* "below 0.9", "0.9 to 1.1", "above 1.1". False: it is none. */
static bool lesson_read_range(const char *text, double *lo, double *hi)
{
	*lo = -INFINITY;
	*hi = INFINITY;
	if (strncmp(text, "below ", 6) == 0)
		return !*lesson_read_number(text + 6, hi);
	if (strncmp(text, "above ", 6) == 0)
		return !*lesson_read_number(text + 6, lo);
	text = lesson_read_number(text, lo);
	return strncmp(text, " to ", 4) == 0 &&
	       !*lesson_read_number(text + 4, hi) && *lo <= *hi;
}

static int lesson_put_outcome(struct lesson_reader *reader, const char *name,
			      const char *range)
{
	struct lesson *lesson = reader->lesson;
	struct lesson_outcome *outcome = &lesson->outcomes[lesson->noutcomes];

	if (lesson->noutcomes == LESSON_OUTCOMES_MAX)
		return lesson_wrong(reader, "too many outcomes");
	if (!*lesson_part(lesson, name))
		return lesson_wrong(reader, "no section has the name of this "
					    "outcome");
	outcome->name = name;
	if (!lesson_read_range(range, &outcome->lo, &outcome->hi))
		return lesson_wrong(reader, "an outcome is 'below X', 'X to "
					    "Y' or 'above X'");
	lesson->noutcomes++;
	return 0;
}

/* A line "- KEY NAME: VALUE" of the section, in its parts. */
static int lesson_take(struct lesson_reader *reader, const char *key,
		       const char *name, const char *value)
{
	struct lesson *lesson = reader->lesson;

	if (strcmp(key, "measure") == 0) {
		if (lesson->nmeasures == LESSON_MEASURES_MAX)
			return lesson_wrong(reader, "too many measurements");
		lesson->measures[lesson->nmeasures++] = value;
	} else if (strcmp(key, "let") == 0) {
		return lesson_put_let(reader, lesson->lets, &lesson->nlets,
				      LESSON_LETS_MAX,
				      (struct lesson_let){name, value});
	} else if (strcmp(key, "change") == 0) {
		return lesson_put_let(reader, lesson->changes,
				      &lesson->nchanges, LESSON_CHANGES_MAX,
				      (struct lesson_let){name, value});
	} else if (strcmp(key, "outcome") == 0) {
		return lesson_put_outcome(reader, name, value);
	} else if (strcmp(key, "answer") == 0) {
		lesson->answer = value;
	} else if (strcmp(key, "unit") == 0) {
		lesson->unit = value;
	} else {
		return lesson_wrong(reader,
				    "a line of 'Measure' is '- measure: ...', "
				    "'- let NAME: ...', '- change NAME: ...', "
				    "'- answer: NAME', '- unit: ...' or "
				    "'- outcome NAME: ...'");
	}
	return 0;
}

static int lesson_take_line(struct lesson_reader *reader, char *line)
{
	char *colon = strstr(line, ": "), *name;

	if (strncmp(line, "- ", 2) != 0 || !colon)
		return *line ? lesson_take(reader, line, "", "") : 0;
	*colon = '\0';
	name = strchr(line + 2, ' ');
	if (name)
		*name++ = '\0';
	return lesson_take(reader, line + 2, name ? name : "", colon + 2);
}

static int lesson_take_lines(struct lesson_reader *reader, char *line)
{
	int rc = 0;

	while (rc == 0 && line) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		reader->line++;
		rc = lesson_take_line(reader, line);
		line = next;
	}
	return rc;
}

static int lesson_check(struct lesson_reader *reader)
{
	const struct lesson *lesson = reader->lesson;
	bool is_let = false;

	for (size_t i = 0; lesson->answer && i < lesson->nlets; i++)
		is_let |= strcmp(lesson->lets[i].name, lesson->answer) == 0;
	if (!*lesson_part(lesson, "Question"))
		return lesson_wrong(reader, "it has no section 'Question'");
	if (lesson->nmeasures == 0)
		return lesson_wrong(reader, "its section 'Measure' names "
					    "nothing to measure");
	if (!is_let)
		return lesson_wrong(reader, "its 'answer' is none of the names "
					    "that 'let' gives");
	if (lesson->noutcomes < 2)
		return lesson_wrong(reader, "it has less than two outcomes");
	return 0;
}

/* Lines of other systems end with one more character. */
static void lesson_drop_returns(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
}

int lesson_parse(struct lesson *lesson, const char *name, const char *text,
		 struct error *error)
{
	struct lesson_reader reader = {.lesson = lesson, .error = error};
	const struct lesson_part *measure;
	int rc;

	*lesson = (struct lesson){.text = strdup(text)};
	snprintf(lesson->name, sizeof(lesson->name), "%s", name);
	if (!lesson->text)
		return error_set(error, ERROR_FAILED, "out of memory");
	lesson_drop_returns(lesson->text);
	rc = lesson_cut(&reader);
	if (rc)
		return rc;
	measure = lesson_find(lesson, "Measure");
	if (!measure)
		return lesson_wrong(&reader, "it has no section 'Measure'");
	reader.line = measure->line;
	rc = lesson_take_lines(&reader, measure->text);
	if (rc)
		return rc;
	reader.line = measure->line;
	return lesson_check(&reader);
}

void lesson_free(struct lesson *lesson)
{
	free(lesson->text);
	*lesson = (struct lesson){.text = NULL};
}

int lesson_outcome(const struct lesson *lesson, double lo, double hi)
{
	for (size_t i = 0; i < lesson->noutcomes; i++) {
		const struct lesson_outcome *outcome = &lesson->outcomes[i];

		if (lo >= outcome->lo && hi <= outcome->hi)
			return (int)i;
	}
	return -1;
}

/* SPDX-License-Identifier: MIT */
#include "results/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No line that we write comes near it; a file that is no record may. */
enum { LONGEST_LINE = 64 << 20 };

struct reader {
	const char *path;
	FILE *file;
	size_t number; /* of the line, from 1 */
	char *line;
	size_t length, room;
	bool whole; /* the line has its end */
};

/* Say where it went wrong, in front of what did. */
static int fail(const struct reader *reader, int rc, const char *what,
		char error[RECORD_ERROR_MAX])
{
	snprintf(error, RECORD_ERROR_MAX, "%s:%zu: %s", reader->path,
		 reader->number, what);
	for (char *c = error; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return rc;
}

static int grow(struct reader *reader)
{
	size_t room = reader->room ? 2 * reader->room : 1 << 12;
	char *grown;

	if (room > LONGEST_LINE)
		return -EFBIG;
	grown = realloc(reader->line, room);
	if (!grown)
		return -ENOMEM;
	reader->line = grown;
	reader->room = room;
	return 0;
}

/* 1: there is a line; 0: the file has ended; -errno. */
static int next_line(struct reader *reader)
{
	int c;

	reader->number++;
	reader->length = 0;
	reader->whole = false;
	while (!reader->whole && (c = getc_unlocked(reader->file)) != EOF) {
		int rc = 0;

		if (reader->length == reader->room)
			rc = grow(reader);
		if (rc)
			return rc;
		reader->whole = c == '\n';
		reader->line[reader->length++] = (char)c;
	}
	if (ferror(reader->file))
		return -errno;
	return reader->length > 0;
}

static int refuse_text(const struct reader *reader, bool first, const char *why,
		       char error[RECORD_ERROR_MAX])
{
	char what[RECORD_ERROR_MAX];

	if (first)
		snprintf(what, sizeof(what),
			 "this is no record of breakeven (%s): name a .jsonl "
			 "file that breakeven wrote",
			 why);
	else
		snprintf(what, sizeof(what),
			 "this is not JSON (%s): the file was damaged or "
			 "edited; without this line it may be readable",
			 why);
	return fail(reader, -EINVAL, what, error);
}

/* 0 and *json, which is NULL for a torn last line; -EINVAL. */
static int load(const struct reader *reader, bool first, json_t **json,
		char error[RECORD_ERROR_MAX])
{
	const char *line = reader->line ? reader->line : "", *why;
	json_error_t problem;

	*json = NULL;
	if (memchr(line, '\0', reader->length)) {
		why = "there is a NUL byte in it";
	} else {
		*json = json_loadb(line, reader->length, JSON_REJECT_DUPLICATES,
				   &problem);
		why = problem.text;
	}
	if (*json || !reader->whole)
		return 0;
	return refuse_text(reader, first, why, error);
}

static int take_line(const struct reader *reader, struct record *record,
		     char error[RECORD_ERROR_MAX])
{
	char what[RECORD_ERROR_MAX] = "";
	struct line line;
	json_t *json;
	int rc = load(reader, !record->header, &json, error);

	if (rc || !json)
		return rc;
	rc = line_parse(record, json, &line, what);
	json_decref(json);
	if (rc)
		return fail(reader, rc, what, error);
	line_commit(record, &line);
	return 0;
}

static int refuse_line(const struct reader *reader, int rc,
		       char error[RECORD_ERROR_MAX])
{
	if (rc != -EFBIG)
		return fail(reader, rc, strerror(-rc), error);
	return fail(reader, rc,
		    "the line is longer than 64 MiB, which no line of a record "
		    "is: name a .jsonl file that breakeven wrote",
		    error);
}

static int read_lines(struct reader *reader, struct record *record,
		      char error[RECORD_ERROR_MAX])
{
	int rc;

	while ((rc = next_line(reader)) > 0) {
		rc = take_line(reader, record, error);
		if (rc)
			return rc;
	}
	if (rc < 0)
		return refuse_line(reader, rc, error);
	if (record->header)
		return 0;
	snprintf(error, RECORD_ERROR_MAX,
		 "%s: %s: name a .jsonl file that breakeven wrote",
		 reader->path,
		 reader->number == 1
			 ? "the file is empty, and no record"
			 : "no record of breakeven, or cut off in its first "
			   "line");
	return -EINVAL;
}

int record_read(const char *path, struct record **out,
		char error[RECORD_ERROR_MAX])
{
	struct reader reader = {.path = path, .file = fopen(path, "re")};
	struct record *record;
	int rc = -errno;

	*out = NULL;
	if (!reader.file) {
		snprintf(error, RECORD_ERROR_MAX, "%s: %s", path,
			 strerror(-rc));
		return rc;
	}
	record = record_new();
	if (record) {
		rc = read_lines(&reader, record, error);
	} else {
		rc = -ENOMEM;
		snprintf(error, RECORD_ERROR_MAX, "%s: out of memory", path);
	}
	free(reader.line);
	fclose(reader.file);
	if (rc)
		record_free(record);
	else
		*out = record;
	return rc;
}

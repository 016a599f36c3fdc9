/* SPDX-License-Identifier: MIT */
#include "results/record_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far more than any line of a record; another file may have longer ones. */
enum { LINE_MAX_BYTES = 64 << 20 };

struct record_reader {
	const char *path;
	FILE *file;
	size_t number; /* of the line, from 1 */
	char *line;
	size_t length, capacity;
	bool whole;	   /* the line has its newline */
	off_t whole_bytes; /* of all whole lines */
	off_t kept_bytes;  /* up to the last that is no conclusion */
};

/* Put file and line in front of what went wrong. */
static int reader_fail(const struct record_reader *reader, int rc,
		       const char *what, char error[ERROR_TEXT_MAX])
{
	snprintf(error, ERROR_TEXT_MAX, "%s:%zu: %s", reader->path,
		 reader->number, what);
	for (char *c = error; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return rc;
}

static int reader_grow(struct record_reader *reader)
{
	size_t capacity = reader->capacity ? 2 * reader->capacity : 1 << 12;
	char *grown;

	if (capacity > LINE_MAX_BYTES)
		return -EFBIG;
	grown = realloc(reader->line, capacity);
	if (!grown)
		return -ENOMEM;
	reader->line = grown;
	reader->capacity = capacity;
	return 0;
}

/* 1: there is a line; 0: the file has ended; -errno. */
static int reader_next_line(struct record_reader *reader)
{
	int c;

	reader->number++;
	reader->length = 0;
	reader->whole = false;
	while (!reader->whole && (c = getc_unlocked(reader->file)) != EOF) {
		int rc = 0;

		if (reader->length == reader->capacity)
			rc = reader_grow(reader);
		if (rc)
			return rc;
		reader->whole = c == '\n';
		reader->line[reader->length++] = (char)c;
	}
	if (ferror(reader->file))
		return -errno;
	return reader->length > 0;
}

static int reader_refuse_text(const struct record_reader *reader, bool first,
			      const char *why, char error[ERROR_TEXT_MAX])
{
	char what[ERROR_TEXT_MAX];

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
	return reader_fail(reader, -EINVAL, what, error);
}

/* 0 and *json, which is NULL for a torn last line; -EINVAL. */
static int reader_load(const struct record_reader *reader, bool first,
		       json_t **json, char error[ERROR_TEXT_MAX])
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
	return reader_refuse_text(reader, first, why, error);
}

static int reader_take_line(struct record_reader *reader, struct record *record,
			    char error[ERROR_TEXT_MAX])
{
	char what[ERROR_TEXT_MAX] = "";
	struct record_line line;
	json_t *json;
	int rc = reader_load(reader, !record->header, &json, error);

	if (rc || !json)
		return rc;
	rc = record_line_parse(record, json, &line, what);
	json_decref(json);
	if (rc)
		return reader_fail(reader, rc, what, error);
	reader->whole_bytes += (off_t)reader->length;
	/* Those at the end would be told again by who goes on. */
	if (line.kind != RECORD_LINE_END && line.kind != RECORD_LINE_VERDICT)
		reader->kept_bytes = reader->whole_bytes;
	record_line_commit(record, &line);
	return 0;
}

static int reader_refuse_line(const struct record_reader *reader, int rc,
			      char error[ERROR_TEXT_MAX])
{
	if (rc != -EFBIG)
		return reader_fail(reader, rc, strerror(-rc), error);
	return reader_fail(
		reader, rc,
		"the line is longer than 64 MiB, which no line of a record "
		"is: name a .jsonl file that breakeven wrote",
		error);
}

static int reader_read_all(struct record_reader *reader, struct record *record,
			   char error[ERROR_TEXT_MAX])
{
	int rc;

	while ((rc = reader_next_line(reader)) > 0) {
		rc = reader_take_line(reader, record, error);
		if (rc)
			return rc;
	}
	if (rc < 0)
		return reader_refuse_line(reader, rc, error);
	if (record->header)
		return 0;
	snprintf(error, ERROR_TEXT_MAX,
		 "%s: %s: name a .jsonl file that breakeven wrote",
		 reader->path,
		 reader->number == 1
			 ? "the file is empty, and no record"
			 : "no record of breakeven, or cut off in its first "
			   "line");
	return -EINVAL;
}

/* Also returns how many bytes the lines take up to the last that is no
 * conclusion. */
static int record_read_file(const char *path, struct record **out,
			    off_t *kept_bytes, char error[ERROR_TEXT_MAX])
{
	struct record_reader reader = {.path = path, .file = fopen(path, "re")};
	struct record *record;
	int rc = -errno;

	*out = NULL;
	if (!reader.file) {
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", path, strerror(-rc));
		return rc;
	}
	record = record_new();
	if (record) {
		rc = reader_read_all(&reader, record, error);
	} else {
		rc = -ENOMEM;
		snprintf(error, ERROR_TEXT_MAX, "%s: out of memory", path);
	}
	free(reader.line);
	fclose(reader.file);
	*kept_bytes = reader.kept_bytes;
	if (rc)
		record_free(record);
	else
		*out = record;
	return rc;
}

int record_read(const char *path, struct record **out,
		char error[ERROR_TEXT_MAX])
{
	off_t kept_bytes;

	return record_read_file(path, out, &kept_bytes, error);
}

/* 0, or -errno with `error` filled. */
static int record_reopen(struct record *record, const char *path,
			 off_t kept_bytes, char error[ERROR_TEXT_MAX])
{
	if (record->complete && record_budget_s(record) == 0) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s: this run is complete, as its rounds were "
			 "counted: there is nothing to add",
			 path);
		return -EEXIST;
	}
	record->cut_at = kept_bytes;
	record->ended = record->complete = false;
	json_decref(record->splits);
	record->splits = NULL;
	return 0;
}

/* Open and lock the file. Its descriptor; -1 with *rc and `error` filled. */
static int record_open_locked(const char *path, int *rc,
			      char error[ERROR_TEXT_MAX])
{
	struct stat status;
	int fd;

	/* To open a pipe may wait for ever. */
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s: only a record that is a file can be resumed",
			 path);
		*rc = -EINVAL;
		return -1;
	}
	fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	*rc = errno == EWOULDBLOCK ? -EBUSY : -errno;
	snprintf(error, ERROR_TEXT_MAX, "%s: %s", path,
		 *rc == -EBUSY ? "a run is writing this record"
			       : strerror(-*rc));
	if (fd >= 0)
		close(fd);
	return -1;
}

int record_resume(const char *path, struct record **out,
		  char error[ERROR_TEXT_MAX])
{
	struct record *record = NULL;
	int rc, fd = record_open_locked(path, &rc, error);
	off_t kept_bytes;

	*out = NULL;
	if (fd < 0)
		return rc;
	rc = record_read_file(path, &record, &kept_bytes, error);
	if (!record) {
		close(fd);
		return rc;
	}
	record->fd = fd;
	rc = record_reopen(record, path, kept_bytes, error);
	if (rc)
		record_free(record);
	else
		*out = record;
	return rc;
}

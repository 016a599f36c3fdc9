/* SPDX-License-Identifier: MIT */
#include "results/record_summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes: of a header at most, and of the end that is read. */
enum { HEADER_MAX = 4 << 20, TAIL = 256 << 10 };

static int summary_fail(const char *path, const char *what, int rc,
			char error[ERROR_TEXT_MAX])
{
	snprintf(error, ERROR_TEXT_MAX, "%s: %s", path, what);
	return rc;
}

/* The first line, which says what the file is. */
static int summary_read_header(FILE *file, const char *path,
			       struct record_summary *summary,
			       char error[ERROR_TEXT_MAX])
{
	char *line = malloc(HEADER_MAX);
	json_int_t schema;

	if (!line)
		return summary_fail(path, "out of memory", -ENOMEM, error);
	if (fgets(line, HEADER_MAX, file) && strchr(line, '\n'))
		summary->header =
			json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	free(line);
	schema = json_integer_value(
		json_object_get(summary->header, "breakeven"));
	if (schema < 1)
		return summary_fail(path, "this is no record of breakeven",
				    -EINVAL, error);
	if (schema > RECORD_SCHEMA)
		return summary_fail(
			path,
			"a newer breakeven wrote this record: read it "
			"with that one",
			-ENOTSUP, error);
	return 0;
}

static int summary_take_line(struct record_summary *summary, const char *line)
{
	json_t *json = json_loads(line, 0, NULL);
	json_t *verdict = json_object_get(json, "verdict");
	int rc = 0;

	if (json_object_get(json, "end"))
		summary->complete =
			json_is_true(json_object_get(json, "complete"));
	if (json_is_object(verdict))
		rc = json_array_append(summary->verdicts, verdict);
	json_decref(json);
	return rc ? -ENOMEM : 0;
}

/* Read the verdicts and the end among the last lines. Skips other lines; the
 * first one may be cut. */
static int summary_read_tail(FILE *file, struct record_summary *summary)
{
	char *tail = malloc(TAIL + 1), *next;
	long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	int rc = tail && summary->verdicts ? 0 : -ENOMEM;
	size_t length;

	if (rc == 0 && (size < 0 || fseek(file, size > TAIL ? size - TAIL : 0,
					  SEEK_SET) < 0))
		rc = -errno;
	if (rc == 0) {
		length = fread(tail, 1, TAIL, file);
		tail[length] = '\0';
		for (char *line = tail; rc == 0 && *line; line = next) {
			next = line + strcspn(line, "\n");
			if (*next)
				*next++ = '\0';
			if (strncmp(line, "{\"verdict\"", 10) == 0 ||
			    strncmp(line, "{\"end\"", 6) == 0)
				rc = summary_take_line(summary, line);
		}
	}
	free(tail);
	return rc;
}

int record_summary_read(const char *path, struct record_summary *summary,
			char error[ERROR_TEXT_MAX])
{
	FILE *file = fopen(path, "re");
	int rc = file ? 0 : -errno;

	*summary = (struct record_summary){.verdicts = json_array()};
	if (!file)
		return summary_fail(path, strerror(-rc), rc, error);
	rc = summary_read_header(file, path, summary, error);
	if (rc == 0) {
		rc = summary_read_tail(file, summary);
		if (rc)
			summary_fail(path, strerror(-rc), rc, error);
	}
	fclose(file);
	return rc;
}

void record_summary_free(struct record_summary *summary)
{
	json_decref(summary->header);
	json_decref(summary->verdicts);
}

/* SPDX-License-Identifier: MIT */
#include "results/record.h"

#include "results/record_line.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Digits that are the same after writing and reading. */
enum { DIGITS = 15 };

/* ------------------------------------------------------------- memory */

struct record *record_new(void)
{
	struct record *record = calloc(1, sizeof(*record));

	if (record)
		record->fd = -1;
	return record;
}

void record_free(struct record *record)
{
	if (!record)
		return;
	if (record->fd >= 0)
		close(record->fd);
	for (size_t i = 0; i < record->nblocks; i++)
		record_line_free_block(&record->blocks[i]);
	for (size_t i = 0; i < record->nrows; i++)
		json_decref(record->rows[i]);
	free(record->blocks);
	free(record->rows);
	free(record->notes);
	free(record->runners);
	free(record->kernels);
	json_decref(record->header);
	json_decref(record->splits);
	tdestroy(record->strings, free);
	free(record);
}

size_t record_count_readings(const struct record *record)
{
	size_t count = 0;

	for (size_t b = 0; b < record->nblocks; b++)
		count += 2 * record->blocks[b].rounds;
	return count;
}

const json_t *record_looks(const struct record *record)
{
	const json_t *looks = json_object_get(
		json_object_get(record->header, "plan"), "looks");

	return json_array_size(looks) > 0 ? looks : NULL;
}

double record_budget_s(const struct record *record)
{
	const json_t *budget = json_object_get(
		json_object_get(record->header, "plan"), "budget_s");

	return json_is_number(budget) ? json_number_value(budget) : NAN;
}

/* ------------------------------------------------------------- file */

static const char *open_advice(int error)
{
	switch (error) {
	case EEXIST:
		return ": a record is never overwritten, name another file";
	case EBADF:
		return ": open it to be written to";
	case EBUSY:
		return ": the report or messages go there, name another one";
	case ENOENT:
	case ENOTDIR:
		return ": make its folder first, or name another one";
	default:
		return ": name a file in a folder that can be written to";
	}
}

/* A descriptor that the user has opened, as in `-o >(gzip >x.gz)`; unless it
 * leads to a file that holds something, or the report goes there. Our own are
 * closed on exec, his are not. -1 with errno. */
static int take_descriptor(int fd)
{
	int flags = fcntl(fd, F_GETFL), own = fcntl(fd, F_GETFD);
	struct stat status;

	if (flags < 0 || fstat(fd, &status) < 0)
		return -1;
	if ((flags & O_ACCMODE) == O_RDONLY || own & FD_CLOEXEC)
		errno = EBADF;
	else if (fd <= STDERR_FILENO)
		errno = EBUSY;
	else if (S_ISREG(status.st_mode) && status.st_size > 0)
		errno = EEXIST;
	else
		return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return -1;
}

int record_path_descriptor(const char *path)
{
	static const char folder[] = "/dev/fd/";
	const char *number = path + strlen(folder);
	long fd;

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	if (strncmp(path, folder, strlen(folder)) != 0 || !*number ||
	    strspn(number, "0123456789") != strlen(number))
		return -1;
	fd = strtol(number, NULL, 10);
	return fd <= INT_MAX ? (int)fd : -1;
}

static int open_new(const char *path)
{
	int fd = record_path_descriptor(path);

	if (fd >= 0)
		return take_descriptor(fd);
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC,
		    0666);
}

int record_attach(struct record *record, const char *path,
		  char error[ERROR_TEXT_MAX])
{
	int saved, fd;

	if (record->fd >= 0) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s: this record goes to another file already", path);
		return -EBUSY;
	}
	fd = open_new(path);
	if (fd < 0) {
		saved = errno;
		snprintf(error, ERROR_TEXT_MAX, "%s: %s%s", path,
			 strerror(saved), open_advice(saved));
		return -saved;
	}
	/* record_resume() sees that this record is being written. */
	flock(fd, LOCK_EX | LOCK_NB);
	record->fd = fd;
	return 0;
}

/* A reader that takes nothing for so long is not waited for any longer. */
enum { STALLED_MS = 10000 };

/* Write all of it, or nothing of it to a file. -EIO: a part was written, and
 * cannot be cut off. */
static int write_whole(int fd, const char *text, size_t length)
{
	off_t before = lseek(fd, 0, SEEK_END);
	struct pollfd room = {.fd = fd, .events = POLLOUT};
	size_t done = 0;
	int error = 0;

	while (done < length && error == 0) {
		ssize_t written = write(fd, text + done, length - done);

		if (written > 0)
			done += (size_t)written;
		else if (written == 0)
			error = ENOSPC;
		else if (errno == EAGAIN) /* a user's, which does not block */
			error = poll(&room, 1, STALLED_MS) ? 0 : EAGAIN;
		else if (errno != EINTR)
			error = errno;
	}
	if (error && done > 0 && before >= 0 && ftruncate(fd, before) < 0)
		return -EIO;
	return -error;
}

/* The line before may be complete JSON without a newline: add it. */
static int record_cut(struct record *record)
{
	char last;

	if (record->cut_at == 0)
		return 0;
	if (ftruncate(record->fd, record->cut_at) < 0 ||
	    pread(record->fd, &last, 1, record->cut_at - 1) < 0 ||
	    (last != '\n' && write(record->fd, "\n", 1) != 1))
		return -errno;
	record->cut_at = 0;
	return 0;
}

static int record_write_line(struct record *record, const json_t *json)
{
	size_t length;
	char *text;
	int rc;

	if (record->fd < 0)
		return 0;
	rc = record_cut(record);
	if (rc)
		return rc;
	text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
	if (!text)
		return -ENOMEM;
	length = strlen(text);
	text[length] = '\n'; /* in the place of the NUL */
	rc = write_whole(record->fd, text, length + 1);
	free(text);
	return rc;
}

/* Takes ownership of `json`; NULL stands for out of memory. */
static int record_put(struct record *record, json_t *json)
{
	char error[ERROR_TEXT_MAX];
	struct record_line line;
	int rc;

	if (!json)
		return -ENOMEM;
	rc = record_line_parse(record, json, &line, error);
	if (rc)
		goto out;
	rc = record_write_line(record, json);
	if (rc && !record->failure)
		record->failure = rc;
	if (rc)
		record_line_discard(&line);
	else
		record_line_commit(record, &line);
out:
	json_decref(json);
	return rc;
}

/* ------------------------------------------------------------- lines */

/* A reason may quote any bytes that a worker wrote, but JSON is UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *json;
	char *plain;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	plain = strdup(text);
	if (!plain)
		return NULL;
	for (char *c = plain; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	json = json_string(plain);
	free(plain);
	return json;
}

/* Rounded to a hundredth of a nanosecond: more digits would be noise. */
static json_t *time_json(double ns)
{
	double whole;

	if (!isfinite(ns))
		return json_null();
	ns = round(ns * 100) / 100;
	if (modf(ns, &whole) == 0 && fabs(ns) < 1e15)
		return json_integer((json_int_t)ns);
	return json_real(ns);
}

static json_t *times_json(const double *ns, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(array, time_json(ns[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

/* One number of all readings, by round: before and after. */
static json_t *readings_json(const struct block *block, size_t offset)
{
	json_t *array = json_array();

	for (size_t r = 0; r < block->rounds; r++) {
		double ns[2];

		for (int i = 0; i < 2; i++)
			ns[i] = *record_line_reading(block, 2 * r + (size_t)i,
						     offset);
		if (json_array_append_new(array, times_json(ns, 2)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *series_json(const struct series *series, size_t rounds)
{
	json_t *json = json_pack(
		"{s:o,s:I,s:s,s:I,s:o}", "runner", text_json(series->runner),
		"workers", (json_int_t)series->workers, "role",
		role_names[series->role], "calls", (json_int_t)series->calls,
		"ns", times_json(series->ns, rounds));

	if (json && series->tiles)
		json_object_set_new(json, "tiles",
				    json_integer((json_int_t)series->tiles));
	if (json && series->cpu_ns &&
	    json_object_set_new(json, "cpu_ns",
				times_json(series->cpu_ns, rounds)) < 0) {
		json_decref(json);
		return NULL;
	}
	if (json && series->open_ns > 0)
		json_object_set_new(json, "open_ns",
				    time_json(series->open_ns));
	return json;
}

static json_t *all_series_json(const struct block *block)
{
	json_t *array = json_array();

	for (size_t i = 0; i < block->nseries; i++)
		if (json_array_append_new(array, series_json(&block->series[i],
							     block->rounds)) <
		    0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

int record_put_header(struct record *record, json_t *header)
{
	return record_put(record, header);
}

/* Add what only some blocks have: where pages lie, and disturbances from
 * outside. */
static json_t *with_events(json_t *json, const struct block *block)
{
	if (json && json_is_array(block->nodes))
		json_object_set_new(json, "nodes",
				    json_deep_copy(block->nodes));
	if (json && block->throttled)
		json_object_set_new(json, "throttled",
				    json_integer((json_int_t)block->throttled));
	if (json && block->cpus_changed)
		json_object_set_new(json, "cpus_changed", json_true());
	return json;
}

static json_t *block_json(const struct block *block)
{
	return json_pack(
		"{s:I,s:o,s:I,s:I,s:o,s:o,s:o,s:o}", "generation",
		(json_int_t)block->generation, "kernel",
		text_json(block->kernel), "n", (json_int_t)block->n, "tiles",
		(json_int_t)block->tiles, "probe_ns",
		readings_json(block, offsetof(struct reading, trip_ns)),
		"together_ns",
		readings_json(block, offsetof(struct reading, together_ns)),
		"alone_ns",
		readings_json(block, offsetof(struct reading, alone_ns)),
		"series", all_series_json(block));
}

int record_put_block(struct record *record, const struct block *block)
{
	return record_put(record,
			  json_pack("{s:o}", "block",
				    with_events(block_json(block), block)));
}

int record_put_note(struct record *record, const struct note *note)
{
	json_t *object = json_pack(
		"{s:o,s:o,s:o,s:I,s:I,s:I,s:o}", "kind", text_json(note->kind),
		"kernel", text_json(note->kernel), "runner",
		text_json(note->runner), "workers", (json_int_t)note->workers,
		"n", (json_int_t)note->n, "generation",
		(json_int_t)note->generation, "reason",
		text_json(note->reason));

	if (note->beyond)
		json_object_set_new(object, "beyond", json_true());
	return record_put(record, json_pack("{s:o}", "note", object));
}

/* As it will be read: numbers lose the digits that are not written. Takes
 * ownership; NULL: out of memory. */
static json_t *as_read(json_t *json)
{
	char *text = json_dumps(json, JSON_REAL_PRECISION(DIGITS));
	json_t *read = text ? json_loads(text, 0, NULL) : NULL;

	free(text);
	json_decref(json);
	return read;
}

int record_put_row(struct record *record, json_t *row)
{
	return record_put(record, json_pack("{s:o}", "row", as_read(row)));
}

int record_put_verdict(struct record *record, json_t *verdict)
{
	return record_put(record, json_pack("{s:o}", "verdict", verdict));
}

int record_put_end(struct record *record, bool complete, json_t *splits)
{
	time_t now = time(NULL);
	char when[32];
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return record_put(record,
			  json_pack("{s:s,s:b,s:o*}", "end", when, "complete",
				    (int)complete, "splits", splits));
}

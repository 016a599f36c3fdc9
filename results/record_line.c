/* SPDX-License-Identifier: MIT */
#include "results/record_line.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const role_names[] = {"base", "runner", "control", "twin", "proof"};

enum { ROLES = sizeof(role_names) / sizeof(role_names[0]) };

__attribute__((format(printf, 2, 3))) static int line_fail(char *error,
							   const char *format,
							   ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, ERROR_TEXT_MAX, format, args);
	va_end(args);
	return -EINVAL;
}

static int line_no_memory(char *error)
{
	line_fail(error, "out of memory");
	return -ENOMEM;
}

/* ------------------------------------------------------------- strings */

static int compare_strings(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The record's one copy of `text`; NULL: out of memory. */
static const char *intern(struct record *record, const char *text)
{
	char **node = tfind(text, &record->strings, compare_strings);
	char *copy;

	if (node)
		return *node;
	copy = strdup(text);
	if (!copy)
		return NULL;
	node = tsearch(copy, &record->strings, compare_strings);
	if (!node) {
		free(copy);
		return NULL;
	}
	return copy;
}

/* `fallback` NULL: the string must be there. */
static int take_string(struct record *record, const json_t *object,
		       const char *key, const char *fallback, const char **out,
		       char *error)
{
	const json_t *value = json_object_get(object, key);
	const char *text = json_string_value(value);

	if (!text && fallback && (!value || json_is_null(value)))
		text = fallback;
	if (!text)
		return line_fail(error, "\"%s\" must be a string", key);
	*out = intern(record, text);
	return *out ? 0 : line_no_memory(error);
}

/* ------------------------------------------------------------- numbers */

static int take_count(const json_t *object, const char *key, json_int_t min,
		      json_int_t max, uint64_t *out, char *error)
{
	const json_t *value = json_object_get(object, key);
	json_int_t count = json_integer_value(value);

	if (!json_is_integer(value) || count < min || count > max)
		return line_fail(error,
				 "\"%s\" must be a whole number from "
				 "%" JSON_INTEGER_FORMAT
				 " to %" JSON_INTEGER_FORMAT,
				 key, min, max);
	*out = (uint64_t)count;
	return 0;
}

static int take_unsigned(const json_t *object, const char *key, json_int_t min,
			 unsigned *out, char *error)
{
	uint64_t count = 0;
	int rc = take_count(object, key, min, UINT_MAX, &count, error);

	*out = (unsigned)count;
	return rc;
}

/* Times in ns; null is a time that was not taken. */
static int take_times(const json_t *array, const char *what, size_t count,
		      double *out, char *error)
{
	if (!json_is_array(array))
		return line_fail(error, "%s must be an array", what);
	if (json_array_size(array) != count)
		return line_fail(error, "%s has %zu numbers instead of %zu",
				 what, json_array_size(array), count);
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_array_get(array, i);

		out[i] = json_is_null(value) ? NAN : json_number_value(value);
		if ((!json_is_number(value) && !json_is_null(value)) ||
		    out[i] < 0)
			return line_fail(error,
					 "%s must hold only times of 0 or "
					 "more, and null",
					 what);
	}
	return 0;
}

static double *new_times(size_t count)
{
	return calloc(count + 1, sizeof(double));
}

/* ------------------------------------------------------------- header */

static int take_kernels(struct record *record, const json_t *array,
			struct record_header *header, char *error)
{
	size_t count = json_array_size(array);
	int rc = 0;

	if (header->study && !array)
		return 0;
	if (!json_is_array(array))
		return line_fail(error,
				 "the header's \"kernels\" must be an array");
	header->kernels = calloc(count + 1, sizeof(*header->kernels));
	if (!header->kernels)
		return line_no_memory(error);
	for (; rc == 0 && header->nkernels < count; header->nkernels++)
		rc = take_string(
			record, json_array_get(array, header->nkernels), "name",
			NULL, &header->kernels[header->nkernels], error);
	return rc;
}

static int take_runner(struct record *record, const json_t *object,
		       struct record_runner *runner, char *error)
{
	static const char unknown[] = "unknown";
	int rc =
		take_string(record, object, "name", NULL, &runner->spec, error);

	if (rc == 0)
		rc = take_string(record, object, "unit", unknown, &runner->unit,
				 error);
	if (rc == 0)
		rc = take_string(record, object, "lifetime", unknown,
				 &runner->lifetime, error);
	if (rc == 0)
		rc = take_string(record, object, "data", unknown, &runner->data,
				 error);
	if (rc == 0)
		rc = take_string(record, object, "regime", unknown,
				 &runner->regime, error);
	if (rc == 0)
		rc = take_string(record, object, "base", "serial",
				 &runner->base, error);
	return rc;
}

static int take_runners(struct record *record, const json_t *array,
			struct record_header *header, char *error)
{
	size_t count = json_array_size(array);
	int rc = 0;

	if (header->study && !array)
		return 0;
	if (!json_is_array(array))
		return line_fail(error,
				 "the header's \"runners\" must be an array");
	header->runners = calloc(count + 1, sizeof(*header->runners));
	if (!header->runners)
		return line_no_memory(error);
	for (; rc == 0 && header->nrunners < count; header->nrunners++)
		rc = take_runner(record,
				 json_array_get(array, header->nrunners),
				 &header->runners[header->nrunners], error);
	return rc;
}

static int check_schema(const json_t *json, char *error)
{
	const json_t *schema = json_object_get(json, "breakeven");

	if (!json_is_integer(schema) || json_integer_value(schema) < 1)
		return line_fail(error,
				 "the schema, \"breakeven\", must be a whole "
				 "number from 1 up");
	if (json_integer_value(schema) <= RECORD_SCHEMA)
		return 0;
	line_fail(error,
		  "written by a newer breakeven: schema %" JSON_INTEGER_FORMAT
		  ", this one reads up to %d: upgrade",
		  json_integer_value(schema), RECORD_SCHEMA);
	return -ENOTSUP;
}

/* The name of a command, which others print. */
static int take_study(struct record *record, const json_t *json,
		      struct record_header *header, char *error)
{
	int rc =
		take_string(record, json, "study", NULL, &header->study, error);

	for (const char *c = rc ? "" : header->study; *c; c++)
		if ((*c < 'a' || *c > 'z') && *c != '-')
			return line_fail(error,
					 "\"study\" must be the name of a "
					 "command");
	return rc;
}

static int parse_header(struct record *record, json_t *json,
			struct record_line *line, char *error)
{
	struct record_header *header = &line->header;
	int rc = check_schema(json, error);

	if (rc == 0 && record->header)
		rc = line_fail(error,
			       "a second header: this file holds several "
			       "records; separate them");
	if (rc)
		return rc;
	header->json = json_incref(json);
	if (json_object_get(json, "study"))
		rc = take_study(record, json, header, error);
	if (rc == 0)
		rc = take_kernels(record, json_object_get(json, "kernels"),
				  header, error);
	if (rc == 0)
		rc = take_runners(record, json_object_get(json, "runners"),
				  header, error);
	return rc;
}

/* ------------------------------------------------------------- block */

static int take_role(const json_t *object, enum role *out, char *error)
{
	const char *text = json_string_value(json_object_get(object, "role"));

	for (int i = 0; text && i < ROLES; i++) {
		if (strcmp(text, role_names[i]) != 0)
			continue;
		*out = (enum role)i;
		return 0;
	}
	return line_fail(error,
			 "\"role\" must be base, runner, control, twin or "
			 "proof");
}

/* Records of earlier versions have no costs. */
static int take_costs(const json_t *object, size_t rounds,
		      struct series *series, char *error)
{
	const json_t *cpu_ns = json_object_get(object, "cpu_ns");

	series->open_ns = json_number_value(json_object_get(object, "open_ns"));
	if (!cpu_ns)
		return 0;
	series->cpu_ns = new_times(rounds);
	if (!series->cpu_ns)
		return line_no_memory(error);
	return take_times(cpu_ns, "\"cpu_ns\"", rounds, series->cpu_ns, error);
}

static int take_series(struct record *record, const json_t *object,
		       size_t rounds, struct series *series, char *error)
{
	int rc = take_string(record, object, "runner", NULL, &series->runner,
			     error);

	if (rc == 0)
		rc = take_unsigned(object, "workers", 1, &series->workers,
				   error);
	if (rc == 0)
		rc = take_role(object, &series->role, error);
	if (rc == 0)
		rc = take_count(object, "calls", 1, INT64_MAX, &series->calls,
				error);
	if (rc == 0 && json_object_get(object, "tiles"))
		rc = take_count(object, "tiles", 0, INT64_MAX, &series->tiles,
				error);
	if (rc)
		return rc;
	series->ns = new_times(rounds);
	if (!series->ns)
		return line_no_memory(error);
	rc = take_times(json_object_get(object, "ns"), "\"ns\"", rounds,
			series->ns, error);
	return rc ? rc : take_costs(object, rounds, series, error);
}

static int take_all_series(struct record *record, const json_t *array,
			   struct block *block, char *error)
{
	size_t count = json_array_size(array);
	int rc = 0;

	if (!json_is_array(array))
		return line_fail(error, "\"series\" must be an array");
	block->series = calloc(count + 1, sizeof(*block->series));
	if (!block->series)
		return line_no_memory(error);
	for (; rc == 0 && block->nseries < count; block->nseries++)
		rc = take_series(record, json_array_get(array, block->nseries),
				 block->rounds, &block->series[block->nseries],
				 error);
	return rc;
}

double *record_line_reading(const struct block *block, size_t at, size_t offset)
{
	return (double *)(void *)((char *)&block->readings[at] + offset);
}

/* One number of all readings; records of earlier versions have only probe_ns.
 */
static int take_readings(const json_t *json, const char *key, size_t offset,
			 struct block *block, char *error)
{
	const json_t *array = json_object_get(json, key);
	char what[40];
	double ns[2];
	int rc = 0;

	snprintf(what, sizeof(what), "a round's \"%s\"", key);
	for (size_t r = 0; rc == 0 && r < block->rounds; r++) {
		ns[0] = ns[1] = NAN;
		if (array)
			rc = take_times(json_array_get(array, r), what, 2, ns,
					error);
		for (size_t i = 0; i < 2; i++)
			*record_line_reading(block, 2 * r + i, offset) = ns[i];
	}
	return rc;
}

static int take_all_readings(const json_t *json, struct block *block,
			     char *error)
{
	const json_t *probes = json_object_get(json, "probe_ns");
	int rc;

	if (!json_is_array(probes))
		return line_fail(error, "\"probe_ns\" must be an array");
	block->rounds = json_array_size(probes);
	block->readings =
		calloc(2 * block->rounds + 1, sizeof(*block->readings));
	if (!block->readings)
		return line_no_memory(error);
	rc = take_readings(json, "probe_ns", offsetof(struct reading, trip_ns),
			   block, error);
	if (rc == 0)
		rc = take_readings(json, "together_ns",
				   offsetof(struct reading, together_ns), block,
				   error);
	if (rc == 0)
		rc = take_readings(json, "alone_ns",
				   offsetof(struct reading, alone_ns), block,
				   error);
	return rc;
}

/* A block has these keys only if something happened. */
static int take_events(const json_t *json, struct block *block, char *error)
{
	json_t *nodes = json_object_get(json, "nodes");

	if (json_is_array(nodes))
		block->nodes = json_incref(nodes);
	block->cpus_changed =
		json_is_true(json_object_get(json, "cpus_changed"));
	if (!json_object_get(json, "throttled"))
		return 0;
	return take_count(json, "throttled", 0, INT64_MAX, &block->throttled,
			  error);
}

static int parse_block(struct record *record, const json_t *json,
		       struct record_line *line, char *error)
{
	struct block *block = &line->block;
	int rc =
		take_unsigned(json, "generation", 1, &block->generation, error);

	if (rc == 0)
		rc = take_string(record, json, "kernel", NULL, &block->kernel,
				 error);
	if (rc == 0)
		rc = take_count(json, "n", 1, INT64_MAX, &block->n, error);
	if (rc == 0)
		rc = take_count(json, "tiles", 0, INT64_MAX, &block->tiles,
				error);
	if (rc == 0)
		rc = take_all_readings(json, block, error);
	if (rc == 0)
		rc = take_events(json, block, error);
	if (rc == 0)
		rc = take_all_series(record, json_object_get(json, "series"),
				     block, error);
	return rc;
}

void record_line_free_block(struct block *block)
{
	for (size_t i = 0; i < block->nseries; i++) {
		free(block->series[i].ns);
		free(block->series[i].cpu_ns);
	}
	free(block->series);
	free(block->readings);
	json_decref(block->nodes);
}

/* ------------------------------------------------------------- the rest */

static int parse_note(struct record *record, const json_t *json,
		      struct record_line *line, char *error)
{
	const json_t *kernel = json_object_get(json, "kernel");
	struct note *note = &line->note;
	int rc = take_string(record, json, "kind", NULL, &note->kind, error);

	if (rc == 0 && kernel && !json_is_null(kernel))
		rc = take_string(record, json, "kernel", NULL, &note->kernel,
				 error);
	if (rc == 0)
		rc = take_string(record, json, "runner", NULL, &note->runner,
				 error);
	if (rc == 0)
		rc = take_unsigned(json, "workers", 0, &note->workers, error);
	if (rc == 0)
		rc = take_count(json, "n", 0, INT64_MAX, &note->n, error);
	if (rc == 0)
		rc = take_unsigned(json, "generation", 0, &note->generation,
				   error);
	if (rc == 0)
		rc = take_string(record, json, "reason", "no reason given",
				 &note->reason, error);
	note->beyond = json_is_true(json_object_get(json, "beyond"));
	return rc;
}

static int parse_row(const struct record *record, const json_t *json,
		     struct record_line *line, char *error)
{
	json_t *row = json_object_get(json, "row");

	if (!record->study)
		return line_fail(error,
				 "a row of a study, in a record of a run: the "
				 "file was damaged or edited");
	if (!json_is_string(json_object_get(row, "table")))
		return line_fail(error, "\"table\" must be a string");
	line->row = json_incref(row);
	return 0;
}

static int parse_end(const json_t *json, struct record_line *line, char *error)
{
	const json_t *complete = json_object_get(json, "complete");
	json_t *splits = json_object_get(json, "splits");

	if (!json_is_boolean(complete))
		return line_fail(error, "\"complete\" must be true or false");
	if (splits && !json_is_array(splits))
		return line_fail(error, "\"splits\" must be an array");
	line->end = (struct record_end){json_is_true(complete),
					json_incref(splits)};
	return 0;
}

static const struct {
	const char *key;
	enum record_line_kind kind;
} kinds[] = {
	{"breakeven", RECORD_LINE_HEADER}, {"block", RECORD_LINE_BLOCK},
	{"note", RECORD_LINE_NOTE},	   {"row", RECORD_LINE_ROW},
	{"verdict", RECORD_LINE_VERDICT},  {"end", RECORD_LINE_END},
};

/* The kind of the line; -EINVAL: it is not allowed here. */
static int find_kind(const struct record *record, const json_t *json,
		     enum record_line_kind *kind, const json_t **body,
		     char *error)
{
	size_t count = sizeof(kinds) / sizeof(kinds[0]), i = 0;

	while (i < count && !json_object_get(json, kinds[i].key))
		i++;
	if (!record->header &&
	    (i == count || kinds[i].kind != RECORD_LINE_HEADER))
		return line_fail(
			error,
			"this is no record of breakeven, which begins with "
			"{\"breakeven\":%d,...}: name a .jsonl file that "
			"breakeven wrote",
			RECORD_SCHEMA);
	if (i == count)
		return line_fail(
			error,
			"neither a block, a note, a row, a verdict nor the "
			"end: the file was damaged or edited");
	if (record->ended)
		return line_fail(error,
				 "a line after the end of the record: the "
				 "file was damaged or edited");
	*kind = kinds[i].kind;
	*body = json_object_get(json, kinds[i].key);
	if (*kind != RECORD_LINE_HEADER && *kind != RECORD_LINE_END &&
	    !json_is_object(*body))
		return line_fail(error, "\"%s\" must be an object",
				 kinds[i].key);
	return 0;
}

/* Room for one more at the end of an array that only grows. */
static void *line_with_room(void *array, size_t count, size_t size)
{
	bool full = (count & (count - 1)) == 0;

	if (!full && array)
		return array;
	return reallocarray(array, count ? 2 * count : 1, size);
}

static int line_make_room(struct record *record, enum record_line_kind kind,
			  char *error)
{
	void *grown;

	if (kind == RECORD_LINE_BLOCK) {
		grown = line_with_room(record->blocks, record->nblocks,
				       sizeof(*record->blocks));
		if (!grown)
			return line_no_memory(error);
		record->blocks = grown;
	}
	if (kind == RECORD_LINE_NOTE) {
		grown = line_with_room(record->notes, record->nnotes,
				       sizeof(*record->notes));
		if (!grown)
			return line_no_memory(error);
		record->notes = grown;
	}
	if (kind == RECORD_LINE_ROW) {
		grown = line_with_room(record->rows, record->nrows,
				       sizeof(json_t *));
		if (!grown)
			return line_no_memory(error);
		record->rows = grown;
	}
	return 0;
}

static int parse_body(struct record *record, json_t *json, const json_t *body,
		      struct record_line *line, char *error)
{
	switch (line->kind) {
	case RECORD_LINE_HEADER:
		return parse_header(record, json, line, error);
	case RECORD_LINE_BLOCK:
		return parse_block(record, body, line, error);
	case RECORD_LINE_NOTE:
		return parse_note(record, body, line, error);
	case RECORD_LINE_ROW:
		return parse_row(record, json, line, error);
	case RECORD_LINE_END:
		return parse_end(json, line, error);
	case RECORD_LINE_VERDICT:
		break;
	}
	return 0;
}

int record_line_parse(struct record *record, json_t *json,
		      struct record_line *line, char error[ERROR_TEXT_MAX])
{
	const json_t *body = NULL;
	int rc;

	memset(line, 0, sizeof(*line));
	rc = find_kind(record, json, &line->kind, &body, error);
	if (rc == 0)
		rc = line_make_room(record, line->kind, error);
	if (rc)
		return rc;
	rc = parse_body(record, json, body, line, error);
	if (rc)
		record_line_discard(line);
	return rc;
}

static void commit_header(struct record *record, struct record_header *header)
{
	record->header = header->json;
	record->study = header->study;
	record->nkernels = header->nkernels;
	record->kernels = header->kernels;
	record->nrunners = header->nrunners;
	record->runners = header->runners;
}

void record_line_commit(struct record *record, struct record_line *line)
{
	switch (line->kind) {
	case RECORD_LINE_HEADER:
		commit_header(record, &line->header);
		break;
	case RECORD_LINE_BLOCK:
		record->blocks[record->nblocks++] = line->block;
		break;
	case RECORD_LINE_NOTE:
		record->notes[record->nnotes++] = line->note;
		break;
	case RECORD_LINE_ROW:
		record->rows[record->nrows++] = line->row;
		break;
	case RECORD_LINE_END:
		record->ended = true;
		record->complete = line->end.complete;
		record->splits = line->end.splits;
		break;
	case RECORD_LINE_VERDICT:
		break;
	}
}

void record_line_discard(struct record_line *line)
{
	switch (line->kind) {
	case RECORD_LINE_HEADER:
		json_decref(line->header.json);
		free(line->header.runners);
		free(line->header.kernels);
		break;
	case RECORD_LINE_BLOCK:
		record_line_free_block(&line->block);
		break;
	case RECORD_LINE_ROW:
		json_decref(line->row);
		break;
	case RECORD_LINE_END:
		json_decref(line->end.splits);
		break;
	case RECORD_LINE_NOTE:
	case RECORD_LINE_VERDICT:
		break;
	}
}

/* SPDX-License-Identifier: MIT */
#include "analysis/studies/split.h"

#include "results/json_value.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 6 };

bool split_is_whole(const struct split *split)
{
	return split->nrows > 0 && skipped_none_failed(&split->skipped);
}

const char *const split_parts[SPLIT_PARTS] = {
	"create", "dispatch", "compute", "wait", "join", "collect",
};

double split_part_ns(const struct split_row *row, unsigned part)
{
	const double parts[SPLIT_PARTS] = {
		row->create_ns, row->dispatch_ns, row->compute_ns,
		row->wait_ns,	row->join_ns,	  row->collect_ns,
	};

	return parts[part];
}

static json_t *split_row_json(const struct split_row *row)
{
	return json_pack(
		"{s:s,s:i,s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,"
		"s:o,s:o}",
		"runner", row->runner, "workers", (int)row->workers, "creates",
		row->creates, "open_ns", json_number(row->open_ns), "call_ns",
		json_number(row->call_ns), "create_ns",
		json_number(row->create_ns), "dispatch_ns",
		json_number(row->dispatch_ns), "compute_ns",
		json_number(row->compute_ns), "wait_ns",
		json_number(row->wait_ns), "join_ns", json_number(row->join_ns),
		"collect_ns", json_number(row->collect_ns), "workers_seen",
		json_number(row->seen), "plain_ns", json_number(row->plain_ns),
		"stamps_cost", json_number(row->stamps), "stamps_cost_lo",
		json_number(row->stamps_interval.lo), "stamps_cost_hi",
		json_number(row->stamps_interval.hi), "trip_ns",
		json_number(row->trip_ns));
}

json_t *split_object(const struct split *split)
{
	json_t *rows = json_array();

	for (size_t i = 0; rows && i < split->nrows; i++)
		json_array_append_new(rows, split_row_json(&split->rows[i]));
	return json_pack(
		"{s:s,s:I,s:I,s:i,s:I,s:I,s:o,s:o,s:o}", "kernel",
		split->kernel, "n", (json_int_t)split->n, "tiles",
		(json_int_t)split->tiles, "workers", (int)split->workers,
		"rounds", (json_int_t)split->rounds, "generations",
		(json_int_t)split->generations, "rows", rows, "skipped",
		skipped_json(&split->skipped, false, "runner"), "failed",
		skipped_json(&split->skipped, true, "runner"));
}

int split_json(const struct split *split, FILE *out)
{
	return json_put(out, split_object(split), DIGITS);
}

int split_values(const struct split *split, struct study_values *values)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < split->nrows; i++) {
		const struct split_row *row = &split->rows[i];

		rc = study_values_add(values, "ns", row->call_ns,
				      (struct interval){-INFINITY, INFINITY},
				      "%s of %llu, %s with %u", split->kernel,
				      (unsigned long long)split->n, row->runner,
				      row->workers);
	}
	return rc;
}

/* ------------------------------------------------------------- reading */

static int split_read_row(const json_t *object, struct split_row *row)
{
	const char *runner = json_string_in(object, "runner");
	uint64_t workers;

	if (!runner || json_count_in(object, "workers", 1, &workers) ||
	    workers > INT_MAX)
		return -EINVAL;
	*row = (struct split_row){
		.runner = runner,
		.workers = (unsigned)workers,
		.creates = json_is_true(json_object_get(object, "creates")),
		.open_ns = json_number_in(object, "open_ns"),
		.call_ns = json_number_in(object, "call_ns"),
		.create_ns = json_number_in(object, "create_ns"),
		.dispatch_ns = json_number_in(object, "dispatch_ns"),
		.compute_ns = json_number_in(object, "compute_ns"),
		.wait_ns = json_number_in(object, "wait_ns"),
		.join_ns = json_number_in(object, "join_ns"),
		.collect_ns = json_number_in(object, "collect_ns"),
		.seen = json_number_in(object, "workers_seen"),
		.plain_ns = json_number_in(object, "plain_ns"),
		.stamps = json_number_in(object, "stamps_cost"),
		.stamps_interval = {json_number_in(object, "stamps_cost_lo"),
				    json_number_in(object, "stamps_cost_hi")},
		.trip_ns = json_number_in(object, "trip_ns"),
	};
	return row->call_ns > 0 ? 0 : -EINVAL;
}

static int split_read_facts(const json_t *object, struct split *split)
{
	uint64_t tiles, workers, rounds, generations;

	split->kernel = json_string_in(object, "kernel");
	if (!split->kernel || json_count_in(object, "n", 1, &split->n) ||
	    json_count_in(object, "tiles", 1, &tiles) ||
	    json_count_in(object, "workers", 1, &workers) ||
	    json_count_in(object, "rounds", 1, &rounds) ||
	    json_count_in(object, "generations", 1, &generations) ||
	    workers > INT_MAX)
		return -EINVAL;
	split->tiles = (size_t)tiles;
	split->workers = (unsigned)workers;
	split->rounds = (size_t)rounds;
	split->generations = (size_t)generations;
	return 0;
}

int split_read(const json_t *object, struct split *split)
{
	const json_t *rows = json_object_get(object, "rows");
	int rc;

	*split = (struct split){.kernel = NULL};
	rc = split_read_facts(object, split);
	if (rc)
		return rc;
	split->rows = calloc(json_array_size(rows) + 1, sizeof(*split->rows));
	if (!split->rows)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++)
		rc = split_read_row(json_array_get(rows, i),
				    &split->rows[split->nrows++]);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "skipped"), false,
				  "runner", &split->skipped);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "failed"), true,
				  "runner", &split->skipped);
	return rc;
}

int split_find(const struct record *record, const char *kernel,
	       struct split *split)
{
	*split = (struct split){.kernel = NULL};
	for (size_t i = 0; i < json_array_size(record->splits); i++) {
		const json_t *object = json_array_get(record->splits, i);
		const char *of =
			json_string_value(json_object_get(object, "kernel"));

		if (of && strcmp(of, kernel) == 0)
			return split_read(object, split);
	}
	return -ENOENT;
}

void split_free(struct split *split)
{
	free(split->rows);
	skipped_free(&split->skipped);
}

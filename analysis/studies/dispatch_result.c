/* SPDX-License-Identifier: MIT */
#include "analysis/studies/dispatch_result.h"

#include "results/json_value.h"
#include "stats/stats.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 0.05

/* ------------------------------------------------------------- placement */

/* All readings of the probe, sorted. */
static double *dispatch_raw_readings(const struct dispatch *dispatch,
				     bool counted, size_t *count)
{
	double *raw = malloc((dispatch->nsweeps * dispatch->rounds + 1) *
			     sizeof(*raw));

	*count = 0;
	for (size_t s = 0; raw && s < dispatch->nsweeps; s++) {
		const struct dispatch_sweep *sweep = &dispatch->sweeps[s];

		for (size_t r = 0; r < dispatch->rounds; r++)
			if (isfinite(sweep->raw_ns[r]) &&
			    (!counted || sweep->counted[r]))
				raw[(*count)++] = sweep->raw_ns[r];
	}
	if (raw)
		stats_sort(raw, *count);
	return raw;
}

/* Count the rounds on one side of the threshold. */
static void dispatch_count_rounds(struct dispatch *dispatch, double threshold,
				  bool near)
{
	dispatch->ncounted = 0;
	for (size_t s = 0; s < dispatch->nsweeps; s++) {
		struct dispatch_sweep *sweep = &dispatch->sweeps[s];

		for (size_t r = 0; r < dispatch->rounds; r++) {
			sweep->counted[r] =
				!dispatch->probed ||
				(isfinite(sweep->raw_ns[r]) &&
				 (sweep->raw_ns[r] < threshold) == near);
			dispatch->ncounted += sweep->counted[r];
		}
	}
}

int dispatch_place(struct dispatch *dispatch)
{
	double threshold = INFINITY, *raw;
	size_t count, below = 0;
	bool near = true;

	raw = dispatch_raw_readings(dispatch, false, &count);
	if (!raw)
		return -ENOMEM;
	if (stats_two_modes(raw, count, &threshold)) {
		while (below < count && raw[below] < threshold)
			below++;
		near = 2 * below >= count;
	}
	free(raw);
	dispatch_count_rounds(dispatch, threshold, near);
	raw = dispatch_raw_readings(dispatch, true, &count);
	if (!raw)
		return -ENOMEM;
	dispatch->raw_ns = count ? stats_median(raw, count) : NAN;
	free(raw);
	if (isinf(threshold))
		near = dispatch->raw_ns < DISPATCH_FAR_NS;
	dispatch->placement = count == 0 ? "unknown" : near ? "near" : "far";
	return 0;
}

double dispatch_median(const struct dispatch *dispatch,
		       const struct dispatch_row *row, const double *by_round)
{
	double values[DISPATCH_ROUNDS_MAX];
	size_t count = 0;

	for (size_t r = 0; r < dispatch->rounds; r++)
		if (isfinite(by_round[r]) && row->sweep->counted[r])
			values[count++] = by_round[r];
	return stats_find_median(values, count);
}

bool dispatch_is_whole(const struct dispatch *dispatch)
{
	return dispatch->nrows > 0 && skipped_none_failed(&dispatch->skipped);
}

/* The counted rounds of a row, ascending; how many. */
static size_t dispatch_sorted(const struct dispatch *dispatch,
			      const struct dispatch_row *row,
			      double values[DISPATCH_ROUNDS_MAX])
{
	size_t count = 0;

	for (size_t r = 0; r < dispatch->rounds; r++)
		if (isfinite(row->ns[r]) && row->sweep->counted[r])
			values[count++] = row->ns[r];
	stats_sort(values, count);
	return count;
}

/* That of dispatch_median(). */
static struct interval dispatch_interval(const struct dispatch *dispatch,
					 const struct dispatch_row *row)
{
	double values[DISPATCH_ROUNDS_MAX];
	size_t count = dispatch_sorted(dispatch, row, values);

	return stats_median_interval(values, count, ALPHA);
}

bool dispatch_is_first_row(const struct dispatch *dispatch, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (strcmp(dispatch->rows[i].runner,
			   dispatch->rows[row].runner) == 0)
			return false;
	return true;
}

const struct dispatch_row *dispatch_find_row(const struct dispatch *dispatch,
					     const char *runner,
					     const char *pattern, double gap_us)
{
	for (size_t i = 0; i < dispatch->nrows; i++)
		if (strcmp(dispatch->rows[i].runner, runner) == 0 &&
		    strcmp(dispatch->rows[i].sweep->pattern, pattern) == 0 &&
		    dispatch->rows[i].sweep->gap_us == gap_us)
			return &dispatch->rows[i];
	return NULL;
}

unsigned dispatch_cost(const struct dispatch *dispatch, const char *runner,
		       double *ns, struct interval *interval)
{
	static const char *const patterns[] = {"empty", "rendezvous"};
	double values[DISPATCH_ROUNDS_MAX];
	unsigned workers = 0;

	*ns = NAN;
	*interval = (struct interval){INFINITY, 0};
	for (size_t p = 0; p < 2; p++) {
		const struct dispatch_row *row =
			dispatch_find_row(dispatch, runner, patterns[p], 0);
		size_t count = row ? dispatch_sorted(dispatch, row, values) : 0;
		struct interval own;

		if (count == 0 || !(values[0] > 0))
			continue;
		own = stats_median_interval(values, count, ALPHA);
		interval->lo = fmin(interval->lo, fmax(own.lo, values[0]));
		interval->hi =
			fmax(interval->hi, fmin(own.hi, values[count - 1]));
		*ns = fmax(*ns, stats_median(values, count));
		workers = row->workers;
	}
	return workers;
}

int dispatch_values(const struct dispatch *dispatch,
		    struct study_values *values)
{
	int rc = 0;

	if (isfinite(dispatch->raw_ns))
		values->trip_ns = dispatch->raw_ns;
	for (size_t i = 0; rc == 0 && i < dispatch->nrows; i++) {
		const struct dispatch_row *row = &dispatch->rows[i];
		char gap[32] = "back to back";

		if (row->sweep->gap_us > 0)
			snprintf(gap, sizeof(gap), "gaps of %g µs",
				 row->sweep->gap_us);
		rc = study_values_add(
			values, "ns", dispatch_median(dispatch, row, row->ns),
			dispatch_interval(dispatch, row), "%s with %u, %s, %s",
			row->runner, row->workers, row->sweep->pattern, gap);
	}
	return rc;
}

/* ------------------------------------------------------------- records */

json_t *dispatch_rounds_json(const struct dispatch *dispatch,
			     const double *by_round)
{
	return json_numbers(by_round, dispatch->rounds);
}

json_t *dispatch_memory_json(const struct dispatch *dispatch)
{
	json_t *array = json_array();

	for (size_t i = 0; i < dispatch->nmemory; i++) {
		const struct dispatch_memory *one = &dispatch->memory[i];

		json_array_append_new(
			array,
			json_pack("{s:s,s:f,s:f,s:f,s:f}", "runner",
				  one->runner, "control_bytes", one->control,
				  "processes", one->processes, "pss_kib",
				  one->pss_kib, "page_tables_kib",
				  one->page_tables_kib));
	}
	return array;
}

static json_t *dispatch_sweeps_object(const struct dispatch *dispatch)
{
	json_t *array = json_array();

	for (size_t i = 0; i < dispatch->nsweeps; i++) {
		const struct dispatch_sweep *sweep = &dispatch->sweeps[i];

		json_array_append_new(
			array,
			json_pack(
				"{s:s,s:f,s:o}", "pattern", sweep->pattern,
				"gap_us", sweep->gap_us, "raw_rounds_ns",
				dispatch_rounds_json(dispatch, sweep->raw_ns)));
	}
	return array;
}

static json_t *dispatch_rows_object(const struct dispatch *dispatch)
{
	json_t *array = json_array();

	for (size_t i = 0; i < dispatch->nrows; i++) {
		const struct dispatch_row *row = &dispatch->rows[i];

		json_array_append_new(
			array,
			json_pack("{s:s,s:i,s:I,s:o,s:o,s:o}", "runner",
				  row->runner, "workers", (int)row->workers,
				  "sweep",
				  (json_int_t)(row->sweep - dispatch->sweeps),
				  "rounds_ns",
				  dispatch_rounds_json(dispatch, row->ns),
				  "rounds_cpu_ns",
				  dispatch_rounds_json(dispatch, row->cpu_ns),
				  "rounds_p99_ns",
				  dispatch_rounds_json(dispatch, row->p99)));
	}
	return array;
}

json_t *dispatch_object(const struct dispatch *dispatch)
{
	return json_pack(
		"{s:i,s:I,s:I,s:I,s:b,s:o,s:o,s:o,s:o,s:o}", "workers",
		(int)dispatch->workers, "tiles", (json_int_t)dispatch->tiles,
		"rounds", (json_int_t)dispatch->rounds, "generations",
		(json_int_t)dispatch->generations, "probed",
		(int)dispatch->probed, "sweeps",
		dispatch_sweeps_object(dispatch), "rows",
		dispatch_rows_object(dispatch), "memory",
		dispatch_memory_json(dispatch), "skipped",
		skipped_json(&dispatch->skipped, false, "runner"), "failed",
		skipped_json(&dispatch->skipped, true, "runner"));
}

/* As many numbers as rounds; NULL with *rc set. */
static double *dispatch_read_rounds(const struct dispatch *dispatch,
				    const json_t *array, int *rc)
{
	double *ns;

	if (json_array_size(array) != dispatch->rounds) {
		*rc = -EINVAL;
		return NULL;
	}
	ns = calloc(dispatch->rounds, sizeof(*ns));
	for (size_t r = 0; ns && r < dispatch->rounds; r++) {
		const json_t *value = json_array_get(array, r);

		ns[r] = json_is_number(value) ? json_number_value(value) : NAN;
	}
	if (!ns)
		*rc = -ENOMEM;
	return ns;
}

static int dispatch_read_sweep(const json_t *object, struct dispatch *dispatch)
{
	struct dispatch_sweep *sweep = &dispatch->sweeps[dispatch->nsweeps++];
	int rc = 0;

	sweep->pattern = json_string_in(object, "pattern");
	sweep->gap_us = json_number_in(object, "gap_us");
	sweep->raw_ns = dispatch_read_rounds(
		dispatch, json_object_get(object, "raw_rounds_ns"), &rc);
	sweep->counted = calloc(dispatch->rounds, sizeof(*sweep->counted));
	if (!sweep->counted)
		return -ENOMEM;
	return rc || (sweep->pattern && !isnan(sweep->gap_us)) ? rc : -EINVAL;
}

static int dispatch_read_row(const json_t *object, struct dispatch *dispatch)
{
	struct dispatch_row *row = &dispatch->rows[dispatch->nrows];
	uint64_t workers, sweep;
	int rc = 0;

	row->runner = json_string_in(object, "runner");
	if (!row->runner || json_count_in(object, "workers", 1, &workers) ||
	    json_count_in(object, "sweep", 0, &sweep) || workers > INT_MAX ||
	    sweep >= dispatch->nsweeps)
		return -EINVAL;
	dispatch->nrows++;
	row->workers = (unsigned)workers;
	row->sweep = &dispatch->sweeps[sweep];
	row->ns = dispatch_read_rounds(
		dispatch, json_object_get(object, "rounds_ns"), &rc);
	row->cpu_ns = dispatch_read_rounds(
		dispatch, json_object_get(object, "rounds_cpu_ns"), &rc);
	row->p99 = dispatch_read_rounds(
		dispatch, json_object_get(object, "rounds_p99_ns"), &rc);
	return rc;
}

static int dispatch_read_memory(const json_t *object, struct dispatch *dispatch)
{
	struct dispatch_memory *one = &dispatch->memory[dispatch->nmemory++];

	*one = (struct dispatch_memory){
		.runner = json_string_in(object, "runner"),
		.control = json_number_in(object, "control_bytes"),
		.processes = json_number_in(object, "processes"),
		.pss_kib = json_number_in(object, "pss_kib"),
		.page_tables_kib = json_number_in(object, "page_tables_kib"),
	};
	return one->runner ? 0 : -EINVAL;
}

static int dispatch_read_facts(const json_t *object, struct dispatch *dispatch)
{
	uint64_t workers, tiles, rounds, generations;

	if (json_count_in(object, "workers", 1, &workers) ||
	    json_count_in(object, "tiles", 1, &tiles) ||
	    json_count_in(object, "rounds", 1, &rounds) ||
	    json_count_in(object, "generations", 1, &generations) ||
	    workers > INT_MAX || rounds > DISPATCH_ROUNDS_MAX)
		return -EINVAL;
	dispatch->workers = (unsigned)workers;
	dispatch->tiles = (size_t)tiles;
	dispatch->rounds = (size_t)rounds;
	dispatch->generations = (size_t)generations;
	dispatch->probed = json_is_true(json_object_get(object, "probed"));
	return 0;
}

/* Reads each item of an array by `read`. */
static int dispatch_read_all(const json_t *array, struct dispatch *dispatch,
			     int (*read)(const json_t *, struct dispatch *))
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(array); i++)
		rc = read(json_array_get(array, i), dispatch);
	return rc;
}

static int dispatch_read_tables(const json_t *object, struct dispatch *dispatch)
{
	const json_t *sweeps = json_object_get(object, "sweeps");
	const json_t *rows = json_object_get(object, "rows");
	const json_t *memory = json_object_get(object, "memory");
	int rc;

	dispatch->sweeps =
		calloc(json_array_size(sweeps) + 1, sizeof(*dispatch->sweeps));
	dispatch->rows =
		calloc(json_array_size(rows) + 1, sizeof(*dispatch->rows));
	dispatch->memory =
		calloc(json_array_size(memory) + 1, sizeof(*dispatch->memory));
	if (!dispatch->sweeps || !dispatch->rows || !dispatch->memory)
		return -ENOMEM;
	rc = dispatch_read_all(sweeps, dispatch, dispatch_read_sweep);
	if (rc == 0)
		rc = dispatch_read_all(rows, dispatch, dispatch_read_row);
	if (rc == 0)
		rc = dispatch_read_all(memory, dispatch, dispatch_read_memory);
	return rc;
}

int dispatch_read(const json_t *object, struct dispatch *dispatch)
{
	int rc;

	*dispatch = (struct dispatch){.workers = 0};
	rc = dispatch_read_facts(object, dispatch);
	if (rc == 0)
		rc = dispatch_read_tables(object, dispatch);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "skipped"), false,
				  "runner", &dispatch->skipped);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "failed"), true,
				  "runner", &dispatch->skipped);
	return rc ? rc : dispatch_place(dispatch);
}

void dispatch_free_row(struct dispatch_row *row)
{
	free(row->ns);
	free(row->cpu_ns);
	free(row->p99);
}

void dispatch_free(struct dispatch *dispatch)
{
	for (size_t i = 0; i < dispatch->nrows; i++)
		dispatch_free_row(&dispatch->rows[i]);
	for (size_t i = 0; i < dispatch->nsweeps; i++) {
		free(dispatch->sweeps[i].raw_ns);
		free(dispatch->sweeps[i].counted);
	}
	free(dispatch->rows);
	free(dispatch->sweeps);
	skipped_free(&dispatch->skipped);
	free(dispatch->memory);
}

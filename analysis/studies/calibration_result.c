/* SPDX-License-Identifier: MIT */
#include "analysis/studies/calibration_result.h"

#include "results/json_value.h"
#include "stats/stats.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const tally_names[TALLIES] = {"planted", "burst",
						 "simulated"};

int truth_tally_init(struct truth_tally *tally, size_t runs)
{
	tally->errors = calloc(runs + 1, sizeof(*tally->errors));
	tally->widths = calloc(runs + 1, sizeof(*tally->widths));
	tally->details = json_array();
	return tally->errors && tally->widths && tally->details ? 0 : -ENOMEM;
}

double truth_tally_quantile(const struct truth_tally *tally,
			    const double *values, double share)
{
	size_t n = tally->found;
	double *sorted = malloc((n + 1) * sizeof(*sorted)), value = NAN;

	if (n && sorted) {
		memcpy(sorted, values, n * sizeof(*sorted));
		stats_sort(sorted, n);
		value = sorted[(size_t)(share * (double)(n - 1) + 0.5)];
	}
	free(sorted);
	return value;
}

int calibration_values(const struct calibration_result *calibration,
		       struct study_values *values)
{
	const struct interval unknown = {-INFINITY, INFINITY};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < TALLIES; i++) {
		const struct truth_tally *tally = &calibration->tallies[i];

		rc = study_values_add(
			values, "%",
			100 * (double)tally->covered / (double)tally->found,
			unknown, "%s: intervals that hold the truth",
			tally_names[i]);
		if (rc == 0)
			rc = study_values_add(
				values, "x",
				truth_tally_quantile(tally, tally->widths, 0.5),
				unknown, "%s: width of the median interval",
				tally_names[i]);
	}
	return rc;
}

/* ------------------------------------------------------------- records */

static json_t *tally_object(const char *name, const struct truth_tally *tally)
{
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "name",
			 name, "runs", (json_int_t)tally->runs, "covered",
			 (json_int_t)tally->covered, "unresolved",
			 (json_int_t)tally->unresolved, "untrusted",
			 (json_int_t)tally->untrusted, "failed",
			 (json_int_t)tally->failed, "cells",
			 (json_int_t)tally->cells, "wrong_sign",
			 (json_int_t)tally->wrong_sign, "errors",
			 json_numbers(tally->errors, tally->found), "widths",
			 json_numbers(tally->widths, tally->found));
}

/* The runs of a tally, each with its name. */
static void add_runs(json_t *runs, const char *name,
		     const struct truth_tally *tally)
{
	for (size_t i = 0; i < json_array_size(tally->details); i++) {
		json_t *run = json_pack("{s:s}", "of", name);

		json_object_update(run, json_array_get(tally->details, i));
		json_array_append_new(runs, run);
	}
}

json_t *calibration_object(const struct calibration_result *calibration)
{
	json_t *tallies = json_array(), *runs = json_array();

	for (size_t i = 0; i < TALLIES; i++) {
		json_array_append_new(
			tallies,
			tally_object(tally_names[i], &calibration->tallies[i]));
		add_runs(runs, tally_names[i], &calibration->tallies[i]);
	}
	return json_pack("{s:f,s:I,s:I,s:I,s:I,s:o,s:o}", "budget_s",
			 calibration->budget_s, "generations",
			 (json_int_t)calibration->generations, "seed",
			 (json_int_t)calibration->seed, "aa_tables",
			 (json_int_t)calibration->tables, "aa_false_calls",
			 (json_int_t)calibration->false_calls, "tallies",
			 tallies, "runs", runs);
}

static int tally_read_counts(const json_t *object, struct truth_tally *tally)
{
	const struct {
		const char *key;
		size_t *count;
	} all[] = {
		{"runs", &tally->runs},
		{"covered", &tally->covered},
		{"unresolved", &tally->unresolved},
		{"untrusted", &tally->untrusted},
		{"failed", &tally->failed},
		{"cells", &tally->cells},
		{"wrong_sign", &tally->wrong_sign},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		uint64_t count;

		if (json_count_in(object, all[i].key, 0, &count))
			return -EINVAL;
		*all[i].count = (size_t)count;
	}
	return 0;
}

static int tally_read_numbers(const json_t *array, double *values)
{
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *value = json_array_get(array, i);

		if (!json_is_number(value))
			return -EINVAL;
		values[i] = json_number_value(value);
	}
	return 0;
}

static int tally_read(const json_t *object, struct truth_tally *tally)
{
	const json_t *errors = json_object_get(object, "errors");
	const json_t *widths = json_object_get(object, "widths");
	int rc = tally_read_counts(object, tally);

	if (rc || json_array_size(errors) != json_array_size(widths) ||
	    tally->details)
		return -EINVAL;
	tally->found = json_array_size(errors);
	rc = truth_tally_init(tally, tally->found);
	if (rc == 0)
		rc = tally_read_numbers(errors, tally->errors);
	return rc ? rc : tally_read_numbers(widths, tally->widths);
}

/* By its name; NULL: there is none. */
static struct truth_tally *tally_named(struct calibration_result *calibration,
				       const json_t *object, const char *key)
{
	const char *name = json_string_in(object, key);

	for (size_t i = 0; name && i < TALLIES; i++)
		if (strcmp(name, tally_names[i]) == 0)
			return &calibration->tallies[i];
	return NULL;
}

static int read_tallies(const json_t *array,
			struct calibration_result *calibration)
{
	int rc = json_array_size(array) == TALLIES ? 0 : -EINVAL;

	for (size_t i = 0; rc == 0 && i < TALLIES; i++) {
		const json_t *object = json_array_get(array, i);
		struct truth_tally *tally =
			tally_named(calibration, object, "name");

		rc = tally ? tally_read(object, tally) : -EINVAL;
	}
	return rc;
}

static int read_runs(const json_t *array,
		     struct calibration_result *calibration)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < json_array_size(array); i++) {
		json_t *run = json_copy(json_array_get(array, i));
		struct truth_tally *tally = tally_named(calibration, run, "of");

		json_object_del(run, "of");
		if (tally)
			rc = json_array_append(tally->details, run) ? -ENOMEM
								    : 0;
		json_decref(run);
	}
	return rc;
}

static int read_facts(const json_t *object,
		      struct calibration_result *calibration)
{
	uint64_t generations, tables, calls;

	if (json_count_in(object, "generations", 0, &generations) ||
	    json_count_in(object, "aa_tables", 0, &tables) ||
	    json_count_in(object, "aa_false_calls", 0, &calls) ||
	    json_count_in(object, "seed", 0, &calibration->seed) ||
	    generations > UINT_MAX)
		return -EINVAL;
	calibration->budget_s = json_number_in(object, "budget_s");
	if (isnan(calibration->budget_s))
		return -EINVAL;
	calibration->generations = (unsigned)generations;
	calibration->tables = (size_t)tables;
	calibration->false_calls = (size_t)calls;
	return 0;
}

int calibration_read(const json_t *object,
		     struct calibration_result *calibration)
{
	int rc;

	*calibration = (struct calibration_result){.seed = 0};
	rc = read_facts(object, calibration);
	if (rc == 0)
		rc = read_tallies(json_object_get(object, "tallies"),
				  calibration);
	if (rc == 0)
		rc = read_runs(json_object_get(object, "runs"), calibration);
	return rc;
}

void calibration_free(struct calibration_result *calibration)
{
	for (size_t i = 0; i < TALLIES; i++) {
		struct truth_tally *tally = &calibration->tallies[i];

		free(tally->errors);
		free(tally->widths);
		json_decref(tally->details);
	}
}

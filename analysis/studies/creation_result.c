/* SPDX-License-Identifier: MIT */
#include "analysis/studies/creation_result.h"

#include "results/json_value.h"
#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAW_SIZES = 64 };

const char *const creation_pages[] = {"4k", "huge"};

/* ------------------------------------------------------------- laws */

bool creation_is_row(const struct creation_row *row, const char *what,
		     bool huge)
{
	return row->huge == huge && strcmp(row->what, what) == 0;
}

bool creation_is_python(const struct creation_row *row)
{
	return strncmp(row->what, "python", 6) == 0;
}

/* Times may differ by orders of magnitude: the mean of their logarithms. */
static double creation_mean_us(const struct stats_time *times, size_t count,
			       bool per_mib)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += log(times[i].ns / (per_mib ? times[i].n : 1));
	return exp(sum / (double)count);
}

int creation_law(const struct creation *creation, const char *what, bool huge,
		 struct creation_law *law)
{
	struct stats_time times[LAW_SIZES];
	struct stats_line line;
	size_t count = 0;
	int rc;

	*law = (struct creation_law){
		.what = what, .huge = huge, .lo_mib = INFINITY, .hi_mib = 0};
	for (size_t i = 0; i < creation->nrows && count < LAW_SIZES; i++) {
		const struct creation_row *row = &creation->rows[i];

		if (!creation_is_row(row, what, huge) || !isfinite(row->us))
			continue;
		times[count++] = (struct stats_time){row->parent_mib, row->us};
		law->lo_mib = fmin(law->lo_mib, row->parent_mib);
		law->hi_mib = fmax(law->hi_mib, row->parent_mib);
	}
	rc = stats_line(times, count, &line);
	if (rc)
		return rc;
	/* Neither is negative: without the one, the other is fitted alone. */
	law->base_us = line.beta < 0 ? creation_mean_us(times, count, false)
				     : fmax(line.alpha, 0);
	law->us_per_mib = line.beta >= 0 && line.alpha < 0
				  ? creation_mean_us(times, count, true)
				  : fmax(line.beta, 0);
	law->sizes = count;
	return 0;
}

/* Python's own size differs a little from run to run, and is no part of the
 * name. */
static int creation_add_value(const struct creation_row *row,
			      struct study_values *values)
{
	const struct interval interval = {row->lo * 1e3, row->hi * 1e3};

	if (creation_is_python(row))
		return study_values_add(values, "ns", row->us * 1e3, interval,
					"%s", row->what);
	return study_values_add(values, "ns", row->us * 1e3, interval,
				"%s, parent of %g MiB in %s pages", row->what,
				row->parent_mib, creation_pages[row->huge]);
}

int creation_values(const struct creation *creation,
		    struct study_values *values)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < creation->nrows; i++)
		rc = creation_add_value(&creation->rows[i], values);
	for (size_t i = 0; rc == 0 && i < creation->nfaults; i++) {
		const struct creation_fault *fault = &creation->faults[i];

		rc = study_values_add(values, "ns", fault->ns,
				      (struct interval){fault->lo, fault->hi},
				      "%s, page of %g KiB", fault->what,
				      fault->page_kib);
	}
	return rc;
}

/* ------------------------------------------------------------- records */

static json_t *creation_rows_json(const struct creation *creation)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < creation->nrows; i++) {
		const struct creation_row *row = &creation->rows[i];

		json_array_append_new(rows,
				      json_pack("{s:s,s:f,s:s,s:o,s:o,s:o}",
						"what", row->what, "parent_mib",
						row->parent_mib, "pages",
						creation_pages[row->huge], "us",
						json_number(row->us), "lo",
						json_number(row->lo), "hi",
						json_number(row->hi)));
	}
	return rows;
}

static json_t *creation_faults_json(const struct creation *creation)
{
	json_t *faults = json_array();

	for (size_t i = 0; i < creation->nfaults; i++) {
		const struct creation_fault *fault = &creation->faults[i];

		json_array_append_new(
			faults,
			json_pack("{s:s,s:s,s:f,s:o,s:o,s:o,s:o,s:o}", "what",
				  fault->what, "pages",
				  creation_pages[fault->huge], "page_kib",
				  fault->page_kib, "ns", json_number(fault->ns),
				  "lo", json_number(fault->lo), "hi",
				  json_number(fault->hi), "ns_per_4k",
				  json_number(fault->ns * 4 / fault->page_kib),
				  "faults", json_number(fault->faults)));
	}
	return faults;
}

json_t *creation_object(const struct creation *creation)
{
	return json_pack("{s:o,s:o,s:I,s:f,s:s,s:s?,s:o}", "rows",
			 creation_rows_json(creation), "faults",
			 creation_faults_json(creation), "runs",
			 (json_int_t)creation->runs, "fault_mib",
			 creation->fault_mib, "worker", creation->worker,
			 "python", creation->python, "left_out",
			 skipped_json(&creation->skipped, false, "what"));
}

static bool is_huge(const json_t *object)
{
	const char *pages = json_string_in(object, "pages");

	return pages && strcmp(pages, creation_pages[1]) == 0;
}

static int creation_read_row(const json_t *object, struct creation_row *row)
{
	*row = (struct creation_row){
		.what = json_string_in(object, "what"),
		.parent_mib = json_number_in(object, "parent_mib"),
		.huge = is_huge(object),
		.us = json_number_in(object, "us"),
		.lo = json_end_in(object, "lo", -INFINITY),
		.hi = json_end_in(object, "hi", INFINITY),
	};
	return row->what && row->parent_mib >= 0 ? 0 : -EINVAL;
}

static int creation_read_fault(const json_t *object,
			       struct creation_fault *fault)
{
	*fault = (struct creation_fault){
		.what = json_string_in(object, "what"),
		.huge = is_huge(object),
		.page_kib = json_number_in(object, "page_kib"),
		.ns = json_number_in(object, "ns"),
		.lo = json_end_in(object, "lo", -INFINITY),
		.hi = json_end_in(object, "hi", INFINITY),
		.faults = json_number_in(object, "faults"),
	};
	return fault->what && fault->page_kib > 0 ? 0 : -EINVAL;
}

static int creation_read_facts(const json_t *object, struct creation *creation)
{
	const char *python = json_string_in(object, "python");
	uint64_t runs;

	creation->worker = json_string_in(object, "worker");
	creation->fault_mib = json_number_in(object, "fault_mib");
	if (json_count_in(object, "runs", 1, &runs) || !creation->worker)
		return -EINVAL;
	creation->runs = (size_t)runs;
	if (!python)
		return 0;
	creation->python = strdup(python);
	return creation->python ? 0 : -ENOMEM;
}

int creation_read(const json_t *object, struct creation *creation)
{
	const json_t *rows = json_object_get(object, "rows");
	const json_t *faults = json_object_get(object, "faults");
	int rc;

	*creation = (struct creation){.runs = 0};
	rc = creation_read_facts(object, creation);
	if (rc)
		return rc;
	creation->rows =
		calloc(json_array_size(rows) + 1, sizeof(*creation->rows));
	creation->faults =
		calloc(json_array_size(faults) + 1, sizeof(*creation->faults));
	if (!creation->rows || !creation->faults)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++)
		rc = creation_read_row(json_array_get(rows, i),
				       &creation->rows[creation->nrows++]);
	for (size_t i = 0; rc == 0 && i < json_array_size(faults); i++)
		rc = creation_read_fault(
			json_array_get(faults, i),
			&creation->faults[creation->nfaults++]);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "left_out"), false,
				  "what", &creation->skipped);
	return rc;
}

void creation_free(struct creation *creation)
{
	skipped_free(&creation->skipped);
	free(creation->rows);
	free(creation->faults);
	free(creation->python);
}

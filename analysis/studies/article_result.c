/* SPDX-License-Identifier: MIT */
#include "analysis/studies/article_result.h"

#include "results/json_value.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct article_row *article_row(const struct article *article,
				      const char *what, uint64_t n,
				      const char *system)
{
	for (size_t i = 0; i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		if (row->n == n && strcmp(row->what, what) == 0 &&
		    strcmp(row->system, system) == 0)
			return row;
	}
	return NULL;
}

int article_values(const struct article *article, struct study_values *values)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		rc = study_values_add(
			values, "ns", row->ms * 1e6,
			(struct interval){row->lo * 1e6, row->hi * 1e6},
			"%s of %llu, %s", row->what, (unsigned long long)row->n,
			row->system);
	}
	return rc;
}

json_t *article_rows_json(const struct article *article)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < article->nrows; i++) {
		const struct article_row *row = &article->rows[i];

		json_array_append_new(
			rows,
			json_pack("{s:s,s:I,s:s,s:o,s:o,s:o}", "what",
				  row->what, "n", (json_int_t)row->n, "system",
				  row->system, "ms", json_number(row->ms), "lo",
				  json_number(row->lo), "hi",
				  json_number(row->hi)));
	}
	return rows;
}

static json_t *article_memory_json(const struct article_memory *memory)
{
	return json_pack("{s:i,s:i}", "process", memory->process, "thread",
			 memory->thread);
}

json_t *article_object(const struct article *article)
{
	return json_pack(
		"{s:o,s:I,s:i,s:s?,s:o,s:o,s:o}", "rows",
		article_rows_json(article), "runs", (json_int_t)article->runs,
		"workers", (int)article->workers, "python", article->python,
		"c_memory", article_memory_json(&article->c_memory),
		"python_memory", article_memory_json(&article->python_memory),
		"left_out", skipped_json(&article->skipped, false, "what"));
}

static int article_read_row(const json_t *object, struct article_row *row)
{
	const char *what = json_string_in(object, "what");
	const char *system = json_string_in(object, "system");
	uint64_t n;

	if (!what || !system || json_count_in(object, "n", 0, &n))
		return -EINVAL;
	*row = (struct article_row){what,
				    n,
				    system,
				    json_number_in(object, "ms"),
				    json_end_in(object, "lo", -INFINITY),
				    json_end_in(object, "hi", INFINITY)};
	return 0;
}

/* < 0 where the object does not say. */
static int article_variable_in(const json_t *object, const char *key)
{
	double value = json_number_in(object, key);

	return value >= 0 && value <= INT_MAX ? (int)value : -1;
}

static struct article_memory article_memory_in(const json_t *object,
					       const char *key)
{
	const json_t *memory = json_object_get(object, key);

	return (struct article_memory){article_variable_in(memory, "process"),
				       article_variable_in(memory, "thread")};
}

static int article_read_facts(const json_t *object, struct article *article)
{
	const char *python = json_string_in(object, "python");
	uint64_t runs, workers;

	if (json_count_in(object, "runs", 1, &runs) ||
	    json_count_in(object, "workers", 1, &workers) || workers > INT_MAX)
		return -EINVAL;
	article->runs = (size_t)runs;
	article->workers = (unsigned)workers;
	article->c_memory = article_memory_in(object, "c_memory");
	article->python_memory = article_memory_in(object, "python_memory");
	if (!python)
		return 0;
	article->python = strdup(python);
	return article->python ? 0 : -ENOMEM;
}

int article_read(const json_t *object, struct article *article)
{
	const json_t *rows = json_object_get(object, "rows");
	int rc;

	*article = (struct article){.runs = 0};
	rc = article_read_facts(object, article);
	if (rc)
		return rc;
	article->rows =
		calloc(json_array_size(rows) + 1, sizeof(*article->rows));
	if (!article->rows)
		return -ENOMEM;
	for (size_t i = 0; rc == 0 && i < json_array_size(rows); i++)
		rc = article_read_row(json_array_get(rows, i),
				      &article->rows[article->nrows++]);
	if (rc == 0)
		rc = skipped_read(json_object_get(object, "left_out"), false,
				  "what", &article->skipped);
	return rc;
}

void article_free(struct article *article)
{
	skipped_free(&article->skipped);
	free(article->rows);
	free(article->python);
}

/* SPDX-License-Identifier: MIT */
#include "report/doc/compare_facts.h"
#include "report/export/export.h"
#include "results/json_value.h"

#include <errno.h>
#include <math.h>

enum { DIGITS = 9 };

static json_t *ratio(double log_ratio)
{
	return isfinite(log_ratio) ? json_number(exp(log_ratio)) : json_null();
}

/* What comes of a list; NULL where one of them is. */
static json_t *append(json_t *array, json_t *item)
{
	if (json_array_append_new(array, item) == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *side_json(const struct compare_side *side)
{
	const json_t *header = side->record->header;
	json_t *file = json_string(side->path); /* NULL: it is no UTF-8 */
	json_t *reasons = json_array();

	for (size_t i = 0; reasons && i < side->findings->nreasons; i++)
		reasons = append(reasons,
				 json_string(side->findings->reasons[i]));
	return json_pack("{s:o,s:O?,s:O?,s:O?,s:b,s:b,s:o}", "file",
			 file ? file : json_null(), "time",
			 json_object_get(header, "time"), "machine",
			 json_object_get(header, "machine"), "build",
			 json_object_get(header, "build"), "complete",
			 (int)side->findings->complete, "trusted",
			 (int)side->findings->trusted, "reasons", reasons);
}

static json_t *facts_json(const struct comparison *comparison)
{
	struct compare_facts facts;
	json_t *array = NULL;

	if (compare_facts_init(&facts, comparison->a.record,
			       comparison->b.record) == 0)
		array = json_array();
	for (size_t i = 0; array && i < facts.count; i++)
		array = append(array, json_pack("{s:s,s:s,s:s}", "what",
						facts.list[i].what, "a",
						facts.list[i].a, "b",
						facts.list[i].b));
	compare_facts_free(&facts);
	return array;
}

static json_t *pair_json(const struct compared_pair *pair)
{
	const char *a = pair->runner.a ? pair->runner.a : "serial";
	const char *b = pair->runner.b ? pair->runner.b : "serial";

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:s?}", "kernel",
			 pair->kernel.a, "kernel_b", pair->kernel.b, "runner",
			 a, "runner_b", b, "role",
			 pair->runner.a ? "runner" : "base", "workers",
			 (json_int_t)pair->workers, "placement",
			 pair->placement[0] ? pair->placement : NULL);
}

/* What `of` has beside what the pair has; both are taken over. */
static json_t *with_pair(const struct compared_pair *pair, json_t *of)
{
	json_t *object = pair_json(pair);

	if (json_object_update(object, of) < 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(of);
	return object;
}

static json_t *cell_json(const struct compared_pair *pair,
			 const struct compared_cell *cell)
{
	return with_pair(
		pair,
		json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:s,s:I,s:I}", "n",
			  (json_int_t)cell->n, "a", json_number(cell->a), "b",
			  json_number(cell->b), "ratio", ratio(cell->log_ratio),
			  "ratio_lo", ratio(cell->interval.lo), "ratio_hi",
			  ratio(cell->interval.hi), "verdict",
			  cell_verdict_names[cell->verdict], "generations_a",
			  (json_int_t)cell->generations_a, "generations_b",
			  (json_int_t)cell->generations_b));
}

static json_t *cells_json(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t p = 0; p < comparison->npairs; p++) {
		const struct compared_pair *pair = &comparison->pairs[p];

		for (size_t i = 0; array && i < pair->ncells; i++)
			array = append(array, cell_json(pair, &pair->cells[i]));
	}
	return array;
}

static json_t *start_json(const struct crossing *crossing)
{
	const struct breakeven *at = &crossing->at;

	return json_pack("{s:s,s:o,s:o,s:o}", "verdict",
			 breakeven_verdict_names[at->verdict], "n_star",
			 json_number(at->n_star), "n_lo", json_number(at->n_lo),
			 "n_hi", json_number(at->n_hi));
}

static json_t *starts_json(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t p = 0; array && p < comparison->npairs; p++) {
		const struct compared_pair *pair = &comparison->pairs[p];

		if (!pair->a)
			continue;
		array = append(
			array,
			with_pair(
				pair,
				json_pack("{s:o,s:o,s:s}", "a",
					  start_json(pair->a), "b",
					  start_json(pair->b), "change",
					  compared_start_names[pair->start])));
	}
	return array;
}

static json_t *absent_json(const struct comparison *comparison)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < comparison->nabsent; i++) {
		const struct compared_absent *absent = &comparison->absent[i];

		array = append(array,
			       json_pack("{s:s,s:s?,s:s?,s:I,s:s,s:I,s:s?}",
					 "only_in", absent->in_b ? "b" : "a",
					 "kernel", absent->kernel, "runner",
					 absent->runner, "workers",
					 (json_int_t)absent->workers,
					 "placement", absent->placement, "n",
					 (json_int_t)absent->n, "reason",
					 absent->reason));
	}
	return array;
}

static json_t *limits_json(const struct comparison *comparison,
			   const struct compare_limits *limits)
{
	json_t *array = json_array();

	for (int k = 0; array && k < LIMIT_KINDS; k++) {
		enum limit_kind kind = (enum limit_kind)k;
		double limit = compare_limit(limits, kind);
		struct compare_count count;

		if (isnan(limit))
			continue;
		count = compare_judge(comparison, kind, limit);
		array = append(array,
			       json_pack("{s:s,s:o,s:I,s:I,s:I}", "limit",
					 limit_names[kind], "ratio",
					 ratio(limit), "proven",
					 (json_int_t)count.caught, "unresolved",
					 (json_int_t)count.open, "within",
					 (json_int_t)count.within));
	}
	return array;
}

static json_t *shift_json(const struct stats_shift *shift)
{
	return json_pack("{s:o,s:o,s:o}", "ratio", ratio(shift->shift),
			 "ratio_lo", ratio(shift->interval.lo), "ratio_hi",
			 ratio(shift->interval.hi));
}

static json_t *machine_json(const struct compared_machine *machine)
{
	return json_pack("{s:o,s:o}", "work", shift_json(&machine->work),
			 "serial", shift_json(&machine->serial));
}

int compare_json_write(FILE *out, const struct comparison *comparison,
		       const struct compare_limits *limits,
		       const struct report_style *style)
{
	json_t *root = json_pack(
		"{s:s,s:o,s:o,s:b,s:o,s:o,s:I,s:o,s:o,s:o,s:o}", "of",
		comparison->of == TIMINGS_TIME ? "time" : "speedup", "a",
		side_json(&comparison->a), "b", side_json(&comparison->b),
		"paired", (int)comparison->paired, "machine",
		machine_json(&comparison->machine), "differs",
		facts_json(comparison), "comparisons",
		(json_int_t)comparison->comparisons, "cells",
		cells_json(comparison), "breakeven", starts_json(comparison),
		"not_compared", absent_json(comparison), "limits",
		limits_json(comparison, limits));
	int rc;

	fputs(report_begins(style) ? "[" : ",\n", out);
	rc = json_put(out, root, DIGITS);
	if (report_ends(style))
		fputs("]\n", out);
	return rc ? rc : report_flush(out);
}

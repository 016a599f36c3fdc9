/* SPDX-License-Identifier: MIT */
#include "report/export/export.h"
#include "results/json_value.h"

#include <errno.h>
#include <math.h>

/* Digits of numbers that are measured, and that differ in the fourth from one
 * run to the next. */
enum { DIGITS = 9 };

static json_t *ratio(double log_ratio)
{
	return isfinite(log_ratio) ? json_number(exp(log_ratio)) : json_null();
}

static json_t *pair_json(const struct pair *pair)
{
	return json_pack(
		"{s:s,s:s,s:I,s:s,s:s,s:s}", "kernel", pair->kernel, "runner",
		pair->runner, "workers", (json_int_t)pair->workers, "placement",
		pair->placement, "regime", pair->regime, "base", pair->base);
}

/* What `of` has beside what its pair has; both are taken over. */
static json_t *with_pair(const struct pair *pair, json_t *of)
{
	json_t *object = pair_json(pair);

	if (json_object_update(object, of) < 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(of);
	return object;
}

static json_t *cell_json(const struct cell *cell)
{
	return with_pair(
		&cell->pair,
		json_pack(
			"{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:I,s:I,s:b,"
			"s:s?}",
			"n", (json_int_t)cell->n, "serial_ns",
			json_number(cell->serial_ns), "runner_ns",
			json_number(cell->runner_ns), "direct_ns",
			json_number(cell->direct_ns), "speedup",
			ratio(cell->log_ratio), "speedup_lo",
			ratio(cell->interval.lo), "speedup_hi",
			ratio(cell->interval.hi), "proof_lo",
			ratio(cell->proof.lo), "proof_hi",
			ratio(cell->proof.hi), "verdict",
			cell_verdict_names[cell->verdict], "rounds",
			(json_int_t)cell->rounds, "generations",
			(json_int_t)cell->generations, "throttled",
			(int)cell->throttled, "reason", cell->reason));
}

static json_t *breakeven_json(const struct breakeven *at)
{
	return json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "verdict",
			 breakeven_verdict_names[at->verdict], "n_star",
			 json_number(at->n_star), "n_lo", json_number(at->n_lo),
			 "n_hi", json_number(at->n_hi), "n_end",
			 json_number(at->n_end), "n_end_lo",
			 json_number(at->n_end_lo), "n_end_hi",
			 json_number(at->n_end_hi));
}

static json_t *crossing_json(const struct crossing *crossing)
{
	const struct interval *end = &crossing->asymptote_interval;
	json_t *json =
		with_pair(&crossing->pair, breakeven_json(&crossing->at));
	json_t *more = json_pack(
		"{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s?}", "ungated",
		breakeven_json(&crossing->ungated), "sensitivity",
		json_number(crossing->sensitivity), "n_model",
		json_number(crossing->model), "n_max",
		crossing->n_max ? json_integer((json_int_t)crossing->n_max)
				: json_null(),
		"asymptote", ratio(crossing->asymptote), "asymptote_lo",
		ratio(end->lo), "asymptote_hi", ratio(end->hi), "reason",
		crossing->reason);

	json_object_update(json, more);
	json_decref(more);
	return json;
}

/* What a crossing costs beside its time. */
static json_t *costs_json(const struct crossing *crossing)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o}", "metg_ns",
			 json_number(crossing->metg_ns), "cpu",
			 breakeven_json(&crossing->cpu_at), "cpu_ratio",
			 ratio(-crossing->cpu_log_ratio), "open_ns",
			 json_number(crossing->open_ns), "amortised_calls",
			 json_number(crossing->amortised));
}

static json_t *cells_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->ncells; i++)
		if (json_array_append_new(array,
					  cell_json(&findings->cells[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *whole_crossing_json(const struct crossing *crossing)
{
	json_t *json = crossing_json(crossing), *costs = costs_json(crossing);

	if (json && costs)
		json_object_update(json, costs);
	json_decref(costs);
	return json;
}

static json_t *crossings_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->ncrossings; i++)
		if (json_array_append_new(
			    array,
			    whole_crossing_json(&findings->crossings[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

json_t *notes_json(const struct record *record)
{
	json_t *array = json_array();

	for (size_t i = 0; i < record->nnotes; i++) {
		const struct note *note = &record->notes[i];

		json_array_append_new(array, json_pack("{s:s?,s:I,s:s}",
						       "kernel", note->kernel,
						       "n", (json_int_t)note->n,
						       "reason", note->reason));
	}
	return array;
}

static json_t *control_json(const struct control_cost *cost)
{
	return json_pack(
		"{s:s,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:I}", "kernel", cost->kernel,
		"runner", cost->runner, "workers", (json_int_t)cost->workers,
		"n_min", (json_int_t)cost->n_min, "n_max",
		(json_int_t)cost->n_max, "cost", ratio(cost->log_cost),
		"cost_lo", ratio(cost->interval.lo), "cost_hi",
		ratio(cost->interval.hi), "rounds", (json_int_t)cost->rounds);
}

static json_t *controls_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->ncontrols; i++)
		if (json_array_append_new(
			    array, control_json(&findings->controls[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *links_json(const struct self_checks *checks)
{
	if (!checks->link_workers)
		return json_null();
	return json_pack("{s:i,s:o,s:o,s:o}", "workers",
			 (int)checks->link_workers, "least_ns",
			 json_number(checks->link_ns[0]), "median_ns",
			 json_number(checks->link_ns[1]), "most_ns",
			 json_number(checks->link_ns[2]));
}

static json_t *proof_json(const struct findings *findings)
{
	const struct self_checks *proof = &findings->checks;

	return json_pack(
		"{s:{s:I,s:I,s:o},s:{s:o,s:o,s:o,s:o},s:{s:o,s:o,s:o},"
		"s:{s:I,s:I,s:I},s:[o,o,o],s:o}",
		"twins", "sizes", (json_int_t)proof->aa_sizes, "differ",
		(json_int_t)proof->aa_differ, "worst", ratio(proof->aa_worst),
		"planted", "truth", json_number(proof->known_truth), "n_star",
		json_number(proof->found), "n_lo",
		json_number(proof->found_interval.lo), "n_hi",
		json_number(proof->found_interval.hi), "ceiling", "compute",
		json_number(proof->compute), "compute_lo",
		json_number(proof->compute_interval.lo), "compute_hi",
		json_number(proof->compute_interval.hi), "rounds", "all",
		(json_int_t)findings->rounds, "disturbed",
		(json_int_t)findings->gated, "placement_changed",
		(json_int_t)findings->dropped, "trip_ns_quartiles",
		json_number(proof->trip_ns[0]), json_number(proof->trip_ns[1]),
		json_number(proof->trip_ns[2]), "links", links_json(proof));
}

static json_t *reasons_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->nreasons; i++)
		if (json_array_append_new(
			    array, json_string(findings->reasons[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

int json_write(FILE *out, const struct record *record,
	       const struct findings *findings,
	       const struct report_style *style)
{
	json_t *machine = json_object_get(record->header, "machine");
	const char *arena = json_string_value(json_object_get(
		json_object_get(record->header, "plan"), "arena"));
	json_t *report = json_pack(
		"{s:b,s:b,s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "complete",
		(int)findings->complete, "trusted", (int)findings->trusted,
		"reasons", reasons_json(findings), "proof",
		proof_json(findings), "arena", arena ? arena : "shared",
		"machine", machine ? json_incref(machine) : json_object(),
		"cells", cells_json(findings), "breakeven",
		crossings_json(findings), "controls", controls_json(findings),
		"splits",
		record->splits ? json_incref(record->splits) : json_array());
	int rc;

	(void)style;
	rc = json_put(out, report, DIGITS);
	return rc ? rc : report_flush(out);
}

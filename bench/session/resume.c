/* SPDX-License-Identifier: MIT */
#include "bench/session/resume.h"

#include "bench/engine/exclusion.h"
#include "bench/session/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What must be as it was, or samples would be of two different things. */
static const struct {
	const char *object, *key; /* object NULL: of the header itself */
} lasting[] = {
	{NULL, "version"},	 {"build", "commit"},  {"build", "compiler"},
	{"build", "flags"},	 {"build", "kernels"}, {"build", "sanitizer"},
	{"machine", "model"},	 {"machine", "cpus"},  {"machine", "allowed"},
	{"machine", "l3"},	 {"plan", "pin"},      {"plan", "arena"},
	{NULL, "environment"},	 {NULL, "kernels"},    {NULL, "runners"},
	{"plan", "generations"}, {"plan", "rounds"},   {"plan", "memory"},
};

static const json_t *lasting_in(const json_t *header, size_t i)
{
	if (lasting[i].object)
		header = json_object_get(header, lasting[i].object);
	return json_object_get(header, lasting[i].key);
}

/* 0, or ERROR_USAGE with what differs. */
static int compare_headers(const json_t *old, const json_t *now,
			   struct error *error)
{
	for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		const json_t *a = lasting_in(old, i), *b = lasting_in(now, i);
		char *was, *is;

		if (a == b || json_equal(a, b)) /* neither has it, or both */
			continue;
		was = json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT);
		is = json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);
		error_set(error, ERROR_USAGE,
			  "--resume: %s%s%s is not what it was: %.120s then, "
			  "%.120s now: begin a new run",
			  lasting[i].object ? lasting[i].object : "",
			  lasting[i].object ? "." : "", lasting[i].key,
			  was ? was : "unknown", is ? is : "unknown");
		free(was);
		free(is);
		return ERROR_USAGE;
	}
	return 0;
}

/* The sizes that the run began with. */
static int take_sizes(struct session_plan *plan, struct engine *engine)
{
	const json_t *kernels =
		json_object_get(engine->record->header, "kernels");

	plan->sizes = calloc(engine->nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	for (size_t k = 0; k < engine->nkernels; k++) {
		const json_t *list =
			json_object_get(json_array_get(kernels, k), "sizes");
		struct sizes *sizes = &plan->sizes[k];

		while (sizes->count < SIZING_MAX &&
		       sizes->count < json_array_size(list)) {
			sizes->n[sizes->count] = (uint64_t)json_integer_value(
				json_array_get(list, sizes->count));
			sizes->count++;
		}
		if (sizes->count > 0)
			continue;
		return error_set(
			&engine->error, ERROR_USAGE,
			"--resume: the record does not say which sizes of %s "
			"were to be measured (an earlier version wrote it): "
			"begin a new run",
			engine->kernels[k]);
	}
	return 0;
}

/* Whose base failed at all sizes; its reason has been told. */
static void take_lost(struct session_plan *plan, const struct engine *engine)
{
	for (size_t k = 0; k < engine->nkernels; k++) {
		size_t m = ENGINE_BASE + 1;

		while (m < engine->ncontenders &&
		       engine_is_excluded(engine, m, k, 0))
			m++;
		if (engine->ncontenders > 1 && m == engine->ncontenders)
			plan->sizes[k].lost = ERROR_FAILED;
	}
}

static int say_resumed(struct engine *engine)
{
	char when[32];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return record_put_verdict(engine->record,
				  json_pack("{s:s}", "resumed", when));
}

/* How often, if that was the run's to choose. */
static void take_visits(struct session_plan *plan, const struct record *record)
{
	const json_t *was = json_object_get(record->header, "plan");

	plan->looks &= record_looks(record) != NULL;
	if (!plan->looks)
		return;
	plan->generations = (unsigned)json_integer_value(
		json_object_get(was, "generations"));
	plan->rounds =
		(size_t)json_integer_value(json_object_get(was, "rounds"));
}

int resume_plan(struct session_plan *plan, struct engine *engine)
{
	json_t *now;
	int rc = take_sizes(plan, engine);

	take_visits(plan, engine->record);

	if (rc)
		return rc;
	now = header_make(plan, engine);
	rc = now ? compare_headers(engine->record->header, now, &engine->error)
		 : ERROR_FAILED;
	json_decref(now);
	if (rc == 0)
		rc = engine_restore_exclusions(engine);
	if (rc)
		return rc;
	engine->epoch_ns = json_number_value(json_object_get(
		json_object_get(engine->record->header, "plan"), "epoch_ns"));
	take_lost(plan, engine);
	return say_resumed(engine) < 0 ? ERROR_FAILED : 0;
}

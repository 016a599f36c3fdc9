/* SPDX-License-Identifier: MIT */
#include "bench/session/session_plan.h"

#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/describe.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- sizes */

/* A kernel that fails at its first size is not tried again, but noted once
 * there is a record: to wait for an answer may have taken long, which is not to
 * be at the cost of the others. */
static int size_kernel(struct session_plan *plan, struct engine *engine,
		       struct engine *base, size_t k, uint64_t llc)
{
	struct sizes *sizes = &plan->sizes[k];
	double start = now_s();
	int rc;

	rc = sizing_find(base, k, plan->options.sizes.lo,
			 plan->options.sizes.hi, llc, sizes);
	if (rc == ERROR_USAGE || rc == ERROR_INTERRUPTED)
		return rc;
	if (rc) {
		engine->notice(base->error.text);
		host_process_kill(&base->contenders[0].host);
		if (engine->deadline > 0)
			engine->deadline += now_s() - start;
	}
	if (rc && sizes->ns[0] == 0) {
		sizes->lost = (enum error_kind)rc;
		sizes->why = strdup(base->error.text);
		if (!sizes->why)
			return ERROR_FAILED;
	}
	if (sizes->count == 0)
		sizes->n[sizes->count++] = plan->options.sizes.lo;
	return 0;
}

/* With the base alone, before there is a header to write notes after. */
int session_plan_find_sizes(struct session_plan *plan, struct engine *engine,
			    struct progress *progress)
{
	struct engine base = {
		.topology = engine->topology,
		.program = engine->program,
		.pin = engine->pin,
		.kernels = engine->kernels,
		.nkernels = engine->nkernels,
		.empty_kernel = engine->empty_kernel,
		.epoch_ns = SESSION_SHORTEST_EPOCH_NS,
		.interrupt_fd = engine->interrupt_fd,
		.arena_size = engine->arena_size,
		.memory_limit = engine->memory_limit,
		.memory = engine->memory,
		.pages = engine->pages,
		.source = engine->source,
		.notice = engine->notice,
		.relay = engine->relay,
	};
	struct machine_shape shape;
	double start;
	uint64_t llc;
	int rc;

	plan->sizes = calloc(base.nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	topology_shape(engine->topology, &shape);
	llc = shape.l3 ? shape.l3 : shape.l2;
	rc = lineup_open(&base, NULL, 0, NULL, 0);
	start = now_s();
	if (rc == 0)
		rc = engine_start_generation(&base, 1, NULL);
	plan->opening_s = now_s() - start;
	if (rc == 0)
		rc = engine_time_request(&base);
	engine->ask_s = base.ask_s;
	for (size_t k = 0; rc == 0 && k < base.nkernels; k++) {
		progress_show(progress, "looking at the sizes of %s",
			      base.kernels[k]);
		rc = size_kernel(plan, engine, &base, k, llc);
	}
	if (rc)
		engine->error = base.error;
	engine_close(&base);
	return rc;
}

static uint64_t set_items(const struct session_plan *plan,
			  const struct engine *engine, size_t k, size_t s)
{
	double items = floor((double)plan->sets[s] /
			     engine_get_fact(engine, k, "bytes"));

	return items < 1 ? 1 : (uint64_t)items;
}

static bool set_fits(const struct session_plan *plan,
		     const struct engine *engine, size_t k, size_t s)
{
	struct error error;
	size_t size;

	return describe_size(engine->program, engine->kernels[k],
			     set_items(plan, engine, k, s), &size,
			     &error) == 0 &&
	       size <= engine->arena_size;
}

/* Sizes that touch so many bytes, as far as there is memory for them. */
int session_plan_take_sets(struct session_plan *plan, struct engine *engine)
{
	plan->sizes = calloc(engine->nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	for (size_t k = 0; k < engine->nkernels; k++) {
		struct sizes *sizes = &plan->sizes[k];

		if (engine_get_fact(engine, k, "bytes") <= 0)
			return error_set(
				&engine->error, ERROR_USAGE,
				"%s moves no memory: name kernels that do",
				engine->kernels[k]);
		for (size_t s = 0; s < plan->nsets; s++)
			if (sizes->count < SIZING_MAX &&
			    set_fits(plan, engine, k, s))
				sizes->n[sizes->count++] =
					set_items(plan, engine, k, s);
	}
	return 0;
}

int session_plan_take_like(struct session_plan *plan, struct engine *engine)
{
	plan->sizes = calloc(engine->nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	for (size_t k = 0; k < engine->nkernels; k++) {
		plan->sizes[k] = plan->like->sizes[k];
		plan->sizes[k].lost = (enum error_kind)0;
		plan->sizes[k].why = NULL;
		for (size_t i = 0; i < plan->sizes[k].count; i++) {
			int rc = sizing_check(engine, engine->kernels[k],
					      plan->sizes[k].n[i],
					      engine->arena_size);

			if (rc)
				return rc;
		}
	}
	return 0;
}

unsigned session_plan_sides(const struct session_plan *plan)
{
	return plan->turns.side ? 2 : 1;
}

void session_plan_find_looks(const struct session_plan *plan,
			     unsigned looks[SESSION_LOOKS + 1])
{
	static const unsigned passes[SESSION_LOOKS] = {0, 1, 2, 4, 6};
	size_t count = 0;

	for (; plan->looks && count < SESSION_LOOKS; count++)
		looks[count] =
			plan->generations + passes[count] * ENGINE_GENERATIONS;
	looks[count] = 0;
}

/* ------------------------------------------------------------- notes */

/* Whose base failed already. */
static int note_lost(const struct session_plan *plan, struct engine *engine)
{
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < engine->nkernels; k++)
		if (plan->sizes[k].lost)
			rc = engine_exclude_base(engine, k, 0,
						 plan->sizes[k].lost,
						 plan->sizes[k].why);
	return rc;
}

/* Which sets did not fit. */
static int note_unfit(const struct session_plan *plan, struct engine *engine)
{
	struct note note = {.kind = "skipped",
			    .runner = engine->contenders[1].spec,
			    .workers = engine->contenders[1].workers};
	char reason[ERROR_TEXT_MAX];
	int rc = 0;

	snprintf(reason, sizeof(reason),
		 "it does not fit the %zu MiB that a run may use, its share of "
		 "%s",
		 engine->arena_size >> 20, engine->memory_limit);
	note.reason = reason;
	for (size_t k = 0; k < engine->nkernels; k++)
		for (size_t s = 0; rc == 0 && s < plan->nsets; s++) {
			if (set_fits(plan, engine, k, s))
				continue;
			note.kernel = engine->kernels[k];
			note.n = set_items(plan, engine, k, s);
			rc = record_put_note(engine->record, &note);
		}
	return rc;
}

int session_plan_put_notes(const struct session_plan *plan,
			   struct engine *engine)
{
	int rc = note_lost(plan, engine);

	return rc ? rc : note_unfit(plan, engine);
}

void session_plan_free(struct session_plan *plan, size_t nkernels)
{
	for (size_t k = 0; plan->sizes && k < nkernels; k++)
		free(plan->sizes[k].why);
	free(plan->sizes);
}

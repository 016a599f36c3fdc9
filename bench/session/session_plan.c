/* SPDX-License-Identifier: MIT */
#include "bench/session/session_plan.h"

#include "bench/engine/describe.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/lineup.h"
#include "bench/host/registry.h"
#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_EPOCH 0.2e6
#define LONGEST_CALL   20e6
#define SHORTEST_CALL  1e6
#define FOREIGN_CALL   5e6
#define FIRST_SHARE    0.6 /* of the budget that the first pass may take */

/* ------------------------------------------------------------- sizes */

/* A kernel that fails at its first size is not tried again, but noted once
 * there is a record: to wait for an answer may have taken long, which is not to
 * be at the cost of the others. */
static int size_kernel(struct session_plan *plan, struct engine *engine,
		       struct engine *base, size_t k, uint64_t llc,
		       char error[ERROR_TEXT_MAX])
{
	struct sizes *sizes = &plan->sizes[k];
	double start = now_s();
	int rc;

	rc = sizing_find(base, k, plan->options.sizes.lo,
			 plan->options.sizes.hi, llc, sizes, error);
	if (rc == ERROR_USAGE || rc == ERROR_INTERRUPTED)
		return rc;
	if (rc) {
		engine->notice(error);
		host_process_kill(&base->contenders[0].host);
		if (engine->deadline > 0)
			engine->deadline += now_s() - start;
	}
	if (rc && sizes->ns[0] == 0) {
		sizes->lost = (enum error_kind)rc;
		sizes->why = strdup(error);
		if (!sizes->why)
			return ERROR_FAILED;
	}
	if (sizes->count == 0)
		sizes->n[sizes->count++] = plan->options.sizes.lo;
	return 0;
}

/* With the base alone, before there is a header to write notes after. */
int session_plan_find_sizes(struct session_plan *plan, struct engine *engine,
			    struct progress *progress,
			    char error[ERROR_TEXT_MAX])
{
	struct engine base = {
		.topology = engine->topology,
		.pin = engine->pin,
		.kernels = engine->kernels,
		.nkernels = engine->nkernels,
		.epoch_ns = SHORTEST_EPOCH,
		.interrupt_fd = engine->interrupt_fd,
		.arena_size = engine->arena_size,
		.memory_limit = engine->memory_limit,
		.memory = engine->memory,
		.source = engine->source,
		.notice = engine->notice,
		.relay = engine->relay,
	};
	struct machine_shape shape;
	uint64_t llc;
	int rc;

	plan->sizes = calloc(base.nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	topology_shape(engine->topology, &shape);
	llc = shape.l3 ? shape.l3 : shape.l2;
	rc = lineup_open(&base, NULL, 0, NULL, 0, error);
	if (rc == 0)
		rc = engine_start_generation(&base, 1, error);
	for (size_t k = 0; rc == 0 && k < base.nkernels; k++) {
		progress_show(progress, "looking at the sizes of %s",
			      base.kernels[k]);
		rc = size_kernel(plan, engine, &base, k, llc, error);
	}
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
	char error[ERROR_TEXT_MAX];
	size_t size;

	return describe_size(engine->kernels[k], set_items(plan, engine, k, s),
			     &size, error) == 0 &&
	       size <= engine->arena_size;
}

/* Sizes that touch so many bytes, as far as there is memory for them. */
int session_plan_take_sets(struct session_plan *plan,
			   const struct engine *engine,
			   char error[ERROR_TEXT_MAX])
{
	plan->sizes = calloc(engine->nkernels, sizeof(*plan->sizes));
	if (!plan->sizes)
		return ERROR_FAILED;
	for (size_t k = 0; k < engine->nkernels; k++) {
		struct sizes *sizes = &plan->sizes[k];

		if (engine_get_fact(engine, k, "bytes") <= 0) {
			snprintf(error, ERROR_TEXT_MAX,
				 "%s moves no memory: name kernels that do",
				 engine->kernels[k]);
			return ERROR_USAGE;
		}
		for (size_t s = 0; s < plan->nsets; s++)
			if (sizes->count < SIZING_MAX &&
			    set_fits(plan, engine, k, s))
				sizes->n[sizes->count++] =
					set_items(plan, engine, k, s);
	}
	return 0;
}

static void drop_long(struct sizes *sizes, double call_ns)
{
	while (sizes->count > 1 && sizes->ns[sizes->count - 1] > call_ns)
		sizes->count--;
}

/* Members that are measured twice, somewhere. */
static size_t count_hand(const struct engine *engine)
{
	size_t count = 0;

	for (size_t m = 0; m < engine->ncontenders; m++) {
		size_t k = 0;

		while (k < engine->nkernels &&
		       !registry_has_control(engine->kernels[k],
					     engine->contenders[m].bare))
			k++;
		count += k < engine->nkernels;
	}
	return count;
}

static size_t count_foreign(const struct engine *engine)
{
	size_t count = 0;

	for (size_t m = 0; m < engine->ncontenders; m++)
		count += contender_is(&engine->contenders[m], "foreign");
	return count;
}

/*
 * The longest call of a foreign contender, so that it makes do with so many
 * seconds at each kernel. A round takes two of them, to warm up and to time; to
 * prepare a size and to verify it takes as much as six. Of sizes that grow by a
 * factor of four, the largest takes three quarters. A short one may take a
 * scheduler's tick longer than it should.
 */
static double longest_foreign(const struct session_plan *plan, double seconds)
{
	size_t calls = plan->generations * (2 * plan->rounds + 6);

	return fmax(0.75 * seconds * 1e9 / (double)calls, FOREIGN_CALL);
}

/* Each contender has its part of the first pass, and a foreign one may not take
 * longer than that. */
void session_plan_limit_foreign(const struct session_plan *plan,
				struct engine *engine)
{
	size_t slots = engine->ncontenders + 1 + count_hand(engine);

	if (!plan->options.sizes.hi && plan->options.budget > 0)
		engine->longest_ns = longest_foreign(
			plan, FIRST_SHARE * plan->options.budget /
				      (double)(slots * engine->nkernels));
}

/*
 * Fit the first pass into its share of the budget: shorter epochs first, then
 * fewer long calls. Sizes that the user named are not dropped. What a foreign
 * contender takes is found out on the way: each has its part set aside.
 */
void session_plan_fit(struct session_plan *plan, struct engine *engine)
{
	double share = FIRST_SHARE * plan->options.budget;
	size_t foreign = count_foreign(engine);
	double call_ns = plan->options.sizes.hi ? INFINITY : LONGEST_CALL;
	size_t slots = engine->ncontenders + 1 + count_hand(engine);

	if (plan->options.budget == 0)
		return;
	session_plan_limit_foreign(plan, engine);
	share *= (double)(slots - foreign) / (double)slots;
	slots -= foreign;
	while (sizing_pass_s(plan->sizes, engine->nkernels, slots, plan->rounds,
			     plan->generations, engine->epoch_ns,
			     call_ns) > share) {
		if (engine->epoch_ns > SHORTEST_EPOCH &&
		    plan->options.epoch_us == 0)
			engine->epoch_ns *= 0.7;
		else if (call_ns > SHORTEST_CALL && !plan->options.sizes.hi)
			call_ns *= 0.7;
		else
			break;
	}
	for (size_t k = 0; k < engine->nkernels; k++)
		drop_long(&plan->sizes[k], call_ns);
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

/* SPDX-License-Identifier: MIT */
#include "bench/engine/round.h"

#include "bench/engine/calibration.h"
#include "bench/engine/contender.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/quiet.h"
#include "bench/engine/reference.h"
#include "bench/engine/round_order.h"
#include "bench/host/registry.h"
#include "core/clock.h"
#include "core/random.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HARNESS_ROUNDS = 12,
	FEW_CALLS = 16, /* of an epoch */
};
#define ALIKE 1.3

int group_init(struct group *group, size_t kernel, uint64_t n,
	       const size_t *contenders, size_t count, size_t rounds)
{
	size_t room = 2 * count + 2; /* a control for each, tiles, twin */

	*group = (struct group){
		.kernel = kernel,
		.n = n,
		.count = count,
		.slots = count,
		.rounds = rounds,
		.contenders = calloc(room, sizeof(*group->contenders)),
		.ways = calloc(room, sizeof(*group->ways)),
		.calls = calloc(room, sizeof(*group->calls)),
		.ns = calloc(room * rounds, sizeof(*group->ns)),
		.cpu_ns = calloc(room * rounds, sizeof(*group->cpu_ns)),
		.took_s = calloc(room, sizeof(*group->took_s)),
		.readings = calloc(2 * rounds, sizeof(*group->readings)),
		.missing = calloc(room, sizeof(*group->missing)),
	};
	if (!group->contenders || !group->ways || !group->calls || !group->ns ||
	    !group->cpu_ns || !group->took_s || !group->readings ||
	    !group->missing) {
		group_free(group);
		return -ENOMEM;
	}
	memcpy(group->contenders, contenders, count * sizeof(*contenders));
	for (size_t i = 0; i < room * rounds; i++)
		group->ns[i] = group->cpu_ns[i] = NAN;
	for (size_t i = 0; i < 2 * rounds; i++)
		group->readings[i] = (struct reading){NAN, NAN, NAN};
	return 0;
}

static void round_add_control(struct group *group, size_t contender,
			      enum way way)
{
	group->contenders[group->slots] = contender;
	group->ways[group->slots++] = way;
}

void group_add_tiles(struct group *group, const struct engine *engine)
{
	/* A kernel of several passes may do less in one tile than in many:
	 * scan does. Tiles are not to blame for that. */
	if (engine_get_fact(engine, group->kernel, "passes") > 1)
		return;
	round_add_control(group, ENGINE_BASE, WAY_TILES);
}

void group_add_aa_control(struct group *group, const struct engine *engine)
{
	if (engine->aa_control)
		round_add_control(group, engine->aa_control, WAY_RUNNER);
}

void group_add_hand(struct group *group, const struct engine *engine)
{
	const char *kernel = engine->kernels[group->kernel];

	for (size_t i = 0; i < group->count; i++) {
		size_t contender = group->contenders[i];

		if (registry_has_control(kernel,
					 engine->contenders[contender].bare))
			round_add_control(group, contender, WAY_HAND);
	}
}

void group_free(struct group *group)
{
	free(group->contenders);
	free(group->ways);
	free(group->calls);
	free(group->ns);
	free(group->cpu_ns);
	free(group->took_s);
	free(group->readings);
	free(group->missing);
	*group = (struct group){.rounds = 0};
}

static int round_exclude_base(struct engine *engine, struct group *group,
			      int rc)
{
	char reason[ERROR_TEXT_MAX];

	snprintf(reason, sizeof(reason), "%s",
		 engine->contenders[ENGINE_BASE].host.error.text);
	host_process_kill(&engine->contenders[ENGINE_BASE].host);
	engine->kernel = SIZE_MAX;
	group->lost = true;
	/* No contender is compared under a kernel of our own. */
	if (group->kernel >= engine->nkernels)
		return 0;
	return engine_exclude_base(engine, group->kernel,
				   rc == ERROR_MEMORY ? group->n : 0,
				   (enum error_kind)rc, reason);
}

/* Slot i of the group failed; 0 when the rest can go on. */
static int round_drop(struct engine *engine, struct group *group, size_t i,
		      int rc)
{
	size_t index = group->contenders[i];

	if (rc == ERROR_INTERRUPTED || rc == ERROR_LATE)
		return rc;
	if (index == ENGINE_BASE)
		return round_exclude_base(engine, group, rc);
	if (group->ways[i] == WAY_HAND && rc == ERROR_INVALID) {
		/* No fault of the runner's. */
		group->missing[i] = true;
		engine->notice("a hand-written loop computed a wrong result: "
			       "it is skipped");
		return 0;
	}
	for (size_t s = 0; s < group->slots; s++)
		group->missing[s] |= group->contenders[s] == index;
	return engine_exclude(engine, group->kernel, index, group->n,
			      (enum error_kind)rc,
			      engine->contenders[index].host.error.text);
}

/*
 * Epochs of few calls are as long as these make them. Where a call takes about
 * as long as the base's, take as many: at a break-even size both sides then
 * have epochs of one length. A tick of 45 us that hits each of two epochs once
 * is a larger part of the shorter, and moves the median of their ratio.
 */
static void round_match_calls(struct group *group, size_t i, double call_ns)
{
	double base_calls = (double)group->calls[0];
	double ratio = call_ns / group->base_call_ns;

	if (base_calls <= FEW_CALLS && ratio > 1 / ALIKE && ratio < ALIKE)
		group->calls[i] = group->calls[0];
}

static int round_begin_slot(struct engine *engine, struct group *group,
			    size_t i)
{
	size_t index = group->contenders[i];
	struct contender *contender = &engine->contenders[index];
	double call_ns;
	int rc = 0;

	if (index != ENGINE_BASE && group->ways[i] == WAY_RUNNER)
		rc = engine_ask(engine, contender,
				engine_prepare_request(engine, index,
						       group->kernel, group->n),
				NULL);
	if (rc == 0)
		rc = engine_calibrate(engine, index, group->ways[i],
				      &group->calls[i], &call_ns);
	if (rc == 0 && i == 0)
		group->base_call_ns = call_ns;
	else if (rc == 0)
		round_match_calls(group, i, call_ns);
	return rc ? rc
		  : engine_check_budget(engine, index,
					engine_get_fastest_ns(engine, index,
							      group->ways[i]));
}

static int round_group_begin(struct engine *engine, struct group *group)
{
	int rc;

	group->lost = engine_is_excluded(engine, ENGINE_BASE, group->kernel,
					 group->n);
	if (group->lost)
		return 0;
	rc = engine_prepare(engine, group->kernel, group->n);
	if (rc)
		return round_drop(engine, group, 0, rc);
	for (size_t i = 0; i < group->slots && !group->lost; i++) {
		/* It may have been excluded since the group was planned. */
		group->missing[i] |= engine_is_excluded(
			engine, group->contenders[i], group->kernel, group->n);
		if (group->missing[i])
			continue;
		rc = round_begin_slot(engine, group, i);
		if (rc)
			rc = round_drop(engine, group, i, rc);
		if (rc)
			return rc;
	}
	return 0;
}

/* Has a call of the runner the bits that serial has, over the same tiles? */
static bool round_is_right(const struct engine *engine,
			   const struct group *group,
			   const struct contender *contender,
			   const char *digest)
{
	const struct reference *reference = reference_find(
		engine, group->kernel, group->n, reference_cut(contender));

	if (contender_is(contender, "planted") ||
	    contender_is(contender, "foreign"))
		return true;
	return reference && strcmp(digest, reference->digest) == 0;
}

/* One epoch of slot i: a contender of the group, or a control. */
static int round_measure(struct engine *engine, struct group *group, size_t i)
{
	size_t index = group->contenders[i];
	struct contender *contender = &engine->contenders[index];
	double start = now_s();
	json_t *request = reference_request(engine, "epoch", group->ways[i]);
	json_t *result = NULL;
	const char *digest = "";
	json_int_t ns = 0, cpu_ns = 0;
	int rc;

	json_object_set_new(request, "calls",
			    json_integer((json_int_t)group->calls[i]));
	json_object_set_new(request, "call_ns",
			    json_real(engine_get_fastest_ns(engine, index,
							    group->ways[i])));
	rc = engine_ask(engine, contender, request, &result);
	group->took_s[i] += now_s() - start;
	if (rc)
		return rc;
	json_unpack(result, "{s:I,s:I,s:s}", "ns", &ns, "cpu_ns", &cpu_ns,
		    "digest", &digest);
	group->ns[i * group->rounds + group->done] = (double)ns;
	group->cpu_ns[i * group->rounds + group->done] = (double)cpu_ns;
	engine_update_calibration(engine, index, group->ways[i],
				  group->calls[i], (double)ns);
	if (group->ways[i] == WAY_RUNNER &&
	    !round_is_right(engine, group, contender, digest))
		rc = error_set(&contender->host.error, ERROR_INVALID,
			       "its result differs from serial's at %llu items",
			       (unsigned long long)group->n);
	json_decref(result);
	return rc;
}

/* Balanced over the rounds of all generations of a kernel and size, of which
 * one may have a single round. */
static void round_order_round(const struct engine *engine,
			      const struct group *group, size_t *order)
{
	uint64_t seed =
		random_mix(random_mix(engine->seed ^ group->n) ^ group->kernel);

	round_order_make(seed,
			 (engine->generation - 1) * group->rounds + group->done,
			 group->slots, order);
}

/* The epochs of one round, in their order. */
static int round_measure_all(struct engine *engine, struct group *group,
			     const size_t *order)
{
	for (size_t s = 0; s < group->slots && !group->lost; s++) {
		size_t i = order[s];
		int rc;

		if (group->missing[i])
			continue;
		rc = round_measure(engine, group, i);
		if (rc)
			rc = round_drop(engine, group, i, rc);
		if (rc)
			return rc;
	}
	return 0;
}

static int round_measure_round(struct engine *engine, struct group *group)
{
	struct reading *readings = group->readings + 2 * group->done;
	size_t *order;
	int rc = 0;

	if (group->done == 0)
		rc = round_group_begin(engine, group);
	if (rc || group->lost)
		return rc;
	order = calloc(group->slots + 1, sizeof(*order));
	if (!order)
		return ERROR_FAILED;
	round_order_round(engine, group, order);
	if (group->done && !group->apart)
		readings[0] = readings[-1];
	rc = engine_wait_quiet(engine, &readings[0]);
	if (rc == 0)
		rc = round_measure_all(engine, group, order);
	free(order);
	cpu_limits_look(&engine->cpu_limits, "", &group->throttled,
			&group->cpus_changed);
	if (rc || group->lost)
		return rc;
	rc = engine_probe(engine, &readings[1]);
	if (rc == 0)
		group->done++;
	return rc;
}

int engine_round(struct engine *engine, struct group *group)
{
	int rc = engine_is_late(engine) ? ERROR_LATE
					: round_measure_round(engine, group);
	bool ended =
		rc == ERROR_LATE || (rc == 0 && group->done == group->rounds);

	if (ended && group->done > 0 && engine_finish(engine, group))
		rc = ERROR_FAILED;
	return rc;
}

static enum role round_get_role(const struct engine *engine, size_t contender)
{
	if (contender == ENGINE_BASE)
		return ROLE_BASE;
	if (contender < engine->ncontenders)
		return ROLE_RUNNER;
	return contender == engine->aa_control ? ROLE_AA_CONTROL
					       : ROLE_SELF_CHECK;
}

/* Tiles of a call that is cut for so many workers. */
static uint64_t round_find_tiles(const struct engine *engine,
				 const struct group *group, unsigned workers)
{
	const struct reference *reference =
		reference_find(engine, group->kernel, group->n, workers);

	return reference ? reference->tiles : 0;
}

static struct series round_make_series(struct engine *engine,
				       struct group *group, size_t i)
{
	enum way way = group->ways[i];
	const struct contender *contender =
		&engine->contenders[group->contenders[i]];
	enum role role = way != WAY_RUNNER
				 ? ROLE_CONTROL
				 : round_get_role(engine, group->contenders[i]);

	unsigned most = reference_most_cut(engine);
	unsigned cut = reference_cut(contender);

	return (struct series){
		.runner = way == WAY_TILES ? "tiles" : contender->spec,
		.workers = way == WAY_TILES ? most : contender->workers,
		.tiles = role == ROLE_RUNNER && cut != most
				 ? round_find_tiles(engine, group, cut)
				 : 0,
		.role = role,
		.calls = group->calls[i],
		.ns = group->ns + i * group->rounds,
		.cpu_ns = group->cpu_ns + i * group->rounds,
		.open_ns = contender->open_ns,
	};
}

int engine_finish(struct engine *engine, struct group *group)
{
	struct series *series = calloc(group->slots + 1, sizeof(*series));
	struct block block = {
		.generation = engine->generation,
		.kernel = engine->kernels[group->kernel],
		.n = group->n,
		.tiles = round_find_tiles(engine, group,
					  reference_most_cut(engine)),
		.rounds = group->done,
		.readings = group->readings,
		.throttled = group->throttled,
		.cpus_changed = group->cpus_changed,
		.nodes = engine->found_nodes,
		.series = series,
	};
	int rc = -ENOMEM;

	for (size_t i = 0; series && i < group->slots; i++)
		if (!group->missing[i])
			series[block.nseries++] =
				round_make_series(engine, group, i);
	if (series)
		rc = group->done ? record_put_block(engine->record, &block) : 0;
	free(series);
	if (rc < 0) {
		return error_set(&engine->error, ERROR_FAILED,
				 "the record cannot be written: %s",
				 strerror(-rc));
	}
	return 0;
}

int engine_harness(struct engine *engine)
{
	static const size_t base = ENGINE_BASE;
	struct group group;
	int rc = 0;

	if (group_init(&group, engine->empty_kernel, 1, &base, 1,
		       HARNESS_ROUNDS) < 0)
		return ERROR_FAILED;
	while (rc == 0 && group.done < group.rounds && !group.lost)
		rc = engine_round(engine, &group);
	group_free(&group);
	return rc;
}

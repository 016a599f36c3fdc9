/* SPDX-License-Identifier: MIT */
#include "bench/round.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HARNESS_ROUNDS = 12 };

/* Vigna's SplitMix64, for the order of rounds. */
static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

int group_init(struct group *group, size_t kernel, uint64_t n,
	       const size_t *members, size_t count, bool control, size_t rounds)
{
	*group = (struct group){
		.kernel = kernel,
		.n = n,
		.count = count,
		.control = control,
		.rounds = rounds,
		.members = calloc(count, sizeof(*group->members)),
		.calls = calloc(count + 1, sizeof(*group->calls)),
		.ns = calloc((count + 1) * rounds, sizeof(*group->ns)),
		.probe_ns = calloc(2 * rounds, sizeof(*group->probe_ns)),
		.missing = calloc(count + 1, sizeof(*group->missing)),
	};
	if (!group->members || !group->calls || !group->ns ||
	    !group->probe_ns || !group->missing) {
		group_free(group);
		return -ENOMEM;
	}
	memcpy(group->members, members, count * sizeof(*members));
	for (size_t i = 0; i < (count + 1) * rounds; i++)
		group->ns[i] = NAN;
	for (size_t i = 0; i < 2 * rounds; i++)
		group->probe_ns[i] = NAN;
	return 0;
}

void group_free(struct group *group)
{
	free(group->members);
	free(group->calls);
	free(group->ns);
	free(group->probe_ns);
	free(group->missing);
	*group = (struct group){.rounds = 0};
}

/* Without its base, a kernel has nothing to be compared with. */
static int lose_base(struct engine *engine, struct group *group, int rc)
{
	char reason[2 * REMOTE_ERROR_MAX];

	snprintf(reason, sizeof(reason), "the serial base: %s",
		 engine->members[ENGINE_BASE].remote.error);
	remote_kill(&engine->members[ENGINE_BASE].remote);
	engine->kernel = SIZE_MAX;
	group->lost = true;
	for (size_t m = ENGINE_BASE + 1; m < engine->nmembers; m++)
		if (engine_takes(engine, m, group->kernel, 0) &&
		    engine_lose(engine, group->kernel, m, 0,
				(enum remote_error)rc, reason))
			return REMOTE_FAILED;
	return 0;
}

/* Slot i of the group failed; 0 when the rest can go on. */
static int drop(struct engine *engine, struct group *group, size_t i, int rc)
{
	size_t index = i < group->count ? group->members[i] : ENGINE_BASE;

	if (rc == REMOTE_INTERRUPTED)
		return rc;
	if (index == ENGINE_BASE)
		return lose_base(engine, group, rc);
	group->missing[i] = true;
	return engine_lose(engine, group->kernel, index, group->n,
			   (enum remote_error)rc,
			   engine->members[index].remote.error);
}

static int begin_member(struct engine *engine, struct group *group, size_t i)
{
	size_t index = group->members[i];
	struct member *member = &engine->members[index];
	double call_ns;
	int rc = 0;

	if (index != ENGINE_BASE)
		rc = engine_ask(engine, member,
				engine_prepare_request(engine, group->kernel,
						       group->n, false),
				NULL);
	if (rc == 0)
		rc = engine_calibrate(engine, member, false, &group->calls[i],
				      &call_ns);
	return rc;
}

static int group_begin(struct engine *engine, struct group *group)
{
	double call_ns;
	int rc = engine_prepare(engine, group->kernel, group->n);

	group->ticket = engine->groups++;
	if (rc == 0 && group->control)
		rc = engine_calibrate(engine, &engine->members[ENGINE_BASE],
				      true, &group->calls[group->count],
				      &call_ns);
	if (rc)
		return drop(engine, group, group->count, rc);
	for (size_t i = 0; i < group->count && !group->lost; i++) {
		/* It may have been lost since the group was planned. */
		group->missing[i] = !engine_takes(engine, group->members[i],
						  group->kernel, group->n);
		if (group->missing[i])
			continue;
		rc = begin_member(engine, group, i);
		if (rc)
			rc = drop(engine, group, i, rc);
		if (rc)
			return rc;
	}
	return 0;
}

/* One epoch of slot i: a member of the group, or the control. */
static int measure(struct engine *engine, struct group *group, size_t i)
{
	bool direct = i == group->count;
	size_t index = direct ? ENGINE_BASE : group->members[i];
	struct member *member = &engine->members[index];
	json_t *result = NULL;
	const char *digest = "";
	json_int_t ns = 0;
	int rc;

	rc = engine_ask(engine, member,
			json_pack("{s:s,s:b,s:I}", "op", "epoch", "direct",
				  direct, "calls", (json_int_t)group->calls[i]),
			&result);
	if (rc)
		return rc;
	json_unpack(result, "{s:I,s:s}", "ns", &ns, "digest", &digest);
	group->ns[i * group->rounds + group->done] = (double)ns;
	if (!direct && !member_is(member, "planted") &&
	    strcmp(digest, engine->digest) != 0) {
		snprintf(member->remote.error, sizeof(member->remote.error),
			 "its result differs from serial's at %llu items",
			 (unsigned long long)group->n);
		rc = REMOTE_INVALID;
	}
	json_decref(result);
	return rc;
}

static double probe(struct engine *engine)
{
	json_t *result = NULL;
	double ns = NAN;

	if (engine->probe.pid == 0)
		return NAN;
	if (remote_ask(&engine->probe,
		       json_pack("{s:s,s:i,s:i}", "op", "probe", "here",
				 engine->cpus[0], "there", engine->cpus[1]),
		       ENGINE_ANSWER_MS, engine->interrupt_fd, &result) == 0)
		ns = json_number_value(json_object_get(result, "ns"));
	json_decref(result);
	return ns;
}

/* Row `round` of a cyclic Latin square over a seeded permutation: over
 * `count` rounds, each slot stands at each place once. */
static void order_round(const struct engine *engine, const struct group *group,
			size_t slots, size_t *order)
{
	uint64_t random = mix(engine->seed ^ mix(group->ticket));
	size_t turn = group->done + (size_t)(engine->generation - 1);

	for (size_t i = 0; i < slots; i++)
		order[i] = i;
	for (size_t i = slots; i > 1; i--) {
		size_t j = (size_t)(random % i);
		size_t swap = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swap;
		random = mix(random);
	}
	for (size_t i = 0; i < slots; i++)
		order[i] = (order[i] + turn) % slots;
}

/* The epochs of one round, in their order. */
static int measure_all(struct engine *engine, struct group *group,
		       const size_t *order, size_t slots)
{
	for (size_t s = 0; s < slots && !group->lost; s++) {
		size_t i = order[s];
		int rc;

		if (group->missing[i])
			continue;
		rc = measure(engine, group, i);
		if (rc)
			rc = drop(engine, group, i, rc);
		if (rc)
			return rc;
	}
	return 0;
}

int engine_round(struct engine *engine, struct group *group)
{
	size_t slots = group->count + group->control;
	double *probes = group->probe_ns + 2 * group->done;
	size_t *order;
	int rc = 0;

	if (group->done == 0)
		rc = group_begin(engine, group);
	if (rc || group->lost)
		return rc;
	order = calloc(slots, sizeof(*order));
	if (!order)
		return REMOTE_FAILED;
	order_round(engine, group, slots, order);
	probes[0] = group->done ? probes[-1] : probe(engine);
	rc = measure_all(engine, group, order, slots);
	free(order);
	if (rc || group->lost)
		return rc;
	probes[1] = probe(engine);
	group->done++;
	return group->done == group->rounds ? engine_finish(engine, group) : 0;
}

static struct series series_of(struct engine *engine, struct group *group,
			       size_t i)
{
	bool direct = i == group->count;
	const struct member *member =
		&engine->members[direct ? ENGINE_BASE : group->members[i]];
	enum role role = direct				    ? ROLE_CONTROL
			 : group->members[i] == ENGINE_BASE ? ROLE_BASE
							    : ROLE_RUNNER;

	return (struct series){
		.runner = direct ? "direct" : member->spec,
		.workers = member->workers,
		.role = role,
		.calls = group->calls[i],
		.ns = group->ns + i * group->rounds,
	};
}

int engine_finish(struct engine *engine, struct group *group)
{
	size_t slots = group->count + group->control;
	struct series *series = calloc(slots, sizeof(*series));
	struct block block = {
		.generation = engine->generation,
		.kernel = engine->kernels[group->kernel],
		.n = group->n,
		.tiles = engine->tiles,
		.rounds = group->done,
		.probe_ns = group->probe_ns,
		.series = series,
	};
	int rc = -ENOMEM;

	for (size_t i = 0; series && i < slots; i++)
		if (!group->missing[i])
			series[block.nseries++] = series_of(engine, group, i);
	if (series)
		rc = group->done ? record_put_block(engine->record, &block) : 0;
	free(series);
	if (rc < 0) {
		snprintf(engine->members[ENGINE_BASE].remote.error,
			 REMOTE_ERROR_MAX, "the record cannot be written: %s",
			 strerror(-rc));
		return REMOTE_FAILED;
	}
	return 0;
}

int engine_harness(struct engine *engine)
{
	static const size_t base = ENGINE_BASE;
	struct group group;
	int rc = 0;

	if (group_init(&group, engine->nkernels, 1, &base, 1, true,
		       HARNESS_ROUNDS) < 0)
		return REMOTE_FAILED;
	while (rc == 0 && group.done < group.rounds && !group.lost)
		rc = engine_round(engine, &group);
	group_free(&group);
	return rc;
}

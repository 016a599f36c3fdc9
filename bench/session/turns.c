/* SPDX-License-Identifier: MIT */
#include "bench/session/turns.h"

#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/round.h"
#include "core/clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* A first generation that takes more than this share of the budget loses its
 * longest cells: fewer than six generations prove nothing. */
#define GENERATION_SHARE (1.0 / 12)

struct turns {
	struct session *sides;
	unsigned generation;
	double *took_s; /* by kernel and size, in the first generation;
			   INFINITY: it is left out */
	size_t failed;	/* the side whose engine explains the error */
};

/* ------------------------------------------------------------- opening */

static void turns_name_run(struct session sides[TURNS_SIDES])
{
	static const char *const names[TURNS_SIDES] = {"a", "b"};
	uint64_t number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = (uint64_t)(1e9 * now_s());
	for (size_t s = 0; s < TURNS_SIDES; s++) {
		struct session_plan *plan = &sides[s].plan;

		snprintf(plan->turns.run, sizeof(plan->turns.run),
			 "%016" PRIx64, number);
		plan->turns.side = names[s];
	}
}

int turns_open(struct session sides[TURNS_SIDES])
{
	struct session *a = &sides[0], *b = &sides[1];
	int status;

	turns_name_run(sides);
	status = session_open(a);
	if (status)
		return status;
	/* Ours is the lock that it would wait for. */
	b->plan.options.turn = (struct turn_options){.no_lock = true};
	b->plan.options.budget = a->plan.options.budget;
	b->plan.like = &a->plan;
	/* By now, the caller is bound, and would see one CPU. */
	b->topology = a->topology;
	b->engine.epoch_ns = a->engine.epoch_ns;
	status = session_open(b);
	b->engine.deadline = a->engine.deadline;
	/* A has nothing but its header yet. */
	if (status)
		unlink(a->out);
	return status;
}

void turns_free(struct session sides[TURNS_SIDES])
{
	sides[1].topology = NULL;
	for (size_t s = TURNS_SIDES; s-- > 0;)
		session_free(&sides[s]);
}

/* ------------------------------------------------------------- measuring */

static double *turns_get_cell(const struct turns *turns, size_t kernel,
			      size_t size)
{
	return &turns->took_s[kernel * SIZING_MAX + size];
}

static int turns_init_group(const struct engine *engine, size_t kernel,
			    uint64_t n, size_t rounds, struct group *group)
{
	size_t *all = calloc(engine->ncontenders, sizeof(*all));
	int rc = ERROR_FAILED;

	*group = (struct group){.rounds = 0};
	for (size_t m = 0; all && m < engine->ncontenders; m++)
		all[m] = m;
	if (all &&
	    group_init(group, kernel, n, all, engine->ncontenders, rounds) == 0)
		rc = 0;
	free(all);
	return rc;
}

/* Both orders in turn, so that what drifts meets both sides alike. */
static size_t turns_choose_side(const struct turns *turns, size_t cell,
				size_t turn)
{
	size_t round = turn / TURNS_SIDES;
	size_t first = (turns->generation + cell + round) % TURNS_SIDES;

	return (first + turn) % TURNS_SIDES;
}

static int turns_measure_cell(struct turns *turns, size_t kernel, size_t size)
{
	const struct session_plan *plan = &turns->sides[0].plan;
	uint64_t n = plan->sizes[kernel].n[size];
	struct group groups[TURNS_SIDES];
	double start = now_s();
	int rc = 0;

	progress_show(&turns->sides[0].progress,
		      "%s, %llu items, generation %u",
		      turns->sides[0].engine.kernels[kernel],
		      (unsigned long long)n, turns->generation);
	for (size_t s = 0; s < TURNS_SIDES; s++) {
		const struct engine *engine = &turns->sides[s].engine;
		int made = turns_init_group(engine, kernel, n, plan->rounds,
					    &groups[s]);

		rc = rc ? rc : made;
	}
	for (size_t turn = 0; rc == 0 && turn < TURNS_SIDES * plan->rounds;
	     turn++) {
		size_t s = turns_choose_side(turns, kernel + size, turn);

		if (groups[s].lost)
			continue;
		turns->failed = s;
		rc = engine_round(&turns->sides[s].engine, &groups[s]);
	}
	for (size_t s = 0; s < TURNS_SIDES; s++)
		group_free(&groups[s]);
	*turns_get_cell(turns, kernel, size) = now_s() - start;
	return rc;
}

static int turns_start_generation(struct turns *turns)
{
	int rc = 0;

	progress_show(&turns->sides[0].progress,
		      "starting the processes of generation %u",
		      turns->generation);
	for (size_t i = 0; rc == 0 && i < TURNS_SIDES; i++) {
		size_t s = (turns->generation + i) % TURNS_SIDES;

		turns->failed = s;
		rc = engine_start_generation(&turns->sides[s].engine,
					     turns->generation);
	}
	return rc;
}

/* Small sizes of all kernels first, as `bench` has it. */
static int turns_measure_generation(struct turns *turns)
{
	const struct session_plan *plan = &turns->sides[0].plan;
	size_t nkernels = turns->sides[0].engine.nkernels;
	int rc = turns_start_generation(turns);

	for (size_t i = 0; i < SIZING_MAX; i++)
		for (size_t k = 0; rc == 0 && k < nkernels; k++)
			if (i < plan->sizes[k].count && !plan->sizes[k].lost &&
			    isfinite(*turns_get_cell(turns, k, i)))
				rc = turns_measure_cell(turns, k, i);
	return rc;
}

/* Leave out the longest cells of a generation that took too long. Sizes that
 * the user named are all measured. */
static void turns_keep_pace(struct turns *turns, double took_s)
{
	const struct session *a = &turns->sides[0];
	double most = GENERATION_SHARE * a->engine.budget_s;
	size_t cells = a->engine.nkernels * SIZING_MAX;

	while (a->engine.budget_s > 0 && !a->plan.options.sizes.hi &&
	       took_s > most) {
		double *longest = NULL;

		for (size_t c = 0; c < cells; c++)
			if (isfinite(turns->took_s[c]) &&
			    (!longest || turns->took_s[c] > *longest))
				longest = &turns->took_s[c];
		if (!longest || *longest == 0)
			return;
		took_s -= *longest;
		*longest = INFINITY;
	}
}

int turns_measure(struct session sides[TURNS_SIDES], size_t *failed)
{
	const struct session_plan *plan = &sides[0].plan;
	struct turns turns = {
		.sides = sides,
		.took_s = calloc(sides[0].engine.nkernels * SIZING_MAX,
				 sizeof(double)),
	};
	bool counted = session_is_counted(&plan->options);
	int rc = turns.took_s ? 0 : ERROR_FAILED;

	while (rc == 0 && !(counted && turns.generation >= plan->generations)) {
		double start = now_s();

		turns.generation++;
		if (counted)
			progress_part(&sides[0].progress,
				      (double)(turns.generation - 1) /
					      (double)plan->generations);
		rc = turns_measure_generation(&turns);
		if (turns.generation == 1)
			turns_keep_pace(&turns, now_s() - start);
	}
	free(turns.took_s);
	*failed = turns.failed;
	return rc == ERROR_LATE ? 0 : rc;
}

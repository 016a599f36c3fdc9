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
#include <unistd.h>

/* A first generation that takes more than this share of the budget loses its
 * longest cells: fewer than six generations prove nothing. */
#define GENERATION_SHARE (1.0 / 12)

struct turns {
	struct session *sides;
	unsigned generation;
	double *took_s; /* by kernel and size, in the first generation;
			   INFINITY: it is left out */
	double start_s; /* to start the processes of a generation */
	bool measured;	/* something, in this generation */
	size_t failed;	/* the side whose engine explains the error */
};

/* ------------------------------------------------------------- opening */

static void turns_name_run(struct session sides[TURNS_SIDES])
{
	static const char *const names[TURNS_SIDES] = {"a", "b"};
	uint64_t number = session_draw_number();

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
	status = session_understand(a);
	if (status == 0)
		status = session_understand(b);
	if (status == 0)
		status = session_open(a);
	if (status)
		return status;
	/* B would wait for the lock that A holds. */
	b->plan.options.turn = (struct turn_options){.no_lock = true};
	b->plan.options.budget = a->plan.options.budget;
	b->plan.options.seed = a->engine.seed;
	b->plan.like = &a->plan;
	/* By now, the caller is bound, and would see one CPU. */
	b->topology = a->topology;
	b->engine.epoch_ns = a->engine.epoch_ns;
	b->engine.longest_ns = a->engine.longest_ns;
	b->engine.ask_s = a->engine.ask_s;
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

/* Can both sides still measure the contender there? */
static bool turns_has_both(const struct turns *turns, size_t contender,
			   size_t kernel, uint64_t n)
{
	for (size_t s = 0; s < TURNS_SIDES; s++)
		if (engine_is_excluded(&turns->sides[s].engine, contender,
				       kernel, n))
			return false;
	return true;
}

/* The contenders that both sides have. 0 or ERROR_FAILED: out of memory; a
 * group is lost if there are none but the base. */
static int turns_init_groups(const struct turns *turns, size_t kernel,
			     uint64_t n, struct group groups[TURNS_SIDES])
{
	size_t all = turns->sides[0].engine.ncontenders, count = 0;
	size_t *contenders = calloc(all, sizeof(*contenders));
	int rc = contenders ? 0 : ERROR_FAILED;

	for (size_t m = 0; contenders && m < all; m++)
		if (turns_has_both(turns, m, kernel, n))
			contenders[count++] = m;
	for (size_t s = 0; s < TURNS_SIDES; s++) {
		groups[s] = (struct group){.rounds = 0};
		if (rc == 0 &&
		    group_init(&groups[s], kernel, n, contenders, count,
			       turns->sides[0].plan.rounds) < 0)
			rc = ERROR_FAILED;
		groups[s].apart = true;
		groups[s].lost = count < 2 || contenders[0] != ENGINE_BASE;
	}
	free(contenders);
	return rc;
}

/* Rounds of the side that was not at it when the budget ended are kept, too. */
static int turns_keep_rest(struct turns *turns, size_t late,
			   struct group groups[TURNS_SIDES])
{
	for (size_t s = 0; s < TURNS_SIDES; s++)
		if (s != late && groups[s].done > 0 &&
		    groups[s].done < groups[s].rounds &&
		    engine_finish(&turns->sides[s].engine, &groups[s])) {
			turns->failed = s;
			return ERROR_FAILED;
		}
	return ERROR_LATE;
}

/* Both orders in turn, so that what drifts meets both sides alike. */
static size_t turns_choose_side(const struct turns *turns, size_t cell,
				size_t turn)
{
	size_t round = turn / TURNS_SIDES;
	size_t first = (turns->generation + cell + round) % TURNS_SIDES;

	return (first + turn) % TURNS_SIDES;
}

/* What was spent on finding numbers of calls, which is done once. */
static double turns_find_calibrating(const struct turns *turns)
{
	return turns->sides[0].engine.calibrating_s +
	       turns->sides[1].engine.calibrating_s;
}

static int turns_measure_cell(struct turns *turns, size_t kernel, size_t size)
{
	const struct session_plan *plan = &turns->sides[0].plan;
	uint64_t n = plan->sizes[kernel].n[size];
	struct group groups[TURNS_SIDES];
	double start = now_s() - turns_find_calibrating(turns);
	int rc;

	progress_show(&turns->sides[0].progress,
		      "%s, %llu items, generation %u",
		      turns->sides[0].engine.kernels[kernel],
		      (unsigned long long)n, turns->generation);
	rc = turns_init_groups(turns, kernel, n, groups);
	for (size_t turn = 0; rc == 0 && turn < TURNS_SIDES * plan->rounds;
	     turn++) {
		size_t s = turns_choose_side(turns, kernel + size, turn);

		if (groups[s].lost)
			continue;
		turns->failed = s;
		rc = engine_round(&turns->sides[s].engine, &groups[s]);
		turns->measured |= groups[s].done > 0;
	}
	if (rc == ERROR_LATE)
		rc = turns_keep_rest(turns, turns->failed, groups);
	for (size_t s = 0; s < TURNS_SIDES; s++)
		group_free(&groups[s]);
	*turns_get_cell(turns, kernel, size) =
		now_s() - turns_find_calibrating(turns) - start;
	return rc;
}

static int turns_start_generation(struct turns *turns)
{
	double start = now_s();
	int rc = 0;

	progress_show(&turns->sides[0].progress,
		      "starting the processes of generation %u",
		      turns->generation);
	for (size_t i = 0; rc == 0 && i < TURNS_SIDES; i++) {
		size_t s = (turns->generation + i) % TURNS_SIDES;

		turns->failed = s;
		rc = engine_start_generation(&turns->sides[s].engine,
					     turns->generation, NULL);
	}
	turns->start_s = now_s() - start;
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

/* The longest cell that is measured, unless it is the only one; or NULL. */
static double *turns_find_longest(const struct turns *turns)
{
	size_t cells = turns->sides[0].engine.nkernels * SIZING_MAX, left = 0;
	double *longest = NULL;

	for (size_t c = 0; c < cells; c++) {
		double *took_s = &turns->took_s[c];

		if (!isfinite(*took_s) || *took_s == 0)
			continue;
		left++;
		if (!longest || *took_s > *longest)
			longest = took_s;
	}
	return left > 1 ? longest : NULL;
}

/* Leave out the longest cells of a generation that takes too long. Sizes that
 * the user named are all measured. */
static void turns_keep_pace(struct turns *turns)
{
	const struct session *a = &turns->sides[0];
	size_t cells = a->engine.nkernels * SIZING_MAX;
	double takes_s = turns->start_s, *longest;

	if (!(a->engine.budget_s > 0) || a->plan.options.sizes.hi)
		return;
	for (size_t c = 0; c < cells; c++)
		takes_s += turns->took_s[c];
	while (takes_s > GENERATION_SHARE * a->engine.budget_s &&
	       (longest = turns_find_longest(turns))) {
		takes_s -= *longest;
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

	/* Where all is left out, further generations measure nothing, too. */
	turns.measured = true;
	while (rc == 0 && turns.measured &&
	       !(counted && turns.generation >= plan->generations)) {
		turns.generation++;
		turns.measured = false;
		if (counted)
			progress_part(&sides[0].progress,
				      (double)(turns.generation - 1) /
					      (double)plan->generations);
		rc = turns_measure_generation(&turns);
		if (turns.generation == 1)
			turns_keep_pace(&turns);
	}
	free(turns.took_s);
	*failed = turns.failed;
	return rc == ERROR_LATE ? 0 : rc;
}

/* SPDX-License-Identifier: MIT */
/*
 * How much of a plan there is time for.
 */
#include "bench/session/session_plan.h"

#include "analysis/findings.h"
#include "analysis/proofs.h"
#include "bench/engine/contender.h"
#include "bench/host/registry.h"
#include "bench/session/self_check.h"

#include <math.h>

#define LONGEST_CALL   20e6
#define SHORTEST_CALL  1e6
#define IDLE_CALL      100 /* of serial's: too short for any runner */
#define TRIP	       8   /* of a line between two CPUs, at the very least */
#define SCHEDULED_CALL 5e6
#define FIRST_SHARE    0.5 /* of the budget that the first pass may take */
#define OPEN_SHARE     0.7 /* of that, to start processes */
#define SHRINK	       0.7
#define TWIN_SHARE     (1.0 / 3) /* of the sizes, that have an A/A control */

enum {
	FEW_SIZES = 4, /* of a kernel: fewer would bracket nothing */
	/* Of one round each: visits far apart in time tell more than rounds of
	 * one visit, and twelve are enough for most cells of a table. */
	VISITS = 12,
};

/* ------------------------------------------------------------- sizes */

/* Only the `count` sizes from `first` on, of which each `step`-th. */
static void keep_sizes(struct sizes *sizes, size_t first, size_t count,
		       size_t step)
{
	size_t kept = 0;

	for (size_t i = first; i < first + count; i += step) {
		sizes->n[kept] = sizes->n[i];
		sizes->ns[kept] = sizes->ns[i];
		sizes->ready_s[kept++] = sizes->ready_s[i];
	}
	sizes->count = kept;
}

/* Sizes whose serial call takes less than least_ns or more than most_ns. */
static void drop_beyond(struct sizes *sizes, double least_ns, double most_ns)
{
	while (sizes->count > 1 && sizes->ns[sizes->count - 1] > most_ns)
		sizes->count--;
	while (sizes->count > 1 && sizes->ns[0] < least_ns)
		keep_sizes(sizes, 1, sizes->count - 1, 1);
}

/* Every second size, and the largest. */
static void thin_out(struct sizes *sizes)
{
	size_t first = (sizes->count + 1) % 2;

	keep_sizes(sizes, first, sizes->count - first, 2);
}

static size_t find_most_sizes(const struct session_plan *plan,
			      const struct engine *engine)
{
	size_t most = 0;

	for (size_t k = 0; k < engine->nkernels; k++)
		if (plan->sizes[k].count > most)
			most = plan->sizes[k].count;
	return most;
}

/* ------------------------------------------------------------- time */

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

/* What a round measures: all contenders, serial over tiles, loops by hand, at
 * some sizes an A/A control; of two sides, their contenders. */
static double count_slots(const struct session_plan *plan,
			  const struct engine *engine)
{
	unsigned sides = session_plan_sides(plan);

	return sides > 1 ? (double)(sides * engine->ncontenders)
			 : (double)(engine->ncontenders + 1 +
				    count_hand(engine)) +
				   (plan->proof ? TWIN_SHARE : 0);
}

/* Seconds that a generation takes before its first cell: its processes, the
 * probe's among them, start on all CPUs at once; then comes the self-check. */
static double start_s(const struct session_plan *plan,
		      const struct engine *engine)
{
	double hosts = session_plan_sides(plan) *
		       (double)(engine->ncontenders + engine->nself_checks + 1);
	double at_once = fmax(engine->ncpus / 2.0, 1);

	return fmax(hosts / at_once, 1) * plan->opening_s +
	       (plan->proof ? self_check_s(engine) : 0);
}

static double first_pass_s(const struct session_plan *plan,
			   const struct engine *engine)
{
	return plan->generations *
	       (start_s(plan, engine) +
		sizing_visit_s(engine, plan->sizes, count_slots(plan, engine),
			       plan->rounds));
}

/*
 * A call that takes longer than this is not measured, nor at larger sizes. Each
 * contender has its part of the first pass at each kernel, and may take three
 * times a generation's share of that in the first one, after which the run
 * keeps its pace. A round takes two calls, to warm up and to time; to prepare a
 * size and to verify it takes as much as six. Of sizes that grow by a factor of
 * four, the largest takes three quarters. A short call may take a scheduler's
 * tick longer than it should.
 */
void session_plan_limit_calls(const struct session_plan *plan,
			      struct engine *engine)
{
	double part =
		FIRST_SHARE * plan->options.budget /
		(floor(count_slots(plan, engine)) * (double)engine->nkernels);
	double shares = plan->generations > 3 ? plan->generations / 3.0 : 1;
	double calls = shares * (2 * (double)plan->rounds + 6);

	if (!plan->options.sizes.hi && plan->options.budget > 0)
		engine->longest_ns =
			fmax(0.75 * part * 1e9 / calls, SCHEDULED_CALL);
}

/* ------------------------------------------------------------- fit */

/* With fewer generations, the first look could prove no cell of a table, even
 * if they all agree: it has a part of the error rate for all of its cells. */
static unsigned fewest_generations(const struct session_plan *plan,
				   const struct engine *engine)
{
	double cells = (double)((engine->ncontenders - 1) *
				find_most_sizes(plan, engine));
	double needed =
		ceil(log2(2 * cells / (PROOFS_FIRST_LOOK * FINDINGS_RATE)));

	return (unsigned)fmin(fmax(needed, ENGINE_GENERATIONS), VISITS);
}

/* What is left out next, beginning with what tells least. */
struct limits {
	double least_ns, most_ns; /* of a serial call */
	bool named;		  /* the user named the sizes: all stay */
	bool epoch;		  /* and the epoch */
};

/* False: nothing more can be. */
static bool leave_out(struct session_plan *plan, struct engine *engine,
		      struct limits *limits)
{
	bool shorter =
		!limits->epoch && engine->epoch_ns > SESSION_SHORTEST_EPOCH_NS;
	bool thinner = false;

	if (!limits->named &&
	    limits->most_ns > (shorter ? SCHEDULED_CALL : SHORTEST_CALL))
		limits->most_ns *= SHRINK;
	else if (shorter)
		engine->epoch_ns = SESSION_SHORTEST_EPOCH_NS;
	else if (!limits->named && limits->least_ns < IDLE_CALL)
		limits->least_ns *= 2;
	else if (plan->looks &&
		 plan->generations > fewest_generations(plan, engine))
		plan->generations--;
	else if (!limits->named && find_most_sizes(plan, engine) > FEW_SIZES)
		thinner = true;
	else
		return false;
	for (size_t k = 0; !limits->named && k < engine->nkernels; k++) {
		drop_beyond(&plan->sizes[k], limits->least_ns, limits->most_ns);
		if (thinner && plan->sizes[k].count > FEW_SIZES)
			thin_out(&plan->sizes[k]);
	}
	return true;
}

/* In a very short budget, all would go to starting processes: fewer visits
 * then, of two rounds. */
static void choose_visits(struct session_plan *plan,
			  const struct engine *engine)
{
	double room = OPEN_SHARE * FIRST_SHARE * plan->options.budget;

	plan->generations = VISITS;
	plan->rounds = 1;
	if (fewest_generations(plan, engine) * start_s(plan, engine) <= room)
		return;
	plan->generations = ENGINE_GENERATIONS;
	plan->rounds = 2;
}

static void lengthen_epoch(const struct session_plan *plan,
			   struct engine *engine, double longest_ns,
			   double room)
{
	while (engine->epoch_ns < longest_ns) {
		double before = engine->epoch_ns;

		engine->epoch_ns = fmin(before / SHRINK, longest_ns);
		if (first_pass_s(plan, engine) <= room)
			continue;
		engine->epoch_ns = before;
		return;
	}
}

/*
 * Fit the first pass into its share of the budget: without the longest calls,
 * then by the shortest epochs, then without other long calls, then without
 * sizes at which nothing can pay, since to hand work to another CPU takes
 * longer, then in fewer generations, and at last without every second size.
 * Where that leaves time, epochs are longer again. What contenders take beyond
 * serial's time is found out on the way: pace.h.
 */
void session_plan_fit(struct session_plan *plan, struct engine *engine)
{
	double room = FIRST_SHARE * plan->options.budget;
	double longest_ns = engine->epoch_ns;
	struct limits limits = {
		.least_ns = TRIP,
		.most_ns = LONGEST_CALL,
		.named = plan->options.sizes.hi,
		.epoch = plan->options.epoch_us,
	};

	if (plan->options.budget == 0)
		return;
	if (plan->looks)
		choose_visits(plan, engine);
	session_plan_limit_calls(plan, engine);
	while (first_pass_s(plan, engine) > room &&
	       leave_out(plan, engine, &limits))
		;
	lengthen_epoch(plan, engine, longest_ns, room);
}

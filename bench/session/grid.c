/* SPDX-License-Identifier: MIT */
#include "bench/session/grid.h"

#include "bench/engine/contender.h"
#include "bench/engine/generation.h"
#include "bench/engine/round.h"
#include "bench/host/registry.h"
#include "bench/session/gbench.h"
#include "bench/session/pace.h"
#include "bench/session/self_check.h"
#include "core/clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TWIN_EVERY = 3,
	/* Generations that tell something, though two be lost to rounds in
	 * which the CPUs moved or were disturbed. */
	FEW = ENGINE_GENERATIONS + 2,
};

/* Of the budget, for what follows the first pass: what is good, and the
 * least. */
#define LATER	    0.4
#define LATER_LEAST 0.1

/* One benchmark of google-benchmark's: a slot of a group. */
struct grid_slot {
	size_t group, slot; /* group's number, contender's place in it */
	size_t next;	    /* round to hand out next */
};

/* A group, once it is measured, and where it belongs. */
struct planned {
	unsigned generation;
	struct group group;
};

struct run {
	const struct grid *grid;
	struct planned *groups;
	struct grid_slot *slots;
	struct gbench_cell *cells;
	size_t ngroups, nslots;
	double opening; /* when the present generation began, now_s() */
	int rc;		/* what ended the run, or 0 */
};

/* What one call took in the best round. */
static double best_ns(const struct group *group, size_t slot)
{
	double best = INFINITY;

	for (size_t r = 0; r < group->done; r++)
		best = fmin(best, group->ns[slot * group->rounds + r]);
	return best / (double)group->calls[slot];
}

/* A loop written by hand is measured beside the contender that it is for. */
static double seconds_of(const struct group *group, size_t contender)
{
	double seconds = 0;

	for (size_t i = 0; i < group->slots; i++)
		if (group->contenders[i] == contender)
			seconds += group->took_s[i];
	return seconds;
}

/* How many of the generations (first, last] measure a cell of this pace. */
static unsigned generations_of(const struct grid *grid, enum pace pace)
{
	unsigned few = FEW < grid->generations ? FEW : grid->generations;

	return pace == PACE_FULL  ? grid->generations - 1
	       : pace == PACE_FEW ? few - 1
				  : 0;
}

static struct pace_cell make_cell(const struct grid *grid,
				  const struct group *group, size_t slot)
{
	double full = seconds_of(group, group->contenders[slot]);

	return (struct pace_cell){
		.kernel = group->kernel,
		.contender = group->contenders[slot],
		.n = group->n,
		.full_s = full,
		.few_s = full * generations_of(grid, PACE_FEW) /
			 generations_of(grid, PACE_FULL),
		.loss = best_ns(group, slot) / best_ns(group, 0),
	};
}

static size_t make_cells(const struct run *run, struct pace_cell *cells)
{
	size_t count = 0;

	for (size_t g = 0; g < run->ngroups; g++) {
		const struct group *group = &run->groups[g].group;

		if (run->groups[g].generation != run->grid->first)
			continue;
		for (size_t i = 1; i < group->count; i++)
			if (group->done && !group->missing[i])
				cells[count++] = make_cell(run->grid, group, i);
	}
	return count;
}

static enum pace pace_of(const struct group *group, size_t contender,
			 const struct pace_cell *cells, size_t count)
{
	for (size_t c = 0; c < count; c++)
		if (cells[c].kernel == group->kernel &&
		    cells[c].n == group->n && cells[c].contender == contender)
			return cells[c].pace;
	return PACE_FULL;
}

/* Leave out what is not measured in the group's generation. */
static void slow_down(const struct grid *grid, struct planned *planned,
		      const struct pace_cell *cells, size_t count)
{
	struct group *group = &planned->group;
	unsigned since = planned->generation - grid->first;
	size_t full = 0;

	for (size_t i = 1; i < group->slots; i++) {
		enum pace pace =
			pace_of(group, group->contenders[i], cells, count);

		group->missing[i] |= since > generations_of(grid, pace);
		full += i < group->count && !group->missing[i];
	}
	/* The base alone tells nothing. */
	group->lost |= group->count > 1 && full == 0;
}

/* Once the first generation has ended: the others are to end in time, too,
 * where there is one. Sizes that the user named are all measured. */
static int keep_pace(struct run *run)
{
	const struct grid *grid = run->grid;
	const struct engine *engine = grid->engine;
	double now = now_s(), left = engine->deadline - now, others;
	unsigned generations = grid->generations - 1;
	struct pace_cell *cells;
	size_t count;

	if (engine->longest_ns == 0 || !(engine->deadline > 0) ||
	    grid->generations < 2)
		return 0;
	cells = calloc(run->nslots + 1, sizeof(*cells));
	if (!cells)
		return ERROR_FAILED;
	count = make_cells(run, cells);
	/* What a generation takes beside the cells. */
	others = now - run->opening - engine->calibrating_s;
	for (size_t c = 0; c < count; c++)
		others -= cells[c].full_s;
	pace_set(cells, count,
		 (left - LATER * engine->budget_s) / generations - others,
		 (left - LATER_LEAST * engine->budget_s) / generations -
			 others);
	for (size_t g = 0; g < run->ngroups; g++)
		if (run->groups[g].generation > grid->first)
			slow_down(grid, &run->groups[g], cells, count);
	free(cells);
	return 0;
}

/* The order of rounds differs by group, that of benchmarks is generation by
 * generation, so that hosts are opened once in each. */
static int open_generation(struct run *run, unsigned generation)
{
	struct engine *engine = run->grid->engine;
	int rc = 0;

	if (engine->generation == generation)
		return 0;
	if (engine->generation == run->grid->first && run->opening > 0)
		rc = keep_pace(run);
	if (rc)
		return rc;
	run->opening = now_s();
	progress_show(run->grid->progress,
		      "starting the processes of generation %u of %u",
		      generation,
		      run->grid->first + run->grid->generations - 1);
	rc = engine_start_generation(engine, generation, NULL);
	if (rc || !run->grid->proof)
		return rc;
	if (generation == 1)
		rc = engine_harness(engine);
	return rc ? rc : self_check_measure(engine);
}

static void show(struct run *run, const struct planned *planned)
{
	const struct grid *grid = run->grid;

	/* Else the budget says when it ends. */
	if (!grid->silent)
		progress_part(grid->progress, (double)(planned - run->groups) /
						      (double)run->ngroups);
	progress_show(grid->progress, "%s, %llu items, generation %u of %u",
		      grid->engine->kernels[planned->group.kernel],
		      (unsigned long long)planned->group.n, planned->generation,
		      grid->first + grid->generations - 1);
}

static const char *end_of(const struct run *run)
{
	return run->rc == ERROR_LATE ? "the budget has ended"
				     : "the run has ended";
}

static void measure(struct run *run, struct planned *planned, size_t rounds)
{
	struct group *group = &planned->group;

	while (run->rc == 0 && group->done < rounds && !group->lost) {
		show(run, planned);
		run->rc = engine_round(run->grid->engine, group);
	}
}

/* Measure until the group has more than `round` rounds. */
static const char *advance(struct run *run, struct planned *planned,
			   size_t round)
{
	struct group *group = &planned->group;

	run->rc = open_generation(run, planned->generation);
	measure(run, planned, round + 1);
	if (run->rc)
		return end_of(run);
	return group->lost ? "the serial base failed" : NULL;
}

static const char *take_round(struct run *run, struct grid_slot *slot,
			      double *seconds)
{
	struct planned *planned = &run->groups[slot->group];
	struct group *group = &planned->group;
	const char *error = NULL;
	double ns;

	if (run->rc)
		return end_of(run);
	if (slot->next >= group->rounds)
		return "google-benchmark asks for more rounds than were "
		       "planned";
	if (slot->next >= group->done)
		error = advance(run, planned, slot->next);
	if (error)
		return error;
	ns = group->ns[slot->slot * group->rounds + slot->next++];
	if (isnan(ns))
		return "it failed: see the record";
	*seconds = ns * 1e-9 / (double)group->calls[slot->slot];
	return NULL;
}

static const char *next_round(void *arg, size_t index, double *seconds)
{
	struct run *run = arg;
	struct grid_slot *slot = &run->slots[index];
	const char *error = take_round(run, slot, seconds);

	/* Then google-benchmark writes a line of its own. */
	if (!run->grid->silent &&
	    (error || slot->next % run->grid->rounds == 0))
		progress_clear(run->grid->progress);
	return error;
}

static double bytes_of(const struct engine *engine, size_t kernel, uint64_t n)
{
	return engine_get_fact(engine, kernel, "bytes") * (double)n;
}

static char *cell_name(const struct engine *engine, size_t kernel, uint64_t n,
		       size_t contender)
{
	char name[4 * SPEC_NAME_MAX];

	snprintf(name, sizeof(name), "%s/%s/workers:%u/n:%llu",
		 engine->kernels[kernel], engine->contenders[contender].spec,
		 engine->contenders[contender].workers, (unsigned long long)n);
	return strdup(name);
}

/* Which contenders the filter selects at this kernel and size; the base comes
 * first, whether it is selected or not. */
static size_t choose(const struct run *run, size_t kernel, uint64_t n,
		     size_t *contenders, bool *base_named)
{
	const struct engine *engine = run->grid->engine;
	size_t rounds = run->grid->rounds, count = 1;

	contenders[0] = 0;
	*base_named = false;
	for (size_t m = 0; m < engine->ncontenders; m++) {
		char *name = cell_name(engine, kernel, n, m);
		bool chosen = name && gbench_selects(name, (unsigned)rounds);

		free(name);
		if (chosen && m == 0)
			*base_named = true;
		else if (chosen)
			contenders[count++] = m;
	}
	return count > 1 || *base_named ? count : 0;
}

static int add_slots(struct run *run, size_t group, bool base_named)
{
	const struct engine *engine = run->grid->engine;
	const struct group *made = &run->groups[group].group;

	for (size_t i = base_named ? 0 : 1; i < made->count; i++) {
		struct gbench_cell *cell = &run->cells[run->nslots];

		run->slots[run->nslots] =
			(struct grid_slot){.group = group, .slot = i};
		cell->name = cell_name(engine, made->kernel, made->n,
				       made->contenders[i]);
		cell->items = made->n;
		cell->bytes = bytes_of(engine, made->kernel, made->n);
		run->nslots++;
		if (!cell->name)
			return -1;
	}
	return 0;
}

/* The size-th size of a kernel. */
static int add_group(struct run *run, unsigned generation, size_t kernel,
		     size_t size, size_t *contenders)
{
	uint64_t n = run->grid->sizes[kernel].n[size];
	struct planned *planned = &run->groups[run->ngroups];
	size_t rounds = run->grid->rounds * gbench_repetitions();
	bool base_named;
	size_t count = choose(run, kernel, n, contenders, &base_named);

	/* What a run that goes on has already is not measured again. */
	if (count == 0 ||
	    engine_has_block(run->grid->engine, generation, kernel, n))
		return 0;
	planned->generation = generation;
	if (group_init(&planned->group, kernel, n, contenders, count, rounds) <
	    0)
		return -1;
	if (run->grid->control)
		group_add_tiles(&planned->group, run->grid->engine);
	/* Not at all sizes, nor at the same ones of all kernels; but at the
	 * only size of the only kernel. */
	if (run->grid->proof && (size + kernel) % TWIN_EVERY == 0)
		group_add_aa_control(&planned->group, run->grid->engine);
	group_add_hand(&planned->group, run->grid->engine);
	return add_slots(run, run->ngroups++, base_named);
}

static int plan_cells(struct run *run)
{
	const struct grid *grid = run->grid;
	const struct engine *engine = grid->engine;
	size_t *contenders = calloc(engine->ncontenders, sizeof(*contenders));
	int rc = contenders ? 0 : -1;

	/* Kernels of one size follow one another: they are compared, too. */
	for (unsigned g = grid->first; g < grid->first + grid->generations; g++)
		for (size_t i = 0; i < SIZING_MAX; i++)
			for (size_t k = 0; rc == 0 && k < engine->nkernels; k++)
				if (i < grid->sizes[k].count &&
				    !grid->sizes[k].lost)
					rc = add_group(run, g, k, i,
						       contenders);
	free(contenders);
	return rc;
}

static size_t count_groups(const struct grid *grid)
{
	size_t count = 0;

	for (size_t k = 0; k < grid->engine->nkernels; k++)
		count += grid->sizes[k].count;
	return count * grid->generations;
}

static void run_free(struct run *run)
{
	for (size_t i = 0; i < run->ngroups; i++) {
		group_free(&run->groups[i].group);
	}
	for (size_t i = 0; i < run->nslots; i++)
		free(run->cells[i].name);
	free(run->groups);
	free(run->slots);
	free(run->cells);
}

static int run_init(struct run *run, const struct grid *grid)
{
	size_t groups = count_groups(grid);
	size_t slots = groups * grid->engine->ncontenders;

	*run = (struct run){
		.grid = grid,
		.groups = calloc(groups + 1, sizeof(*run->groups)),
		.slots = calloc(slots + 1, sizeof(*run->slots)),
		.cells = calloc(slots + 1, sizeof(*run->cells)),
	};
	return run->groups && run->slots && run->cells && plan_cells(run) == 0
		       ? 0
		       : ERROR_FAILED;
}

int grid_run(const struct grid *grid, size_t *cells)
{
	struct run run;
	int rc = run_init(&run, grid);

	/* A run that goes on may have it all. */
	if (rc == 0 && (run.nslots > 0 || !grid->silent)) {
		*cells = gbench_run(run.cells, run.nslots,
				    (unsigned)grid->rounds, next_round, &run,
				    grid->silent);
		rc = run.rc;
	}
	run_free(&run);
	return rc;
}

int grid_more(const struct grid *grid)
{
	struct run run;
	int rc = run_init(&run, grid);

	for (size_t g = 0; rc == 0 && g < run.ngroups; g++) {
		advance(&run, &run.groups[g], run.groups[g].group.rounds - 1);
		rc = run.rc;
	}
	run_free(&run);
	return rc;
}

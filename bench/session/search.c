/* SPDX-License-Identifier: MIT */
#include "bench/session/search.h"

#include "analysis/analyse.h"
#include "analysis/findings.h"
#include "analysis/samples.h"
#include "bench/engine/contender.h"
#include "bench/engine/exclusion.h"
#include "bench/engine/generation.h"
#include "bench/engine/round.h"
#include "bench/session/sizing.h"
#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_ROUNDS = 2,  /* per generation, at a size not measured before */
	MOST_ROUNDS = 192, /* of a cell, over all generations */
	PASS_ROUNDS = 16,  /* per generation, in one pass */
	PASSES = 64,
	FILL_PASSES = 3, /* which also ask again what saw too little */
};
#define ASIDE	  1.2	     /* from N* to the sizes that are asked about it */
#define TWIN	  1.06	     /* sizes so close are one */
#define NEAREST	  (1.0 / 40) /* octaves from an end to a probe, at the least */
#define PROBE_AT  (1.0 / 8)  /* of the bracket, from an end to each side */
#define TOP_UP	  0.25	     /* of the time left, for one cell that is open */
#define PASS_PART 0.2	     /* of the time left, for a pass that narrows */

/* One size of one pair that the next pass measures. */
struct target {
	size_t kernel, contender;
	size_t base; /* what it is compared with, beside serial */
	uint64_t n;
	size_t rounds; /* per generation */
	double cost;   /* seconds, in all generations */
	bool more;     /* more rounds than these would be good, too */
};

struct targets {
	size_t count, room;
	struct target *list;
};

/* What is known of one pair: its cells lie next to one another. */
struct search_view {
	const struct crossing *crossing;
	const struct cell *cells;
	size_t count;
	size_t kernel, contender, base;
};

/* Times of a cell that was not measured are estimated from the nearest that
 * was. */
static double call_ns(const struct search_view *view, uint64_t n)
{
	const struct cell *nearest = NULL;
	double apart = INFINITY;

	for (size_t i = 0; i < view->count; i++) {
		const struct cell *cell = &view->cells[i];
		double octaves = fabs(log2((double)cell->n / (double)n));

		if (isnan(cell->serial_ns) || octaves >= apart)
			continue;
		apart = octaves;
		nearest = cell;
	}
	if (!nearest)
		return 0;
	return fmax(nearest->serial_ns, nearest->runner_ns) *
	       fmax(1, (double)n / (double)nearest->n);
}

static int add_target(const struct engine *engine, struct targets *targets,
		      const struct search_view *view, uint64_t n, size_t rounds)
{
	struct target *grown;

	if (engine_is_excluded(engine, view->contender, view->kernel, n))
		return 0;
	if (targets->count == targets->room) {
		size_t room = targets->room ? 2 * targets->room : 64;

		grown = realloc(targets->list, room * sizeof(*grown));
		if (!grown)
			return -1;
		targets->list = grown;
		targets->room = room;
	}
	targets->list[targets->count++] = (struct target){
		.kernel = view->kernel,
		.contender = view->contender,
		.base = view->base,
		.n = n,
		.rounds = rounds,
		.cost = 2.0 * (double)rounds * ENGINE_GENERATIONS *
			sizing_epoch_s(engine, call_ns(view, n)),
	};
	return 0;
}

/* More rounds for a cell that cannot be told yet: as many again. */
static int top_up(const struct engine *engine, struct targets *targets,
		  const struct search_view *view, const struct cell *cell)
{
	size_t rounds = cell->rounds / ENGINE_GENERATIONS + 1;

	if (cell->rounds >= MOST_ROUNDS)
		return 0;
	return add_target(engine, targets, view, cell->n, rounds);
}

/* The open cell within `octaves` of n, or NULL. */
static const struct cell *open_cell(const struct search_view *view, double n,
				    double octaves)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct cell *cell = &view->cells[i];

		if (fabs(log2((double)cell->n / n)) <= octaves &&
		    !(cell->proof.lo > 0) && !(cell->proof.hi < 0))
			return cell;
	}
	return NULL;
}

/*
 * Probe at n, moving away from `star` while there are cells there already that
 * more rounds would not settle; stay inside (lo, hi).
 */
static int probe_at(const struct engine *engine, struct targets *targets,
		    const struct search_view *view, double star, double octaves,
		    double lo, double hi)
{
	for (int tries = 0; tries < 8; tries++) {
		double n = star * exp2(octaves);
		const struct cell *cell = open_cell(view, n, fabs(octaves) / 4);

		octaves *= 1.5;
		if (cell && cell->rounds < MOST_ROUNDS)
			return top_up(engine, targets, view, cell);
		if (cell)
			continue;
		n = octaves < 0 ? floor(n) : ceil(n);
		if (n <= lo || n >= hi)
			return 0;
		return add_target(engine, targets, view, (uint64_t)n,
				  FIRST_ROUNDS);
	}
	return 0;
}

static const struct cell *measured_cell(const struct search_view *view,
					uint64_t n)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->cells[i].n == n && view->cells[i].rounds > 0)
			return &view->cells[i];
	return NULL;
}

/* n, or what was measured so close to it that it will do. */
static uint64_t known_size(const struct search_view *view, double n)
{
	for (size_t i = 0; i < view->count; i++) {
		double apart = (double)view->cells[i].n / n;

		if (apart < TWIN && apart > 1 / TWIN)
			return view->cells[i].n;
	}
	return n < 1 ? 1 : (uint64_t)(n + 0.5);
}

/* All samples about N* tell where it is: ask on both sides of it, far enough
 * from it to see the slope as well. */
static int sharpen(const struct engine *engine, struct targets *targets,
		   const struct search_view *view)
{
	const struct breakeven *at = &view->crossing->at;
	uint64_t below = known_size(view, at->n_star / ASIDE);
	uint64_t above = known_size(view, at->n_star * ASIDE);
	size_t first = targets->count;

	if (!findings_is_vague(at->n_lo, at->n_hi, engine->narrow))
		return 0;
	if (add_target(engine, targets, view, below, FIRST_ROUNDS) ||
	    (above != below &&
	     add_target(engine, targets, view, above, FIRST_ROUNDS)))
		return -1;
	for (size_t i = first; i < targets->count; i++)
		targets->list[i].more = true;
	return 0;
}

/* What the first pass did not look at, a little above N* and at twice N*: a
 * loss there, as where one core's cache ends, would refute it. */
static int verify(const struct engine *engine, struct targets *targets,
		  const struct search_view *view)
{
	static const double above[] = {1.4, 2};
	const struct breakeven *at = &view->crossing->at;

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]); i++) {
		uint64_t n = known_size(view, above[i] * at->n_star);
		const struct cell *cell = measured_cell(view, n);
		int rc = 0;

		if (n > view->crossing->n_max)
			continue;
		if (!cell)
			rc = add_target(engine, targets, view, n, FIRST_ROUNDS);
		else if (cell->verdict == CELL_UNRESOLVED &&
			 cell->log_ratio < 0)
			rc = top_up(engine, targets, view, cell);
		if (rc)
			return rc;
	}
	return 0;
}

/* Both sides of an edge that lies in (lo, hi), about at `star`. */
static int narrow(const struct engine *engine, struct targets *targets,
		  const struct search_view *view, double lo, double star,
		  double hi)
{
	double width = log2(hi / lo);
	double octaves = fmax(width * PROBE_AT, NEAREST);

	if (!findings_is_vague(lo, hi, engine->narrow))
		return 0;
	if (probe_at(engine, targets, view, star, -octaves, lo, hi))
		return -1;
	return probe_at(engine, targets, view, star, octaves, lo, hi);
}

/* The largest size that seems to lose, and is not proven to. */
static const struct cell *unproven_loss(const struct search_view *view)
{
	for (size_t i = view->count; i-- > 0;)
		if (view->cells[i].verdict == CELL_UNRESOLVED &&
		    view->cells[i].log_ratio < 0)
			return &view->cells[i];
	return NULL;
}

/* The last generation of the last look at the grid. */
static unsigned last_look(const struct record *record)
{
	const json_t *looks = record_looks(record);
	size_t count = json_array_size(looks);

	return count ? (unsigned)json_integer_value(
			       json_array_get(looks, count - 1))
		     : 0;
}

/* Visit the cells of the grid again that no look has settled, as long as there
 * is a look to come. */
static int visit_again(const struct engine *engine, struct targets *targets,
		       const struct search_view *view, double seconds_left)
{
	bool more = engine->generation + ENGINE_GENERATIONS <=
		    last_look(engine->record);

	for (size_t i = 0; more && i < view->count; i++) {
		const struct cell *cell = &view->cells[i];
		size_t before = targets->count;

		if (cell->verdict != CELL_UNRESOLVED || cell->rounds == 0 ||
		    !samples_on_grid(engine->record, cell->n))
			continue;
		if (add_target(engine, targets, view, cell->n, 1))
			return -1;
		if (targets->count > before &&
		    targets->list[before].cost > TOP_UP * seconds_left)
			targets->count = before;
	}
	return 0;
}

/* No edge is proven: ask the sizes beside the grid that would prove one. */
static int settle(const struct engine *engine, struct targets *targets,
		  const struct search_view *view, double seconds_left)
{
	const struct cell *loss =
		isnan(view->crossing->at.n_lo) ? unproven_loss(view) : NULL;

	for (size_t i = 0; i < view->count; i++) {
		const struct cell *cell = &view->cells[i];
		bool last = i + 1 == view->count;
		size_t before = targets->count;

		if (cell->verdict != CELL_UNRESOLVED ||
		    samples_on_grid(engine->record, cell->n) ||
		    (!last && cell->log_ratio < 0 && cell != loss))
			continue;
		if (top_up(engine, targets, view, cell))
			return -1;
		if (targets->count > before &&
		    targets->list[before].cost > TOP_UP * seconds_left)
			targets->count = before;
	}
	return 0;
}

static int aim_at(const struct engine *engine, struct targets *targets,
		  const struct search_view *view, double seconds_left)
{
	const struct breakeven *at = &view->crossing->at;
	int rc = 0;

	switch (at->verdict) {
	case BREAKEVEN_AT:
	case BREAKEVEN_WINDOW:
		if (!isnan(at->n_lo))
			rc = sharpen(engine, targets, view);
		if (rc == 0 && !isnan(at->n_lo))
			rc = verify(engine, targets, view);
		if (rc == 0 && at->verdict == BREAKEVEN_WINDOW)
			rc = narrow(engine, targets, view, at->n_end_lo,
				    at->n_end, at->n_end_hi);
		return rc;
	case BREAKEVEN_UNRESOLVED:
		return settle(engine, targets, view, seconds_left);
	default:
		return 0;
	}
}

/* Where the CPUs flip between near and far, a size may have been seen in fewer
 * than six generations of the commoner placement, and nothing can be said of
 * it, however clear it is. */
static int fill(const struct engine *engine, struct targets *targets,
		const struct search_view *view)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < view->count; i++)
		if (view->cells[i].rounds > 0 &&
		    view->cells[i].generations < ENGINE_GENERATIONS)
			rc = add_target(engine, targets, view, view->cells[i].n,
					FIRST_ROUNDS);
	return rc;
}

/* The engine's numbers for the names of a pair; false when it has none. */
static bool locate(const struct engine *engine, struct search_view *view)
{
	const struct pair *pair = &view->crossing->pair;

	for (view->kernel = 0; view->kernel < engine->nkernels; view->kernel++)
		if (strcmp(engine->kernels[view->kernel], pair->kernel) == 0)
			break;
	for (view->contender = 1; view->contender < engine->ncontenders;
	     view->contender++)
		if (strcmp(engine->contenders[view->contender].spec,
			   pair->runner) == 0 &&
		    engine->contenders[view->contender].workers ==
			    pair->workers)
			break;
	for (view->base = engine->ncontenders - 1; view->base > ENGINE_BASE;
	     view->base--)
		if (strcmp(engine->contenders[view->base].spec, pair->base) ==
		    0)
			break;
	return view->kernel < engine->nkernels &&
	       view->contender < engine->ncontenders;
}

static void find_cells(const struct findings *findings,
		       struct search_view *view)
{
	const struct pair *pair = &view->crossing->pair;

	view->cells = NULL;
	view->count = 0;
	for (size_t i = 0; i < findings->ncells; i++) {
		if (!pair_equal(&findings->cells[i].pair, pair))
			continue;
		if (!view->cells)
			view->cells = &findings->cells[i];
		view->count++;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	if (x->kernel != y->kernel)
		return x->kernel < y->kernel ? -1 : 1;
	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return x->contender < y->contender ? -1 : x->contender > y->contender;
}

/* Cheap ones first, as long as they fit the time; then in order of place. */
static int by_cost(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return x->cost < y->cost ? -1 : x->cost > y->cost;
}

static void afford(struct targets *targets, double seconds_left)
{
	double total = 0;
	size_t kept = 0;

	qsort(targets->list, targets->count, sizeof(*targets->list), by_cost);
	for (; kept < targets->count; kept++) {
		total += targets->list[kept].cost;
		if (total > seconds_left)
			break;
	}
	targets->count = kept;
	qsort(targets->list, targets->count, sizeof(*targets->list), by_place);
}

/* The rest of the budget goes to cells that can use it: a generation costs time
 * before its first round. */
static void spend(struct targets *targets, double seconds)
{
	double fixed = 0, open = 0, factor;

	for (size_t i = 0; i < targets->count; i++)
		if (targets->list[i].more)
			open += targets->list[i].cost;
		else
			fixed += targets->list[i].cost;
	if (!(open > 0))
		return;
	factor = fmin((seconds - fixed) / open,
		      (double)PASS_ROUNDS / FIRST_ROUNDS);
	for (size_t i = 0; factor > 1 && i < targets->count; i++) {
		struct target *target = &targets->list[i];

		if (!target->more)
			continue;
		target->rounds = (size_t)((double)target->rounds * factor);
		target->cost *= factor;
	}
}

static double seconds_left(const struct engine *engine)
{
	return engine->deadline > 0 ? engine->deadline - now_s() : 1e9;
}

static int find_targets(const struct engine *engine, struct targets *targets,
			size_t pass)
{
	struct findings *findings = findings_make(engine->record);
	int rc = findings ? 0 : -1;

	targets->count = 0;
	for (size_t i = 0; rc == 0 && i < findings->ncrossings; i++) {
		struct search_view view = {.crossing = &findings->crossings[i]};

		find_cells(findings, &view);
		if (!locate(engine, &view))
			continue;
		rc = aim_at(engine, targets, &view, seconds_left(engine));
		if (strcmp(view.crossing->pair.placement,
			   findings->placements[0]) != 0)
			continue;
		if (rc == 0)
			rc = visit_again(engine, targets, &view,
					 seconds_left(engine));
		if (rc == 0 && pass <= FILL_PASSES)
			rc = fill(engine, targets, &view);
	}
	findings_free(findings);
	if (targets->count) {
		afford(targets, 0.9 * seconds_left(engine));
		spend(targets, PASS_PART * seconds_left(engine));
	}
	return rc;
}

/* The targets from `first` on that share kernel and size are one group. */
static size_t group_end(const struct targets *targets, size_t first)
{
	size_t end = first + 1;

	while (end < targets->count &&
	       targets->list[end].kernel == targets->list[first].kernel &&
	       targets->list[end].n == targets->list[first].n)
		end++;
	return end;
}

static bool among(const size_t *contenders, size_t count, size_t contender)
{
	for (size_t i = 0; i < count; i++)
		if (contenders[i] == contender)
			return true;
	return false;
}

static int measure_group(struct engine *engine, const struct target *targets,
			 size_t count)
{
	size_t *contenders = calloc(2 * count + 1, sizeof(*contenders));
	size_t rounds = 1, taken = 1;
	struct group group;
	int rc = 0;

	if (!contenders)
		return ERROR_FAILED;
	for (size_t i = 0; i < count; i++) {
		/* One pair may aim at a size in two placements, or be a
		 * base as well. */
		if (!engine_is_excluded(engine, targets[i].contender,
					targets[i].kernel, targets[i].n) &&
		    !among(contenders, taken, targets[i].contender))
			contenders[taken++] = targets[i].contender;
		if (!among(contenders, taken, targets[i].base) &&
		    !engine_is_excluded(engine, targets[i].base,
					targets[i].kernel, targets[i].n))
			contenders[taken++] = targets[i].base;
		if (targets[i].rounds > rounds)
			rounds = targets[i].rounds;
	}
	if (taken > 1 && group_init(&group, targets->kernel, targets->n,
				    contenders, taken, rounds) == 0) {
		while (rc == 0 && group.done < rounds && !group.lost)
			rc = engine_round(engine, &group);
		group_free(&group);
	}
	free(contenders);
	return rc;
}

static int measure_all(struct engine *engine, const struct targets *targets,
		       struct progress *progress, size_t pass)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < targets->count;) {
		size_t end = group_end(targets, i);
		const struct target *target = &targets->list[i];

		progress_show(progress,
			      "narrowing, pass %zu, generation %u: %s, %llu "
			      "items",
			      pass, engine->generation,
			      engine->kernels[target->kernel],
			      (unsigned long long)target->n);
		rc = measure_group(engine, target, end - i);
		i = end;
	}
	return rc;
}

/* The base, and who is aimed at or compared with. */
static void mark_needed(const struct engine *engine,
			const struct targets *targets, bool *needed)
{
	for (size_t m = 0; m < engine->ncontenders + engine->nself_checks; m++)
		needed[m] = m == ENGINE_BASE;
	for (size_t i = 0; i < targets->count; i++)
		needed[targets->list[i].contender] =
			needed[targets->list[i].base] = true;
}

int search_run(struct engine *engine, struct progress *progress)
{
	struct targets targets = {.count = 0};
	bool *needed = calloc(engine->ncontenders + engine->nself_checks,
			      sizeof(*needed));
	int rc = needed ? 0 : ERROR_FAILED;

	for (size_t pass = 1; rc == 0 && pass <= PASSES; pass++) {
		if (find_targets(engine, &targets, pass) < 0)
			rc = ERROR_FAILED;
		if (rc || targets.count == 0)
			break;
		mark_needed(engine, &targets, needed);
		for (unsigned g = 0; rc == 0 && g < ENGINE_GENERATIONS; g++) {
			rc = engine_start_generation(
				engine, engine->generation + 1, needed);
			if (rc == 0)
				rc = measure_all(engine, &targets, progress,
						 pass);
		}
	}
	free(targets.list);
	free(needed);
	return rc;
}

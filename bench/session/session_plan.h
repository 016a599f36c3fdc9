/* SPDX-License-Identifier: MIT */
/*
 * What a run is to measure: which sizes, how often, in which time.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SESSION_PLAN_H
#define BREAKEVEN_BENCH_SESSION_SESSION_PLAN_H

#include "bench/cli/progress.h"
#include "bench/engine/engine.h"
#include "bench/engine/worker_count.h"
#include "bench/session/session_options.h"
#include "bench/session/sizing.h"

struct session_plan {
	struct session_options options;
	const char *command; /* "bench" */
	int argc;	     /* as the user typed it, for the record */
	char **argv;
	size_t rounds;	      /* of the first pass, in each generation: the
				 command's own, unless asked otherwise */
	unsigned generations; /* of the first pass */
	bool looks; /* more generations follow, of what that leaves open */
	/* The numbers of workers, unless they are named; NULL: all CPUs. */
	worker_count_rule *worker_rule;
	double longest_s; /* the budget, unless it is named, at most; 0: ours */
	struct sizes *sizes;  /* by kernel of the engine */
	double opening_s;     /* what it takes to open one host */
	const uint64_t *sets; /* bytes that all sizes are to touch instead */
	size_t nsets;	      /* 0: sizes are found */
	bool proof;	      /* the run proves itself; self_check.h */
	/* Of a session that is measured by turns with another one; turns.h. */
	struct {
		char run[17];	  /* what both call their run */
		const char *side; /* "a" or "b"; NULL: it is no such session */
	} turns;
	const struct session_plan *like; /* whose sizes it takes; or NULL */
};

/*
 * Find the sizes of each kernel with the base alone, before there is a header
 * to write notes after. A kernel that fails keeps the reason in its sizes, and
 * the engine's deadline moves by the time that this took. 0 or an enum
 * error_kind, which engine->error explains.
 */
int session_plan_find_sizes(struct session_plan *plan, struct engine *engine,
			    struct progress *progress);

/* Take those sizes that touch the bytes of the sets, as far as there is memory
 * for them. 0 or an enum error_kind, which engine->error explains. */
int session_plan_take_sets(struct session_plan *plan, struct engine *engine);

/* Take the sizes of the plan that it is like. 0 or an enum error_kind. */
int session_plan_take_like(struct session_plan *plan, struct engine *engine);

/* How many sessions share the time and the memory of a run. */
unsigned session_plan_sides(const struct session_plan *plan);

/* After which generations the grid is looked at: the first pass and others,
 * whose numbers end with 0. */
enum { SESSION_LOOKS = 5 };
void session_plan_find_looks(const struct session_plan *plan,
			     unsigned looks[SESSION_LOOKS + 1]);

/* The shortest epoch, in ns, unless the user asks for another one: to ask for
 * it takes as long. */
#define SESSION_SHORTEST_EPOCH_NS 0.5e6

/* Fit the first pass into its share of the budget, by the engine's epoch, fewer
 * sizes that the user did not name, and in a plan with looks by fewer
 * generations. */
void session_plan_fit(struct session_plan *plan, struct engine *engine);

/* Set the longest call that there is time for, unless the user named sizes. */
void session_plan_limit_calls(const struct session_plan *plan,
			      struct engine *engine);

/* Once there is a header: note which kernels failed, and which sets do not fit.
 * 0 or an error of the record. */
int session_plan_put_notes(const struct session_plan *plan,
			   struct engine *engine);

void session_plan_free(struct session_plan *plan, size_t nkernels);

#endif

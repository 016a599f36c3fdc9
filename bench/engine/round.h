/* SPDX-License-Identifier: MIT */
/*
 * Rounds: one epoch of every compared runner, right after one another. All
 * measurements go through engine_round().
 */
#ifndef BREAKEVEN_BENCH_ENGINE_ROUND_H
#define BREAKEVEN_BENCH_ENGINE_ROUND_H

#include "bench/engine/engine.h"

/*
 * The rounds of some contenders at one kernel and size in the present
 * generation; becomes one block of the record.
 */
struct group {
	size_t kernel;
	uint64_t n;
	size_t count; /* contenders taking part, the base first */
	size_t slots; /* what is measured: these, and behind them controls */
	size_t *contenders; /* by slot: indices */
	enum way *ways;	    /* by slot */
	bool apart;	    /* others are measured between its rounds */
	size_t rounds;	    /* to be measured */
	size_t done;
	uint64_t *calls;	  /* by slot */
	double base_call_ns;	  /* of one */
	double *ns, *cpu_ns;	  /* [slot][round] */
	double *took_s;		  /* by slot: its epochs, with their requests */
	struct reading *readings; /* 2 x rounds */
	uint64_t throttled;	  /* what came from outside: cpu_limits.h */
	bool cpus_changed;
	bool *missing; /* by slot: it failed on the way */
	bool lost;     /* the base failed: there will be no rounds */
};

/*
 * Make `group` ready: its kernel, n, contenders (copied) and rounds as given,
 * and no controls. 0, -ENOMEM. group_free() frees what it holds.
 */
int group_init(struct group *group, size_t kernel, uint64_t n,
	       const size_t *contenders, size_t count, size_t rounds);

/* Measure serial once more, if there is a self-check. */
void group_add_aa_control(struct group *group, const struct engine *engine);

/* Measure serial over the tiles of runners, too, of a kernel of one pass; and
 * the loops written by hand for the contenders of the group. */
void group_add_tiles(struct group *group, const struct engine *engine);
void group_add_hand(struct group *group, const struct engine *engine);

void group_free(struct group *group);

/*
 * Measure one round: prepares the hosts and calibrates when it is the first,
 * and writes the block to the record after the last. Contenders that fail get a
 * note and drop out; when the base fails, all do and the group is lost. 0,
 * ERROR_INTERRUPTED, ERROR_LATE when the budget has ended, after which the
 * rounds before are in the record and no more may be asked for, or
 * ERROR_FAILED when the record cannot be written
 * (engine->error says why).
 */
int engine_round(struct engine *engine, struct group *group);

/* Write what has been measured, when no more rounds will follow. */
int engine_finish(struct engine *engine, struct group *group);

/*
 * Measure what the harness itself adds to a call: serial `empty` of one item,
 * in the present generation. As engine_round() returns.
 */
int engine_harness(struct engine *engine);

#endif

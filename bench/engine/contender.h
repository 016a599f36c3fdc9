/* SPDX-License-Identifier: MIT */
/*
 * The compared runners.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_CONTENDER_H
#define BREAKEVEN_BENCH_ENGINE_CONTENDER_H

#include "bench/engine/host_process.h"

#include <jansson.h>
#include <stdbool.h>

/* One compared runner at one number of workers. */
struct contender {
	char *spec;    /* as the user typed it */
	char *bare;    /* without what the host takes itself (workers=) */
	json_t *facts; /* of describe_runner() */
	unsigned workers;
	int *cpus;   /* by worker: its CPU; one for each CPU that there is, if
			workers outnumber them */
	bool opened; /* with its order */
	double open_ns; /* to create its workers, in this generation */
	/* Why it is excluded from now on (host.error says more); 0: it is not.
	 */
	enum error_kind out;
	struct host_process host;
};

/* Is this flag of the runner's description set ("planted", "solo",
 * "foreign")? */
bool contender_is(const struct contender *contender, const char *flag);

/* Does its description say this ("unit" "process", "data" "shipped")? */
bool contender_is_one_of(const struct contender *contender, const char *key,
			 const char *word);

/* Are its workers ranks, or threads of ranks? */
bool contender_has_ranks(const struct contender *contender);

/* A word of its description ("lifetime", "base"), or NULL. */
const char *contender_fact(const struct contender *contender, const char *key);

/* Free what a contender holds; its host is closed before. */
void contender_free(struct contender *contender);

#endif

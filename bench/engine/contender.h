/* SPDX-License-Identifier: MIT */
/*
 * The compared runners.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_CONTENDER_H
#define BREAKEVEN_BENCH_ENGINE_CONTENDER_H

#include "bench/engine/host_process.h"

#include <stdbool.h>

struct engine;

/* One compared runner at one number of workers. */
struct contender {
	char *spec;    /* as the user typed it */
	char *bare;    /* without what the host takes itself (workers=) */
	json_t *facts; /* of describe_runner() */
	unsigned workers;
	double open_ns; /* to create its workers, in this generation */
	/* Why it is left out from now on, told in host.error; 0: it is
	 * not.
	 */
	enum error_kind out;
	struct host_process host;
};

/* Is this flag of the runner's description set ("planted", "solo",
 * "foreign")? */
bool contender_is(const struct contender *contender, const char *flag);

/* Has its description this word ("unit" "process", "data" "shipped")? */
bool contender_is_one_of(const struct contender *contender, const char *key,
			 const char *word);

/*
 * Describe runner `spec` and add it to the engine's contenders at each of the
 * numbers of workers; a solo runner once, at its own number. More workers than
 * CPUs are capped (crowd.h), with a notice. 0 or an enum error_kind, told in
 * `error`.
 */
int contender_add(struct engine *engine, const char *spec,
		  const unsigned *workers, size_t nworkers,
		  char error[ERROR_TEXT_MAX]);

/* Add what contenders are compared with besides serial, where it is not among
 * them yet, with a notice. As contender_add(). */
int contender_add_bases(struct engine *engine, char error[ERROR_TEXT_MAX]);

/* Refuse a contender that computes none of the kernels that were asked for. 0
 * or ERROR_USAGE, told in `error`. */
int contenders_check(const struct engine *engine, char error[ERROR_TEXT_MAX]);

/* The contender of that name, or 0, ENGINE_BASE, where there is none. */
size_t contender_find(const struct engine *engine, const char *bare);

/* Add one that proves the measurement (proof.h), of one worker, behind all
 * others: from then on only such are added. 0 or an enum error_kind. */
int contender_add_self_check(struct engine *engine, const char *spec,
			     char error[ERROR_TEXT_MAX]);

/* Free what a contender holds; its host is closed before. */
void contender_free(struct contender *contender);

/* "runners" of the record's header; a new reference. */
json_t *contenders_json(const struct engine *engine);

#endif

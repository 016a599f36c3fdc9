/* SPDX-License-Identifier: MIT */
/*
 * The line-up: which contenders an engine has. Contender 0 is the base, serial;
 * behind those that are compared with it stand those of the self-check.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_LINEUP_H
#define BREAKEVEN_BENCH_ENGINE_LINEUP_H

#include "core/error.h"

#include <jansson.h>
#include <stddef.h>

struct engine;

/*
 * Open the engine; describe and add serial and the runners `specs` at each of
 * the `workers` (solo runners once, at their own number). 0, or an enum
 * error_kind, which engine->error explains: ERROR_USAGE for specs that cannot
 * be understood. Runners that this machine does not have get a note in the
 * record, and are excluded. engine_close() is due in any case.
 */
int lineup_open(struct engine *engine, char *const *specs, size_t nspecs,
		const unsigned *workers, size_t nworkers);

/*
 * Describe runner `spec` and add it to the engine's contenders at each of the
 * numbers of workers; a solo runner once, at its own number; one whose workers
 * are processes of several threads at each split of them, unless the spec says
 * threads=. More workers than CPUs are capped (worker_count.h), with a notice.
 * 0 or an enum error_kind, which engine->error explains.
 */
int lineup_add(struct engine *engine, const char *spec, const unsigned *workers,
	       size_t nworkers);

/* Add what contenders are compared with besides serial, where it is not among
 * them yet, with a notice. As lineup_add(). */
int lineup_add_bases(struct engine *engine);

/* Refuse a contender that computes none of the kernels that were asked for. 0
 * or ERROR_USAGE, which engine->error explains. */
int lineup_check(struct engine *engine);

/* The contender of that name, or 0, ENGINE_BASE, where there is none. */
size_t lineup_find(const struct engine *engine, const char *bare);

/* Add one of the self-check, of one worker, behind all others: from then on
 * only such are added. As lineup_add(). */
int lineup_add_self_check(struct engine *engine, const char *spec);

/* "runners" of the record's header; a new reference. */
json_t *lineup_json(const struct engine *engine);

#endif

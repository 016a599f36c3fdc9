/* SPDX-License-Identifier: MIT */
/*
 * Generations: fresh hosts, over a fresh arena, so that the memory layout of
 * one process does not decide all rounds.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_GENERATION_H
#define BREAKEVEN_BENCH_ENGINE_GENERATION_H

#include "core/error.h"

#include <stdbool.h>

struct engine;

/*
 * Close the hosts of the generation before; open fresh ones over a fresh arena:
 * those that are `needed`, by the number of the contender, or all if that is
 * NULL. Others are started when they are first asked. 0 or an enum error_kind,
 * which engine->error explains, if not even the base can be had; ERROR_LATE if
 * the budget ends before all are open.
 */
int engine_start_generation(struct engine *engine, unsigned generation,
			    const bool *needed);

#endif

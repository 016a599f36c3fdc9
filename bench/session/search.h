/* SPDX-License-Identifier: MIT */
/*
 * The adaptive passes: spend what is left of the budget where a break-even
 * size is still open.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SEARCH_H
#define BREAKEVEN_BENCH_SESSION_SEARCH_H

#include "bench/cli/progress.h"
#include "bench/engine/engine.h"

/*
 * Narrow every break-even size of the record, from what it holds, until the
 * interval of each is at most engine->narrow octaves wide and no size above
 * refutes it, or no further proof is to be had. Each pass measures in
 * ENGINE_GENERATIONS fresh generations. 0 or an enum error_kind, which
 * engine->error explains: ERROR_LATE where the budget ended first.
 */
int search_run(struct engine *engine, struct progress *progress);

#endif

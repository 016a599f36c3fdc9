/* SPDX-License-Identifier: MIT */
/*
 * Going on with a run that was interrupted.
 */
#ifndef BREAKEVEN_BENCH_SESSION_RESUME_H
#define BREAKEVEN_BENCH_SESSION_RESUME_H

#include "bench/session/session_plan.h"

/*
 * In the place of sizes that are looked for and of a new record: take those of
 * the record, see that all that lasts is as it was, and leave out what its
 * notes do. 0, or an enum error_kind, which engine->error explains:
 * ERROR_USAGE where this would be another run.
 */
int resume_plan(struct session_plan *plan, struct engine *engine);

#endif

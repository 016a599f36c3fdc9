/* SPDX-License-Identifier: MIT */
/*
 * The header of a run's record: what is measured, how, and where.
 */
#ifndef BREAKEVEN_BENCH_SESSION_HEADER_H
#define BREAKEVEN_BENCH_SESSION_HEADER_H

#include "bench/session/session_plan.h"

/* As docs/record.md has it; a new reference, NULL: out of memory. */
json_t *header_make(const struct session_plan *plan,
		    const struct engine *engine);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The header of a record: what is measured, how, and where.
 */
#ifndef BREAKEVEN_BENCH_SESSION_HEADER_H
#define BREAKEVEN_BENCH_SESSION_HEADER_H

#include "bench/session/session_plan.h"

/* As docs/record.md has it; a new reference, NULL: out of memory. */
json_t *header_make(const struct session_plan *plan,
		    const struct engine *engine);

/* Near or far is read between the first two CPUs. Of more workers, how far
 * apart those are that exchange lines, which is read now: a new reference, or
 * NULL: they have no CPUs of their own, or it cannot be read. */
json_t *header_links(const struct engine *engine);

/* Of a study's record, with the command's own arguments. Likewise. */
json_t *header_make_study(const char *study, int argc, char *const *argv,
			  const struct topology *topology);

#endif

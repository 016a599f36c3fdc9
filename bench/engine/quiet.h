/* SPDX-License-Identifier: MIT */
/*
 * How quiet the machine is: probed before and after every round, which waits a
 * little for a quiet moment.
 */
#ifndef BREAKEVEN_BENCH_ENGINE_QUIET_H
#define BREAKEVEN_BENCH_ENGINE_QUIET_H

#include <stdbool.h>

struct engine;
struct reading;

/* Launch the host that probes, if there are two CPUs to probe and something to
 * compare. */
void engine_launch_probe(struct engine *engine);

/* Await that it is ready, and park it. 0, or an enum error_kind, which the user
 * has been told. */
int engine_open_probe(struct engine *engine);

/* How the machine is at this moment (probe.h); NAN if that cannot be had. The
 * probe uses all CPUs in use or, if they are many, some of them in turn. 0, or
 * ERROR_INTERRUPTED. */
int engine_probe(struct engine *engine, struct reading *reading);

/* A reading to begin a round with: the one at hand, if there is one and it was
 * not disturbed. Else probe, and while that is disturbed wait a little and
 * probe again: three times, for a tenth of the budget at most. As
 * engine_probe(). */
int engine_wait_quiet(struct engine *engine, struct reading *reading);

#endif

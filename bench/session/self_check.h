/* SPDX-License-Identifier: MIT */
/*
 * What every run proves itself with, beside what the user asked for: serial
 * against itself, which must come out equal, and a runner of known overhead and
 * speed-up, whose break-even size must be found.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SELF_CHECK_H
#define BREAKEVEN_BENCH_SESSION_SELF_CHECK_H

#include "bench/engine/engine.h"

/* The planted truth: alpha steps of overhead under a kernel of `ops` steps an
 * item. */
#define SELF_CHECK_KERNEL  "spin:ops=100"
#define SELF_CHECK_PLANTED "planted:alpha=50000:speedup=1.9"
#define SELF_CHECK_ALPHA   50000.0
#define SELF_CHECK_OPS	   100.0
#define SELF_CHECK_SPEEDUP 1.9

/* Items from which on the planted runner pays. */
#define SELF_CHECK_TRUTH                                                       \
	(SELF_CHECK_ALPHA / (SELF_CHECK_OPS * (1 - 1 / SELF_CHECK_SPEEDUP)))

/* Add those contenders behind the others. 0 or an enum error_kind, which
 * engine->error explains. */
int self_check_open(struct engine *engine);

/* Seconds that it takes in each generation. */
double self_check_s(const struct engine *engine);

/* Measure the planted runner in the present generation. 0 or an enum
 * error_kind. */
int self_check_measure(struct engine *engine);

#endif

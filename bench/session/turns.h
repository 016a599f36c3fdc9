/* SPDX-License-Identifier: MIT */
/*
 * Two sessions that measure the same cells by turns, in one run: side A and
 * side B, of two kernels or of two builds. What the machine does in a moment
 * meets both, so that their generations can be compared pair by pair.
 */
#ifndef BREAKEVEN_BENCH_SESSION_TURNS_H
#define BREAKEVEN_BENCH_SESSION_TURNS_H

#include "bench/session/session.h"

enum { TURNS_SIDES = 2 };

/*
 * Open both: B takes the sizes, the epoch and the deadline of A, and the plans
 * of both say which run they share. As session_open(): where it fails,
 * engine_close() of B and then of A are due, else session_close(); and in any
 * case turns_free(), in place of session_free(). The sides have one kernel for
 * each other's.
 */
int turns_open(struct session sides[TURNS_SIDES]);
void turns_free(struct session sides[TURNS_SIDES]);

/*
 * Measure, generation by generation and cell by cell: a round of one side, then
 * of the other, which is first by turns. As many generations as the plan has,
 * or where it has a budget, until that has ended. 0 or an enum error_kind,
 * which the error of the engine *failed explains.
 */
int turns_measure(struct session sides[TURNS_SIDES], size_t *failed);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Where the time of a call goes, measured at the end of a run.
 */
#ifndef BREAKEVEN_BENCH_SESSION_SPLITS_H
#define BREAKEVEN_BENCH_SESSION_SPLITS_H

#include "bench/session/session.h"

/*
 * For each kernel, under the session's runners and with most of its workers:
 * at the smallest size of the first pass at which one of them was found to be
 * faster than serial, or else at the largest. They go to session->splits, for
 * the end of the record; a kernel that cannot be split is told, and left out.
 * 0, ERROR_INTERRUPTED, or ERROR_FAILED: out of memory.
 */
int splits_take(struct session *session);

#endif

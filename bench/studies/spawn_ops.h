/* SPDX-License-Identifier: MIT */
/*
 * The ways to bring a thread or a process to life and to see it end, and what
 * pages cost those that touch them: ops of a parent.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_SPAWN_OPS_H
#define BREAKEVEN_BENCH_STUDIES_SPAWN_OPS_H

#include "bench/studies/spawn_parent.h"

/* The executable that posix_spawn is given: static, and does nothing. */
#define SPAWN_WORKER "breakeven-nothing"

/* One creation each, to its end: what `breakeven creation` times. */
extern const struct spawn_op spawn_creation[];
extern const size_t spawn_ncreation;

/* Pages of context->region: ns of all, and in count how many faults that were.
 */
extern const struct spawn_op spawn_faults[];
extern const size_t spawn_nfaults;

/* What the article creates: five, or a pool of four. */
extern const struct spawn_op spawn_article[];
extern const size_t spawn_narticle;

/* Does the parent see the change of a variable by a process or thread that it
 * started? count is what it reads: 1 if it does, else 0. */
extern const struct spawn_op spawn_memory[];
extern const size_t spawn_nmemory;

#endif

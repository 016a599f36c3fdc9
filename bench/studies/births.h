/* SPDX-License-Identifier: MIT */
/*
 * The ways to bring a thread or a process to life and to see it end, and what
 * pages cost those that touch them: acts of a parent.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_BIRTHS_H
#define BREAKEVEN_BENCH_STUDIES_BIRTHS_H

#include "bench/studies/parent.h"

/* The executable that posix_spawn is given: static, and does nothing. */
#define BIRTHS_WORKER "breakeven-nothing"

/* One creation each, to its end: what `breakeven creation` times. */
extern const struct act births_creation[];
extern const size_t births_ncreation;

/* Pages of stage->region: ns of all, and in count how many faults that were. */
extern const struct act births_faults[];
extern const size_t births_nfaults;

/* What the article creates: five, or a pool of four. */
extern const struct act births_article[];
extern const size_t births_narticle;

/* Is a variable's change seen by whoever started the one that changed it?
 * count is what it reads: 1 where it is, else 0. */
extern const struct act births_memory[];
extern const size_t births_nmemory;

#endif

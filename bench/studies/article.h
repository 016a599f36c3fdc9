/* SPDX-License-Identifier: MIT */
/*
 * What the article does, in C and in Python, in rounds in which all take turns.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_ARTICLE_H
#define BREAKEVEN_BENCH_STUDIES_ARTICLE_H

#include "analysis/studies/article_result.h"
#include "bench/studies/article_plan.h"
#include "core/error.h"

/*
 * Measure it. 0 or an enum error_kind, told in `error` (error_text())
 * where it is the whole that failed: what fails by itself is in found->skipped,
 * with the reason. article_free() is due in any case.
 */
int article_measure(const struct article_plan *plan, struct article *found,
		    struct error *error);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The option --fail-on of commands that compare.
 */
#ifndef BREAKEVEN_BENCH_COMMANDS_COMMON_FAIL_ON_H
#define BREAKEVEN_BENCH_COMMANDS_COMMON_FAIL_ON_H

#include "bench/cli/options.h"

#include <stdbool.h>

/* Take "slower=5%", whose sign may be missing, into the struct compare_limits
 * at `field`. False: it is none. */
bool fail_on_take(const char *text, void *field);

#define CLI_ROW_FAIL_ON(type, field)                                           \
	CLI_OF("fail-on", 'F',                                                 \
	       OPT_HOOK(fail_on_take,                                          \
			"slower=, faster= or breakeven= and a per cent from "  \
			"0 on, as slower=5%"),                                 \
	       offsetof(type, field), "LIMIT=PERCENT",                         \
	       "End with status 1 where it is proven that a cell is slower, "  \
	       "or faster, or a break-even size larger (breakeven) by more "   \
	       "than that: slower=5%; may be given several times")

#endif

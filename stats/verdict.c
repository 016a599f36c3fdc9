/* SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include <math.h>

#define EQUAL 0.02 /* ratios this close to 1 are the same in practice */

const char *const cell_verdict_names[] = {
	[CELL_FASTER] = "faster",   [CELL_SLOWER] = "slower",
	[CELL_EQUAL] = "equal",	    [CELL_UNRESOLVED] = "unresolved",
	[CELL_INVALID] = "invalid", [CELL_SKIPPED] = "skipped",
	[CELL_FAILED] = "failed",
};

const char *const breakeven_verdict_names[] = {
	[BREAKEVEN_AT] = "at",
	[BREAKEVEN_ALWAYS] = "always",
	[BREAKEVEN_NEVER] = "never",
	[BREAKEVEN_WINDOW] = "window",
	[BREAKEVEN_UNRESOLVED] = "unresolved",
	[BREAKEVEN_INVALID] = "invalid",
	[BREAKEVEN_SKIPPED] = "skipped",
	[BREAKEVEN_FAILED] = "failed",
};

enum cell_verdict stats_verdict(struct interval log_ratio)
{
	if (log_ratio.lo >= log1p(-EQUAL) && log_ratio.hi <= log1p(EQUAL))
		return CELL_EQUAL;
	if (log_ratio.lo > 0)
		return CELL_FASTER;
	if (log_ratio.hi < 0)
		return CELL_SLOWER;
	return CELL_UNRESOLVED;
}

/* SPDX-License-Identifier: MIT */
/*
 * Where a run puts what it found when the user does not say.
 */
#ifndef BREAKEVEN_BENCH_CLI_OUTFILE_H
#define BREAKEVEN_BENCH_CLI_OUTFILE_H

/*
 * A record's name that is free, `what` (as "creation-", or "") before the
 * machine's and the time, and `side` (as "-a", or "") behind them: in
 * results/runs where there is a folder results, else in the current one, with
 * breakeven- in front. To be freed; NULL: out of memory.
 */
char *outfile_new(const char *what, const char *side);

#endif

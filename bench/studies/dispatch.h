/* SPDX-License-Identifier: MIT */
/*
 * What fork-joins cost under each of some runners: the measurement of
 * `breakeven dispatch`.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_DISPATCH_H
#define BREAKEVEN_BENCH_STUDIES_DISPATCH_H

#include "analysis/studies/dispatch_result.h"
#include "bench/cli/progress.h"
#include "bench/cli/turn.h"
#include "bench/engine/engine.h"

enum { DISPATCH_GENERATIONS = 3, DISPATCH_WORKERS_MAX = 256 };

struct dispatch_options {
	const char *runners; /* a list of specs */
	unsigned workers;    /* 0: one per CPU */
	unsigned tiles; /* 0: as many as workers, and a rendezvous as well */
	struct cli_counts gaps; /* in microseconds */
	unsigned rounds;	/* in each generation */
	bool memory, quiet;
	struct turn_options turn;
};

struct dispatch_run {
	struct dispatch dispatch; /* what was found */

	/* Private, but for the engine's error and interrupt_fd. */
	struct engine engine;
	struct progress progress;
	unsigned rounds;
};

/* On this machine's topology. 0, or an enum error_kind, which the engine's
 * error explains (error_text()). dispatch_run_free() is due in any case. */
int dispatch_run(struct dispatch_run *run, const struct topology *topology,
		 const struct dispatch_options *options);
void dispatch_run_free(struct dispatch_run *run);

#endif

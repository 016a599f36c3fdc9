/* SPDX-License-Identifier: MIT */
/*
 * What the module of google-benchmark has, as gbench.h describes it.
 */
#ifndef BREAKEVEN_BENCH_SESSION_GBENCH_MODULE_H
#define BREAKEVEN_BENCH_SESSION_GBENCH_MODULE_H

#include "bench/session/gbench.h"

#define GBENCH_MODULE "google-benchmark.so"
#define GBENCH_SYMBOL "gbench_module"

struct gbench_module {
	const char *(*configure)(int argc, char **argv);
	void (*context)(const char *key, const char *value);
	unsigned (*repetitions)(void);
	bool (*selects)(const char *name, unsigned iterations);
	size_t (*run)(const struct gbench_cell *cells, size_t count,
		      unsigned iterations, gbench_fn *measure, void *arg,
		      bool silent);
};

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What it costs to create threads, processes and pools, by the memory of the
 * process that creates them.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_CREATION_H
#define BREAKEVEN_BENCH_STUDIES_CREATION_H

#include "analysis/studies/creation_result.h"
#include "core/error.h"

#include <stdint.h>

/* The smallest parent, and by how much they grow. */
enum { CREATION_BASE_MIB = 1, CREATION_STEP = 4 };

struct progress;
struct topology;

struct creation_plan {
	uint64_t max; /* bytes of the largest parent */
	size_t runs;
	int interrupt_fd;
	const struct topology *topology;
	struct progress *progress;
};

/*
 * Measure it. 0, ERROR_INTERRUPTED, or ERROR_FAILED: out of memory. What fails
 * by itself is in found->skipped, with the reason. creation_free() is due in
 * any case.
 */
int creation_measure(const struct creation_plan *plan, struct creation *found);

#endif

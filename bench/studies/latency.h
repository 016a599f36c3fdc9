/* SPDX-License-Identifier: MIT */
/*
 * The core-to-core latency matrix: how long a cache line takes from each CPU
 * to each other one and back.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_LATENCY_H
#define BREAKEVEN_BENCH_STUDIES_LATENCY_H

#include "system/topology.h"

/* A round trip in ns, over several readings. Those of a matrix, LATENCY_PASSES,
 * are spread over the whole measurement: hosts of virtual machines move CPUs in
 * between. */
struct latency {
	double median, least, most;
};

enum { LATENCY_PASSES = 5 };

/*
 * For all pairs of `count` CPUs: matrix[a * count + b], a trip being the same
 * in both directions; the diagonal is 0. Takes some milliseconds a pair. 0 or
 * -errno; -ECHILD when a child died. The caller is not bound afterwards.
 */
int latency_measure(const struct topology *topology, const int *cpus,
		    unsigned count, struct latency *matrix);

/*
 * The same between each worker of a pool and the one that releases it, with
 * worker i on cpus[i]: one reading for each of at most LATENCY_LINKS_MAX of
 * them, spread over all. `workers` >= 2.
 */
enum { LATENCY_LINKS_MAX = 64 };
int latency_measure_links(const struct topology *topology, const int *cpus,
			  unsigned workers, struct latency *links);

#endif

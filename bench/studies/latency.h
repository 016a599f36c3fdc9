/* SPDX-License-Identifier: MIT */
/*
 * How far apart CPUs of this machine are, read from them.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_LATENCY_H
#define BREAKEVEN_BENCH_STUDIES_LATENCY_H

#include "bench/studies/latency_map.h"

/* Read one pair of CPUs of this machine, in some milliseconds. 0 or -errno;
 * -ECHILD when a child died. The caller is bound to the first afterwards. */
int latency_read_pair(const struct topology *topology, int here, int there,
		      double *ns);

/*
 * The trips between each worker of a pool and the one that releases it, with
 * worker i on cpus[i]: one reading for each of at most LATENCY_LINKS_MAX of
 * them, spread over all. `workers` >= 2. The caller is bound as before.
 */
enum { LATENCY_LINKS_MAX = 64 };
int latency_measure_links(const struct topology *topology, const int *cpus,
			  unsigned workers, struct latency *links);

#endif

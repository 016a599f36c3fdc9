/* SPDX-License-Identifier: MIT */
/*
 * How far apart CPUs are: how long a cache line takes from one to another and
 * back. Of a few CPUs, every pair is read; of many, groups of neighbours, such
 * as those that share an L3 cache, and some pairs of each two groups.
 */
#ifndef BREAKEVEN_BENCH_STUDIES_LATENCY_MAP_H
#define BREAKEVEN_BENCH_STUDIES_LATENCY_MAP_H

#include "system/topology.h"

/* Round trips in ns, over several readings. */
struct latency {
	double median, least, most;
};

enum {
	LATENCY_CPUS_MAX = 16, /* more are told in groups */
	LATENCY_GROUPS_MAX = 12,
	LATENCY_PAIRS_MAX = 16, /* that are read of two groups */
	LATENCY_PASSES = 5,	/* over all pairs, since hosts of virtual
				   machines move CPUs in between */
};

/* One CPU, or CPUs that share `what`. */
struct latency_group {
	int name; /* the CPU's number, or the cache's, node's, package's */
	unsigned count;
	int *cpus; /* in `order` of the map */
};

struct latency_map {
	const char *what;  /* "L3 cache", "NUMA node", "package"; NULL: CPUs */
	unsigned count;	   /* of groups */
	unsigned left_out; /* CPUs, in packages beyond LATENCY_GROUPS_MAX */
	struct latency_group *groups;
	struct latency *cells; /* [count][count]; the same in both directions;
				  0 in place of one CPU with itself */
	/* By what lies between two CPUs, over all that were read; 0: nothing.
	 */
	struct latency by_border[BORDER_PACKAGE + 1];
	int *order; /* owned: the CPUs, by group */
};

/* Which groups `count` CPUs form; at most LATENCY_CPUS_MAX are groups of one.
 * 0 or -ENOMEM; latency_map_free() frees what the map holds, after -ENOMEM,
 * too. */
int latency_map_init(struct latency_map *map, const struct topology *topology,
		     const int *cpus, unsigned count);
void latency_map_free(struct latency_map *map);

/*
 * Read the cells, each pair of CPUs by read(arg, here, there, &ns), which
 * returns 0 or an error that ends it; progress(arg, share) is told how much is
 * done.
 */
typedef int latency_read(void *arg, int here, int there, double *ns);
typedef void latency_progress(void *arg, double share);
int latency_map_fill(struct latency_map *map, const struct topology *topology,
		     latency_read *read, latency_progress *progress, void *arg);

/* Of `count` readings, 1 or more; sorts them in place. */
struct latency latency_of(double *ns, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Where workers run: the machine's topology, placement policies, binding, and
 * reading it back. Implemented over hwloc, which only files of this folder
 * include; topology_hwloc.h has what they share.
 */
#ifndef BREAKEVEN_SYSTEM_TOPOLOGY_H
#define BREAKEVEN_SYSTEM_TOPOLOGY_H

#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum pin_policy {
	PIN_COMPACT, /* neighbours first: fill a core, then the next */
	PIN_SCATTER, /* far apart first: a free core before a second thread;
			among free cores, the package with the fewest workers,
			then the NUMA node, then each level below */
	PIN_CORE,    /* one worker per physical core, then the second threads */
	PIN_NONE,    /* no worker is bound */
};

/* NULL-terminated, indexed by enum pin_policy: "compact", ... */
extern const char *const pin_policy_names[];

struct topology; /* opaque: one hwloc topology */

/*
 * Load the topology of this machine (`name` NULL), of an hwloc XML file (its
 * path, or "-" for standard input), or of a synthetic machine ("pack:2 core:8
 * pu:2"). 0 and *out, which topology_free() frees, or a kind of error:
 * ERROR_USAGE for what `name` names, ERROR_FAILED for this machine.
 */
int topology_load(const char *name, struct topology **out, struct error *error);
void topology_free(struct topology *topology);

/* Is it that of this machine? */
bool topology_is_here(const struct topology *topology);

/* CPUs of one kind, such as performance or efficiency cores. */
struct cpu_kind {
	char name[32]; /* hwloc's CoreType, or "" */
	unsigned cpus;
};

enum { CPU_KINDS_MAX = 8 };

struct machine_shape {
	unsigned packages, numa_nodes, cores, cpus; /* on the machine */
	unsigned allowed;			    /* CPUs that we may use */
	uint64_t l1d, l2, l3;			    /* bytes of one; 0: none */
	uint64_t memory;			    /* bytes */
	char model[128];			    /* of the CPU, or "" */
	struct cpu_kind kinds[CPU_KINDS_MAX];	    /* the fastest last */
	unsigned nkinds;			    /* 0: all CPUs are alike */
};

/* "4 CPUs of IntelAtom, 8 CPUs of IntelCore"; "" if all CPUs are alike. */
enum { CPU_KINDS_TEXT = CPU_KINDS_MAX * 64 };
void topology_kinds(const struct machine_shape *shape,
		    char text[CPU_KINDS_TEXT]);

void topology_shape(const struct topology *topology,
		    struct machine_shape *shape);

/*
 * Write the OS indices of the allowed CPUs to `cpus`, at most `max`, in the
 * order of the policy: so many workers take the first so many. PIN_NONE is the
 * order of the indices. Returns how many CPUs are allowed; 0: out of memory.
 */
unsigned topology_order(const struct topology *topology, enum pin_policy policy,
			int *cpus, unsigned max);

/* Sort the CPUs that workers take, so that worker i goes to cpus[i] and
 * neighbours are near one another: hardware threads of a core, then cores of a
 * cache, and so on. Returns 0 or -ENOMEM. */
int topology_number_workers(const struct topology *topology, int *cpus,
			    unsigned workers);

/*
 * Where a CPU lies, for `breakeven plan`. Indices are hwloc's logical ones; -1:
 * the machine has no such level.
 */
struct cpu_place {
	int cpu, package, numa, l3, core, thread;
};
void topology_place(const struct topology *topology, int cpu,
		    struct cpu_place *place);

/* What lies between two CPUs; a higher one is farther. */
enum topology_border {
	BORDER_NONE, /* they share an L3 cache, or there is none */
	BORDER_L3,
	BORDER_NUMA,
	BORDER_PACKAGE,
};
enum topology_border topology_border(const struct topology *topology, int cpu,
				     int other);

/* What lies between each CPU and the one before it; borders[0] is not written.
 */
void topology_borders(const struct topology *topology, const int *cpus,
		      unsigned count, uint8_t *borders);

/*
 * Numbers of workers at which a machine changes, as they grow in PIN_CORE's
 * order: two, those that fill one L3 cache, one NUMA node, one package, all
 * cores and all hardware threads, less those that are the same. Ascending.
 * Returns how many; 0: there is one CPU only, or no memory.
 */
struct worker_step {
	unsigned workers;
	const char *reach; /* "one L3 cache" */
};

enum { WORKER_STEPS_MAX = 6 };

/* The reach of that of all cores. */
#define WORKER_STEP_CORES "all cores"

unsigned topology_steps(const struct topology *topology,
			struct worker_step steps[WORKER_STEPS_MAX]);

/*
 * Bind the calling thread to one CPU of this machine. 0; after -errno the
 * thread is bound as before. Safe in a child after fork().
 */
int topology_bind(const struct topology *topology, int cpu);

/* The same for another task, such as a child just forked. */
int topology_bind_task(const struct topology *topology, pid_t task, int cpu);

/* Let the calling thread run on every allowed CPU. 0 or -errno. */
int topology_unbind(const struct topology *topology);

/* The CPU that the calling thread is bound to; -1: several, or they cannot be
 * read. */
int topology_bound(const struct topology *topology);

#endif

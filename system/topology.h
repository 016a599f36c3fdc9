/* SPDX-License-Identifier: MIT */
/*
 * Where workers run: the machine's topology, placement policies, binding and
 * reading back. The only door to hwloc.
 */
#ifndef BREAKEVEN_SYSTEM_TOPOLOGY_H
#define BREAKEVEN_SYSTEM_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum pin_policy {
	PIN_COMPACT, /* neighbours first: fill a core, then the next */
	PIN_SCATTER, /* far apart first: a free core before a second thread, and
			among those the package, the NUMA node, then the level
			below that has the fewest workers */
	PIN_CORE,    /* one worker per physical core, then the second threads */
	PIN_NONE,    /* nobody is bound */
};

/* NULL-terminated, indexed by enum pin_policy: "compact", ... */
extern const char *const pin_policy_names[];

struct topology; /* opaque: one hwloc topology */

/*
 * Load the topology of this machine (name NULL), of an hwloc XML file (name is
 * "-", for standard input, or that of a file) or a synthetic one ("pack:2
 * core:8 pu:2"). 0 and *out, which topology_free() frees, or -errno with
 * `error` filled.
 */
int topology_load(const char *name, struct topology **out, char *error,
		  size_t error_size);
void topology_free(struct topology *topology);

/* CPUs that are alike, as performance and efficiency cores each are. */
struct cpu_kind {
	char name[32]; /* as the machine calls it, or "" */
	unsigned cpus;
};

enum { CPU_KINDS_MAX = 8 };

struct machine_shape {
	unsigned packages, numa_nodes, cores, cpus; /* on the machine */
	unsigned allowed;			    /* CPUs we may use */
	uint64_t l1d, l2, l3;			    /* bytes of one, 0: none */
	uint64_t memory;			    /* bytes */
	char model[128];			    /* of the CPU, or "" */
	struct cpu_kind kinds[CPU_KINDS_MAX];	    /* the fastest last */
	unsigned nkinds;			    /* 0: all CPUs are alike */
};

/* "4 CPUs of IntelAtom, 8 CPUs of IntelCore"; "" where all are alike. */
enum { CPU_KINDS_TEXT = CPU_KINDS_MAX * 64 };
void topology_kinds(const struct machine_shape *shape,
		    char text[CPU_KINDS_TEXT]);

void topology_shape(const struct topology *topology,
		    struct machine_shape *shape);

/*
 * The allowed CPUs in the order of the policy, as OS indices: worker i goes to
 * cpus[i]. Writes at most `max`, returns how many CPUs are allowed. PIN_NONE
 * gives the order of the OS indices.
 */
unsigned topology_order(const struct topology *topology, enum pin_policy policy,
			int *cpus, unsigned max);

/*
 * What one placed CPU is: for `breakeven plan`. Indices are logical ones of
 * hwloc; -1 where the machine has no such level.
 */
struct cpu_place {
	int cpu, package, numa, core, thread;
};
void topology_place(const struct topology *topology, int cpu,
		    struct cpu_place *place);

/*
 * Bind the calling thread to one CPU of this machine. 0 or -errno, and then
 * the thread is bound as before. Safe in a child after fork().
 */
int topology_bind(const struct topology *topology, int cpu);

/* Bind another task of ours, as a child just forked, in the same way. */
int topology_bind_task(const struct topology *topology, pid_t task, int cpu);

/* Let the calling thread run on every CPU that we may use. */
int topology_unbind(const struct topology *topology);

/* The one CPU that the calling thread is bound to; -1 when there are several
 * or they cannot be read. */
int topology_bound(const struct topology *topology);

#endif
